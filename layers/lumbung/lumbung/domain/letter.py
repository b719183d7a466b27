"""A notice as its reader gets it, and the ways by which it reaches them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from lumbung.domain.people import Person


@dataclass(frozen=True, slots=True)
class Letter:
    """One text in both its forms: whole, and as a template's name with the values of its numbered parameters.

    `tags` name the notice to a provider, so that its delivery reports can be told apart: ids and words only.
    """

    template: str
    parameters: tuple[str, ...]
    subject: str
    body: str
    tags: Mapping[str, str]


class Channel(Protocol):
    """A way to reach people.

    `send` returns the provider's own id where it says nothing about the person. It raises Undeliverable when this
    channel will never reach the address, InDoubt when nobody knows whether it was sent, and ProviderUnavailable
    when it was surely not.
    """

    name: str

    def address_of(self, person: Person) -> str | None: ...
    def send(self, address: str, letter: Letter) -> str | None: ...

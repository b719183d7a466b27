"""A provider has told us something: keep it, for good, and only once."""

from typing import Protocol

from lumbung.domain.provider_event import ProviderEvent


class Events(Protocol):
    def store(self, event: ProviderEvent) -> bool: ...


def receive_notification(event: ProviderEvent, *, events: Events) -> str:
    """Return `stored`, or `duplicate` when it was told before. What it means is asked of the provider later."""
    return "stored" if events.store(event) else "duplicate"

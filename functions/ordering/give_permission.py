"""A member allows a use of their data, or forbids it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lumbung.domain.once import Once
from lumbung.domain.permission import Permission, say
from ordering.ports import Decide, Memory, Write


class Permissions(Protocol):
    def said(self, member_id: str) -> list[Permission]: ...
    def say(self, member_id: str, permission: Permission) -> Sequence[Write]: ...


def give_permission(
    ids: Sequence[str], purpose: str, *, granted: bool, text_version: str, at: datetime, once: Once,
    remember: Memory, decide: Decide, permissions: Permissions,
) -> None:  # fmt: skip
    """Note it under every id of one human, so that it holds however they were ordered for. NotFound, Invalid."""

    def step() -> tuple[None, Sequence[Write]]:
        writes = [remember(once, purpose)]
        for id_ in ids:
            number = sum(said.purpose == purpose for said in permissions.said(id_))
            said = say(purpose, granted=granted, text_version=text_version, at=at, number=number)
            writes += permissions.say(id_, said)
        return None, writes

    decide(step, once)

"""Somebody says why a line of a statement is as it is, and where its money belongs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lumbung.domain import ids, ledger
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.ledger import Transfer
from lumbung.domain.once import Once
from lumbung.domain.statement import BANKS, Entry
from payments.ports import Decide, Memory, Post, Write


class Statements(Protocol):
    def line(self, line_id: str) -> Entry: ...
    def resolve(self, entry: Entry) -> Write: ...


def resolve_line(
    line_id: str,
    reason: str,
    account: str | None,
    *,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    decide: Decide,
    statements: Statements,
    post: Post,
) -> Entry:
    """Take the line off the worklist; with *account* a bank's line is booked against it. InvalidState, Invalid."""

    def step() -> tuple[Entry, Sequence[Write]]:
        entry = statements.line(line_id)
        resolved = entry.resolve(reason, by=by, at=at)
        writes = [remember(once, line_id), statements.resolve(resolved)]
        if account:
            writes.append(post(_booked(entry, account, at)))
        return resolved, writes

    return decide(step, once)


def _booked(entry: Entry, account: str, at: datetime) -> Transfer:
    if entry.source not in BANKS or not entry.line.amount:
        raise Invalid("Hanya baris rekening bank yang dapat dibukukan.", [Fault("/account", "tidak berlaku")])
    came_in = entry.line.amount > 0
    return Transfer(
        id=ids.within(entry.id, "trf_", "resolved"),
        debit=ledger.BANK if came_in else account,
        credit=account if came_in else ledger.BANK,
        amount=abs(entry.line.amount),
        at=at,
        reason="Baris rekening koran",
        reference=entry.line.reference or None,
    )

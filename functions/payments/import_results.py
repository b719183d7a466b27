"""A treasurer answers what was deducted: applied line by line, so that a line that is wrong stops only itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.deduction import Deduction
from lumbung.domain.errors import InvalidState, Stale
from payments.ports import Settle
from payments.treasurer_list import Answered, Rejected

TRIES = 8


class Deductions(Protocol):
    def find(self, payment_id: str) -> Deduction | None: ...
    def apply(self, before: Deduction, after: Deduction) -> None: ...


@dataclass(frozen=True, slots=True)
class Applied:
    """`outcome`: full, partial, none or too_much; the same again when it is imported again."""

    number: int
    payment_id: str
    outcome: str


def import_results(
    batch_id: str, lines: Iterable[Answered], *, at: datetime, deductions: Deductions, settle: Settle
) -> tuple[list[Applied], list[Rejected]]:
    """Book what was deducted; repeated it changes nothing, and ends what a crash has left half done.

    deducted            the payment       the order
    all that was asked  settled           paid
    a part              settled           owes the rest, by any way of paying
    nothing             failed            owes all of it
    more                in suspense       owes all of it; an incident
    """
    applied, rejected = list[Applied](), list[Rejected]()
    for line in lines:
        try:
            applied.append(_apply(batch_id, line, at, deductions, settle))
        except InvalidState as refused:
            rejected.append(Rejected(line.number, refused.detail))
    return applied, rejected


def _apply(batch_id: str, line: Answered, at: datetime, deductions: Deductions, settle: Settle) -> Applied:
    for _ in range(TRIES):
        found = deductions.find(line.payment_id)
        if found is None or found.batch_id != batch_id:
            raise InvalidState(f"{line.payment_id} tidak ada dalam daftar ini.")
        answered = found.apply(line.deducted, at=at)
        try:
            if answered != found:
                deductions.apply(found, answered)
        except Stale:
            continue  # stopped or answered meanwhile: look again
        settle(line.payment_id, answered.state())
        return Applied(line.number, line.payment_id, answered.outcome)
    raise Stale("the deduction does not hold still")

"""A bank asks what a virtual account owes, and tells that it was paid: answered from the bill, once for ever."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from lumbung.domain.bill import ACCEPTED, UNKNOWN, Bill, Flag
from lumbung.domain.errors import AlreadyDone, Conflict, ProviderUnavailable, Stale
from lumbung.domain.provider_event import ProviderEvent

TRIES = 4


class Bills(Protocol):
    def find(self, number: str) -> Bill | None: ...
    def told(self, flag_id: str) -> Flag | None: ...
    def pay(self, bill: Bill, flag: Flag, event: ProviderEvent) -> None: ...
    def refuse(self, flag: Flag, *, at: datetime) -> None: ...


class ToldOtherwise(Conflict):
    """The bank has told something else under this id."""


def answer_inquiry(number: str, *, at: datetime, bills: Bills) -> tuple[str, Bill | None]:
    """Return what the bank is answered about an account, and its bill."""
    bill = bills.find(number)
    return (bill.verdict(at, paid=None), bill) if bill else (UNKNOWN, None)


def take_bank_payment(
    number: str,
    paid: int,
    paid_at: datetime,
    *,
    flag_id: str,
    event: Callable[[Bill], ProviderEvent],
    at: datetime,
    bills: Bills,
) -> tuple[str, bool]:
    """Return what the bank is answered, and whether it was answered so before; ToldOtherwise.

    The first answer to *flag_id* is written with what it promises: the bill is paid, and *event* will have it
    booked. Of two payments of one bill, one is accepted; the bank gives the other back by itself.
    """
    what = f"{number}#{paid}"
    for _ in range(TRIES):
        if told := bills.told(flag_id):
            if told.what != what:
                raise ToldOtherwise(flag_id)
            return told.verdict, True
        bill = bills.find(number)
        verdict = bill.verdict(at, paid=paid) if bill else UNKNOWN
        flag = Flag(flag_id, what, verdict)
        try:
            if bill and verdict == ACCEPTED:
                bills.pay(bill.pay(min(paid_at, at)), flag, event(bill))
            else:
                bills.refuse(flag, at=at)
        except (AlreadyDone, Stale):
            continue  # told twice at once, or paid or closed meanwhile: look again
        return verdict, False
    raise ProviderUnavailable("the bill does not hold still")

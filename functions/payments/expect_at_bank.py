"""What of ours the bank's statement may be about: what is booked there, and virtual accounts that pay into it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Protocol

from lumbung.domain import ledger
from lumbung.domain.ledger import Transfer
from lumbung.domain.payment import VIRTUAL_ACCOUNT, Payment
from lumbung.domain.statement import PROVIDERS, Expected

SHORTEST_MARK = 5  # characters: a shorter reference stands in too many lines


class Ledger(Protocol):
    def between(self, account: str, since: datetime, until: datetime) -> Iterator[Transfer]: ...


class Statements(Protocol):
    def taken(self, transfer_ids: Iterable[str]) -> set[str]: ...


def expect_booked(
    since: datetime,
    until: datetime,
    *,
    ledger_: Ledger,
    statements: Statements,
    names: Callable[[str], tuple[str, ...]],
) -> list[Expected]:
    """Return what is booked on the bank's account and no line was about yet; *names* of who an account belongs to."""
    booked = list(ledger_.between(ledger.BANK, since, until))
    taken = statements.taken(transfer.id for transfer in booked)
    return [_expected(transfer, names) for transfer in booked if transfer.id not in taken]


def expect_virtual_accounts(payments: Iterable[Payment], accounts: Collection[str]) -> Iterator[Expected]:
    """Yield payments by one of the virtual *accounts* whose money comes to our own bank, not through a provider."""
    for payment in payments:
        number = payment.instructions.get("va_number")
        if payment.provider in PROVIDERS or payment.method != VIRTUAL_ACCOUNT or not payment.held:
            continue
        if number and number in accounts:
            paid_at = payment.settled_at or payment.created_at
            yield Expected(payment.id, payment.held, paid_at, marks=(number,), account=ledger.gateway(payment.provider))


def _expected(transfer: Transfer, names: Callable[[str], tuple[str, ...]]) -> Expected:
    came_in = transfer.debit == ledger.BANK
    mark = transfer.reference or ""
    return Expected(
        transfer.id,
        transfer.amount if came_in else -transfer.amount,
        transfer.at,
        marks=(mark,) if len(mark) >= SHORTEST_MARK else (),
        names=names(transfer.credit if came_in else transfer.debit),
    )

"""What a line of a statement is: a provider's names our payment, a bank's has to be recognised."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lumbung.domain import ids, ledger
from lumbung.domain.ledger import Transfer
from lumbung.domain.payment import Payment
from lumbung.domain.statement import NEAR, Expected, Line, Match, explain_payment, match
from payments.ports import Post, Write

EDGE = timedelta(days=1)  # a provider's day need not be ours: what is near a file's ends may be in the next file
PAYERS = {"midtrans": "midtrans", "veritrans": "midtrans", "xendit": "xendit"}  # as banks call them


class Payments(Protocol):
    def find(self, payment_id: str) -> Payment | None: ...


class Ledger(Protocol):
    def between(self, account: str, since: datetime, until: datetime) -> Iterator[Transfer]: ...


@dataclass(slots=True)
class Explained:
    """What a line is, what is booked with it, and the transfer that no other line may be about."""

    match: Match
    writes: Sequence[Write] = ()
    taken: str | None = None


class OfProvider:
    """Explains the lines of a payment provider, and books its fees."""

    def __init__(self, source: str, *, payments: Payments, ledger_: Ledger, post: Post) -> None:
        self._source, self._payments, self._ledger, self._post = source, payments, ledger_, post
        self._orders: set[str] = set()

    def __call__(self, line_id: str, line: Line) -> Explained:
        payment = self._paid(line)
        found = explain_payment(line, self._source, payment)
        if payment is None or payment.provider != self._source:
            return Explained(found)
        return Explained(found, [self._post(_fee(payment, line))] if line.fee else [])

    def pass_over(self, line: Line) -> None:
        """Note that the file holds a line which was explained before."""
        self._paid(line)

    def left_over(self, lines: Sequence[Line]) -> Iterator[tuple[Transfer, str]]:
        """Yield what the ledger took in through the provider in the file's time and the file does not hold."""
        if not lines:
            return
        since, until = min(line.at for line in lines) + EDGE, max(line.at for line in lines) - EDGE
        account = ledger.gateway(self._source)
        for transfer in self._ledger.between(account, since, until) if since < until else ():
            came_in = transfer.debit == account and transfer.credit != ledger.REFUND_PAYABLE
            if came_in and transfer.order_id and transfer.order_id not in self._orders:
                yield transfer, "not_in_statement"

    def _paid(self, line: Line) -> Payment | None:
        payment = self._payments.find(line.reference) if line.reference else None
        if payment and payment.provider == self._source:
            self._orders.add(payment.order_id)
        return payment


class OfBank:
    """Explains the lines of the bank: what is booked there already, what providers paid out, virtual accounts."""

    def __init__(self, expected: Iterable[Expected], *, post: Post) -> None:
        self._expected, self._post = list(expected), post

    def __call__(self, line_id: str, line: Line) -> Explained:
        payer = next((p for word, p in PAYERS.items() if word in f"{line.reference} {line.text}".casefold()), None)
        if payer and line.amount > 0:
            paid = _banked(ids.within(line_id, "trf_", "paid_out"), ledger.gateway(payer), line)
            return Explained(Match(Expected(paid.id, line.amount, line.at)), [self._post(paid)], paid.id)
        matched = match(line, self._expected)
        if matched.found is None:
            return Explained(matched)
        self._expected.remove(matched.found)
        if matched.found.account is None:
            return Explained(matched, taken=matched.found.id)
        banked = _banked(ids.within(matched.found.id, "trf_", "banked"), matched.found.account, line)
        return Explained(matched, [self._post(banked)], banked.id)

    def pass_over(self, line: Line) -> None:
        """What a line was found to be about is not among what is expected."""

    def left_over(self, lines: Sequence[Line]) -> Iterator[tuple[Transfer, str]]:
        """What the bank has not booked yet comes with its next statement."""
        yield from ()


def span(lines: Sequence[Line]) -> tuple[datetime, datetime]:
    """Return between when something of ours may lie that *lines* (not none) are about."""
    return min(line.at for line in lines) - NEAR, max(line.at for line in lines) + NEAR


def _fee(payment: Payment, line: Line) -> Transfer:
    return Transfer(
        id=ids.within(payment.id, "trf_", "fee", line.what),
        debit=ledger.PROVIDER_FEES,
        credit=ledger.gateway(payment.provider),
        amount=line.fee,
        at=line.at,
        reason="Biaya penyedia pembayaran",
        wave_id=payment.wave_id,
    )


def _banked(id_: str, account: str, line: Line) -> Transfer:
    return Transfer(
        id_, ledger.BANK, account, line.amount, line.at, "Diterima di bank", reference=line.reference or None
    )

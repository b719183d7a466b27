"""Hold orders, payments, ledger, cash and settlements against each other: now for a wave, nightly for all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from lumbung.domain import ledger
from lumbung.domain.cash import Remittance, Till
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.incident import Incident
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.payment import CASH, Payment
from lumbung.domain.provider_event import ProviderEvent
from lumbung.domain.reconciliation import (
    Balances,
    Finding,
    Result,
    check_accounts,
    check_order,
    check_payments,
    check_receipts,
    check_settlement,
    check_till,
    check_unearned,
    recount,
    with_treasurers,
)
from lumbung.domain.refund import Refund
from lumbung.domain.settlement import Settlement
from lumbung.domain.wave import Wave
from payments.ports import Provider

INCIDENTS = 100  # as many of the newest as are listed as open


class Orders(Protocol):
    def of_dropoff(self, wave_id: str, dropoff_id: str, *, page_size: int | None = None) -> Iterator[Order]: ...


class Payments(Protocol):
    def of_wave(self, wave_id: str) -> Iterator[Payment]: ...


class Refunds(Protocol):
    def refunds_of(self, order_id: str) -> Iterable[Refund]: ...


class Ledger(Protocol):
    def of(self, account: str) -> Iterator[Transfer]: ...


class Settlements(Protocol):
    def find(self, wave_id: str, cooperative_id: str) -> Settlement | None: ...


class Tills(Protocol):
    def get(self, dropoff_id: str) -> Till: ...


class Remittances(Protocol):
    def of_dropoff(self, dropoff_id: str) -> Iterator[Remittance]: ...


class Events(Protocol):
    def page_of_parked(self, *, limit: int, start: Any) -> tuple[list[ProviderEvent], Any]: ...


class Incidents(Protocol):
    def newest(self, *, wave_id: str | None, at_most: int) -> Iterator[Incident]: ...


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that is held against each other."""

    orders: Orders
    payments: Payments
    refunds: Refunds
    ledger: Ledger
    settlements: Settlements
    tills: Tills
    remittances: Remittances
    events: Events
    incidents: Incidents


def reconcile_wave(wave: Wave, books: Books) -> Result:
    """Return what differs in *wave*. What differs only at one of two looks was still being written."""
    first = _look(wave, books)
    if first.ok:
        return first
    second = _look(wave, books)
    return Result(tuple(f for f in second.findings if f in first.findings), second.open_items)


def check_ledger(balances: Balances, transfers: Iterable[Transfer]) -> Result:
    """Hold the projected *balances* against all *transfers*, recounted."""
    counted = recount(transfers)
    return Result(tuple(check_accounts(balances, counted)), tuple(with_treasurers(counted)))


def check_provider(payments: Iterable[Payment], provider: Provider, *, now: datetime, at_most: int) -> Result:
    """Ask the providers about at most *at_most* payments, and find those of which they know better."""
    findings: list[Finding] = []
    silent: dict[str, Finding] = {}
    at_provider = (payment for payment in payments if payment.provider != CASH and payment.confirmed)
    for payment in islice(at_provider, at_most):
        if payment.provider in silent:
            continue
        try:
            state = provider.status(payment)
        except ProviderUnavailable:
            unasked = Finding("provider", payment.provider, "tidak menjawab; sisanya belum diperiksa")
            silent[payment.provider] = unasked
            continue
        if state is None:
            findings += [Finding("provider", payment.id, "tidak dikenal penyedia")] if payment.held else []
        elif payment.learn(state, at=now)[1]:
            detail = f"penyedia: {state.status}, Rp {state.amount}; tercatat: {payment.status}, Rp {payment.held}"
            findings.append(Finding("provider", payment.id, detail))
    return Result(tuple(findings), tuple(silent.values()))


def _look(wave: Wave, books: Books) -> Result:
    orders = [o for dropoff_id in wave.dropoff_ids for o in books.orders.of_dropoff(wave.id, dropoff_id)]
    payments = list(books.payments.of_wave(wave.id))
    unearned = list(books.ledger.of(ledger.unearned(wave.id)))
    findings = check_unearned(wave.id, orders, unearned, completed=wave.status == "completed")
    findings += _check_orders(wave, orders, payments, unearned, books)
    for cooperative_id in wave.cooperative_ids:
        settlement = books.settlements.find(wave.id, cooperative_id)
        account = books.ledger.of(ledger.cooperative(cooperative_id))
        findings += check_settlement(wave.id, cooperative_id, settlement, account)
    open_items = _under_way(wave, payments, books)
    for dropoff_id in wave.dropoff_ids:
        transfers = list(books.ledger.of(ledger.pic(dropoff_id)))
        slips = list(books.remittances.of_dropoff(dropoff_id))
        findings += check_till(books.tills.get(dropoff_id), transfers, slips)
        findings += check_receipts(dropoff_id, payments, transfers)
        open_items += [
            Finding("remittance", slip.id, f"Setoran Rp {slip.amount} belum diterima.")
            for slip in slips
            if slip.status == "pending"
        ]
    refunds = (refund for order in orders if order.refund_decided for refund in books.refunds.refunds_of(order.id))
    open_items += [
        Finding("refund", refund.id, f"Rp {refund.amount} berstatus {refund.status}.")
        for refund in refunds
        if refund.owed
    ]
    return Result(tuple(findings), tuple(open_items))


def _check_orders(
    wave: Wave, orders: list[Order], payments: list[Payment], unearned: list[Transfer], books: Books
) -> list[Finding]:
    by_order = _by(unearned, lambda transfer: transfer.order_id)
    paid_with = _by(payments, lambda payment: payment.order_id)
    written_off = _by(books.ledger.of(ledger.WRITE_OFF), lambda transfer: transfer.order_id)
    findings: list[Finding] = []
    for order in orders:
        transfers = [*by_order[order.id], *written_off[order.id]]
        refunds = list(books.refunds.refunds_of(order.id)) if order.refund_decided else []
        found = check_order(order, transfers, refunds)
        if found:  # paid twice, perhaps: that money went another way
            credit = books.ledger.of(ledger.member_credit(order.member_id))
            found = check_order(order, [*transfers, *(t for t in credit if t.order_id == order.id)], refunds)
        findings += found + check_payments(order, paid_with[order.id], refunds)
    return findings


def _under_way(wave: Wave, payments: list[Payment], books: Books) -> list[Finding]:
    suspended = [
        Finding("suspense", payment.id, f"Rp {payment.held} belum dapat dicocokkan.")
        for payment in payments
        if payment.suspended and payment.held and payment.method != CASH
    ]
    parked, _ = books.events.page_of_parked(limit=100, start=None)
    events = [Finding("event", event.payment_id, f"{event.provider}: {event.reason}") for event in parked]
    incidents = [
        Finding(incident.kind, incident.subject, incident.detail)
        for incident in books.incidents.newest(wave_id=wave.id, at_most=INCIDENTS)
    ]
    return [*suspended, *events, *incidents]


def _by(things: Iterable[Any], key: Callable[[Any], str | None]) -> Mapping[str | None, list[Any]]:
    sorted_ = defaultdict(list)
    for thing in things:
        sorted_[key(thing)].append(thing)
    return sorted_

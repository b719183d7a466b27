"""The invariants of payments, held over what is stored and what providers have. Nothing means that they hold.

4  money is applied exactly once      `accounts`, `providers`
5  no money is dropped                `promises`, `suspense`, `given`
6  a person in charge owes what they hold      `tills`, `slips`

Beside them the product's own reconciliation must find nothing: it reads through indexes, these read the tables.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lumbung.domain.ledger import Transfer
from lumbung.domain.payment import Payment
from lumbung.domain.reconciliation import recount
from lumbung.domain.refund import Refund
from lumbung.domain.wave import Wave
from lumbung.runtime import deps_payments
from lumbung.store import ledger, payments, refunds
from lumbung.store.table import Item
from payments.reconcile import Books, reconcile_wave
from tests.faults import invariants
from tests.integration.payments_world import Truth, net

Broken = Iterator[str]
ENDED = ("expired", "failed", "cancelled")


@dataclass(frozen=True)
class Ledger:
    """Everything that is stored about money, read from its table, and what providers have."""

    payments: Mapping[str, Payment]
    refunds: Mapping[str, Refund]
    transfers: Sequence[Transfer]
    truths: Mapping[str, Truth]
    items: Sequence[Item]

    def of(self, prefix: str) -> Iterator[tuple[str, Item]]:
        """Yield ids and items of one kind of key, without what lies beneath them."""
        for item in self.items:
            kind, _, id_ = item["pk"].partition("#")
            if item["sk"] == kind == prefix:
                yield id_, item

    def balance(self, account: str) -> int:
        """Return debits less credits, from the transfers."""
        return sum(t.amount * ((t.debit == account) - (t.credit == account)) for t in self.transfers)

    def paid_by_members(self, account: str) -> int:
        """Return an account's balance without fees, and without what was paid out to the bank."""
        own = [t for t in self.transfers if not {"bank", "provider_fees"} & {t.debit, t.credit}]
        return replace(self, transfers=own).balance(account)


def read(items: Sequence[Item], truths: Mapping[str, Truth]) -> Ledger:
    paid = [payments.from_item(item) for item in items if item.get("kind") == "PAYMENT"]
    given_back = [refunds.from_item(item) for item in items if item.get("kind") == "REFUND"]
    return Ledger(
        payments={payment.id: payment for payment in paid},
        refunds={refund.id: refund for refund in given_back},
        transfers=[ledger.from_item(item) for item in items if item.get("kind") == "TRANSFER"],
        truths=truths,
        items=items,
    )


def broken(books: Ledger, orders: invariants.Books, wave: Wave, promised: Iterable[str]) -> list[str]:
    """Return everything that does not hold, in words. *promised*: ids that somebody was answered with."""
    found = reconcile_wave(wave, Books(**deps_payments.books())).findings
    return [
        *accounts(books),
        *providers(books),
        *promises(books),
        *suspense(books),
        *given(books, promised),
        *tills(books),
        *slips(books),
        *(f"reconciliation: {finding}" for finding in found),
    ]


def accounts(books: Ledger) -> Broken:
    """4: what accounts are said to hold is the sum of the transfers."""
    counted = recount(books.transfers)
    projected = {name: (item.get("debits", 0), item.get("credits", 0)) for name, item in books.of("ACCOUNT")}
    if projected != dict(counted):
        yield f"4: accounts say {projected}, transfers {dict(counted)}"


def providers(books: Ledger) -> Broken:
    """4: each payment holds what its provider has, and their sum is the ledger's account."""
    there: Counter[str] = Counter()
    for truth in books.truths.values():
        payment = books.payments.get(truth.payment.id)
        if payment is None:
            yield f"5: {truth.payment.id} can be paid at {truth.payment.provider}, and is not known here"
            continue
        there[payment.provider] += net(truth)
        if payment.held != net(truth):
            yield f"4: {payment.id} holds {payment.held}, {payment.provider} {net(truth)}"
    for number, bill in books.of("BILL"):
        there["snap"] += bill["amount"] if bill["status"] == "paid" else 0
        if books.payments[bill["payment"]].held != (bill["amount"] if bill["status"] == "paid" else 0):
            yield f"4: bill {number} is {bill['status']}, its payment {books.payments[bill['payment']]}"
    for payment_id, deduction in books.of("DEDUCTION"):
        if books.payments[payment_id].held != deduction.get("deducted", 0):
            yield f"4: {deduction.get('deducted')} were deducted for {books.payments[payment_id]}"
    for provider in ("midtrans", "xendit", "snap"):
        if (booked := books.paid_by_members(f"gateway:{provider}")) != there[provider]:
            yield f"4: gateway:{provider} is {booked}, it has {there[provider]}"


def promises(books: Ledger) -> Broken:
    """5: what is promised back is what refunds are owed."""
    owed = sum(refund.amount for refund in books.refunds.values() if refund.owed)
    if -books.balance("refund_payable") != owed:
        yield f"5: refund_payable is {books.balance('refund_payable')}, owed are {owed}"


def suspense(books: Ledger) -> Broken:
    """5: what could not be matched is held."""
    held = sum(payment.held for payment in books.payments.values() if payment.suspended)
    if -books.balance("suspense") != held:
        yield f"5: suspense is {books.balance('suspense')}, held are {held}"


def given(books: Ledger, promised: Iterable[str]) -> Broken:
    """5: what was answered with 201 is there."""
    there = {item["pk"].partition("#")[2] for item in books.items}
    for id_ in promised:
        if id_ not in there:
            yield f"5: {id_} was answered, and is not there"


def tills(books: Ledger) -> Broken:
    """6: on hand is what was collected less what was counted; what is announced is there; the limit holds."""
    for dropoff, till in books.of("TILL"):
        if till.get("held", 0) != books.balance(f"pic:{dropoff}"):
            yield f"6: {dropoff} holds {till}, the ledger says {books.balance(f'pic:{dropoff}')}"
        if not 0 <= till.get("announced", 0) <= till.get("held", 0):
            yield f"6: {dropoff} announces more than it holds: {till}"


def slips(books: Ledger) -> Broken:
    """6: nobody counts or confirms what they have handed over themselves."""
    for slip_id, slip in books.of("REMITTANCE"):
        if slip.get("accepted_by") == slip["handed_by"]:
            yield f"6: {slip_id} was accepted by who handed it over"
    for refund in books.refunds.values():
        by_hand = refund.status == "done" and refund.channel in ("cash", "transfer")
        if by_hand and refund.request and refund.request.by == refund.steps[-1].by:
            yield f"6: {refund.id} was confirmed by who paid it"


# -- what may differ between two runs that did the same


def end_state(ordering: dict[str, Any], books: Ledger) -> dict[str, Any]:
    """Leave out moments, versions, ids of attempts and what follows from them, and attempts that came to nothing.

    Which of the providers that serve one way of paying has an attempt depends on which of them answered.
    """
    return ordering | {
        "transfers": sorted((t.debit, t.credit, t.amount, t.order_id or "") for t in books.transfers),
        "refunds": sorted(
            (r.order_id, r.amount, r.reason, r.liable, r.status, r.channel or "", r.borne, r.withdrawn)
            for r in books.refunds.values()
        ),
        "payments": sorted(
            (p.order_id, p.method, p.amount, p.status, p.received, sum(p.returned.values()), p.suspended)
            for p in books.payments.values()
            if p.received or p.status not in ENDED
        ),
        "at providers": sorted(
            (t.payment.order_id, t.payment.method, t.amount, t.status, sum(t.refunds.values()))
            for t in books.truths.values()
            if net(t) or t.refunds or books.payments[t.payment.id].status == "pending"
        ),
        "tills": _said(books, "TILL", "collected", "remitted", "announced", "free"),
        "slips": _said(books, "REMITTANCE", "amount", "counted", "status", "accepted_by"),
        "settlements": _said(books, "SETTLEMENT", "received", "consignments", "paid", "carried_in", "carried_out"),
        "payouts": _said(books, "PAYOUT", "amount", "reference"),
        "incidents": sorted((item["about"], item["detail"]) for _, item in books.of("INCIDENT")),
        "bills": sorted(item["status"] for _, item in books.of("BILL") if item["status"] != "closed"),
        "deductions": sorted(
            (item["order"], item["status"], item.get("deducted", 0))
            for _, item in books.of("DEDUCTION")
            if item["status"] != "ended"
        ),
        "statements": _said(books, "STATEMENT", "status", "counts"),
        "lines": _said(books, "LINE", "status", "reason", "resolved_by"),
        "events": sorted({(item["said"], item["status"]) for _, item in books.of("EVENT")}),
    }


def _said(books: Ledger, kind: str, *names: str) -> list[str]:
    return sorted(f"{id_}: {[item.get(name) for name in names]}" for id_, item in books.of(kind))

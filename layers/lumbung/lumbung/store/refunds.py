"""Refunds as items of the payments table, and the two writes with which one is decided."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from lumbung.domain import ids, ledger
from lumbung.domain.ledger import Transfer
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.order import Order
from lumbung.domain.refund import Refund, Step
from lumbung.store import keys
from lumbung.store.ledger import post
from lumbung.store.table import Item, Put, Write


def decide(
    table: str, order: Order, amount: int, *, cause: str, reason: str, liable: str, at: datetime, by: str
) -> tuple[Refund, Order, list[Write]]:
    """Return the refund, the order that promises it, and the writes to commit together with that order.

    *cause* makes the refund's id: the same cause on the same order is one refund, however often it is tried.
    """
    refund = Refund(ids.within(order.id, "ref_", cause), order.id, order.wave_id, amount, reason, liable, at, by)
    transfer = Transfer(
        id=ids.within(refund.id, "trf_", "decided"),
        debit=ledger.unearned(order.wave_id),
        credit=ledger.REFUND_PAYABLE,
        amount=amount,
        at=at,
        reason=reason,
        wave_id=order.wave_id,
        order_id=order.id,
    )
    return refund, order.decide_refund(amount, at=at, by=by), [add(table, refund), post(table, transfer)]


class Refunds:
    """`decide`, for those who need not know the table."""

    def __init__(self, table: str) -> None:
        self._table = table

    def decide(
        self, order: Order, amount: int, *, cause: str, reason: str, liable: str, at: datetime, by: str
    ) -> tuple[Refund, Order, list[Write]]:
        return decide(self._table, order, amount, cause=cause, reason=reason, liable=liable, at=at, by=by)


def add(table: str, refund: Refund) -> Put:
    return Put(table, to_item(refund), when="attribute_not_exists(pk)")


def save(table: str, refund: Refund) -> Put:
    """Return the write of a changed *refund*; Stale when somebody else changed it first."""
    after = replace(refund, version=refund.version + 1)
    return Put(table, to_item(after), when="version = :was", values={":was": refund.version})


def to_item(refund: Refund) -> Item:
    item = {
        **keys.refund(refund.id),
        "kind": "REFUND",
        "order_key": refund.order_id,
        "wave": refund.wave_id,
        "amount": refund.amount,
        "reason": refund.reason,
        "liable": refund.liable,
        "decided_at": to_ms(refund.decided_at),
        "by": refund.decided_by,
        "status": refund.status,
        "steps": [_step_to_item(step) for step in refund.steps] or None,
        "bearer": refund.bearer,
        "borne": refund.borne or None,
        "withdrawn": refund.withdrawn or None,
        "version": refund.version,
        "list_key": "REFUND",
        "list_sort": f"{to_ms(refund.decided_at)}#{refund.id}",
    }
    if refund.owed:
        item |= {"due_key": keys.due_bucket(refund.id, keys.PAYMENTS_DUE), "due": to_ms(refund.decided_at)}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Refund:
    return Refund(
        id=item["pk"].partition("#")[2],
        order_id=item["order_key"],
        wave_id=item["wave"],
        amount=item["amount"],
        reason=item["reason"],
        liable=item["liable"],
        decided_at=from_ms(item["decided_at"]),
        decided_by=item["by"],
        status=item["status"],
        steps=tuple(_step_from_item(step) for step in item.get("steps", ())),
        bearer=item.get("bearer"),
        borne=item.get("borne", 0),
        withdrawn=item.get("withdrawn", False),
        version=item["version"],
    )


def _step_to_item(step: Step) -> list[str | int | None]:
    return [step.what, to_ms(step.at), step.by, step.channel, step.reference, step.reason]


def _step_from_item(item: list[Any]) -> Step:
    what, at, *rest = item
    return Step(what, from_ms(at), *rest)

"""Transfers as items of the payments table. There is a write for posting one, and none for changing one."""

from lumbung.domain.errors import AlreadyDone
from lumbung.domain.ledger import Transfer
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Item, Put


def post(table: str, transfer: Transfer) -> Put:
    """Return the write that books *transfer*; AlreadyDone when its cause was booked before."""
    if transfer.amount <= 0:
        raise ValueError(f"a transfer moves a positive amount, not {transfer.amount}")
    return Put(
        table,
        _to_item(transfer),
        when="attribute_not_exists(pk)",
        otherwise=AlreadyDone(transfer.id, request_hash=""),
    )


def _to_item(transfer: Transfer) -> Item:
    item = {
        **keys.transfer(transfer.id),
        "kind": "TRANSFER",
        "debit_key": transfer.debit,
        "credit_key": transfer.credit,
        "amount": transfer.amount,
        "at": to_ms(transfer.at),
        "reason": transfer.reason,
        "wave": transfer.wave_id,
        "order": transfer.order_id,
    }
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Transfer:
    return Transfer(
        id=item["pk"].partition("#")[2],
        debit=item["debit_key"],
        credit=item["credit_key"],
        amount=item["amount"],
        at=from_ms(item["at"]),
        reason=item["reason"],
        wave_id=item.get("wave"),
        order_id=item.get("order"),
    )

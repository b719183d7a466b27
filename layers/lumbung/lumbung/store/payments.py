"""Payments, and which attempt of an order is the one that counts."""

from collections.abc import Iterator
from datetime import datetime

from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.payment import Payment
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update, Write

KIND = "PAYMENT"


class Payments:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    # -- writes

    def add(self, payment: Payment, *, look_at: datetime | None = None) -> Put:
        return Put(self._table, to_item(payment, look_at), when="attribute_not_exists(pk)")

    def save(self, payment: Payment, *, look_at: datetime | None = None) -> Put:
        """Return the write of a changed payment; Stale when somebody else changed it first.

        *look_at*: when the schedule asks the provider about it, if it is still pending then.
        """
        item = to_item(payment, look_at) | {"version": payment.version + 1}
        return Put(self._table, item, when="version = :was", values={":was": payment.version})

    def begin(self, payment: Payment, *, instead_of: str | None, look_at: datetime) -> list[Write]:
        """Return the writes by which *payment* becomes its order's one live attempt, in place of *instead_of*."""
        return [self.make_live(payment, instead_of=instead_of), self.add(payment, look_at=look_at)]

    def make_live(self, payment: Payment, *, instead_of: str | None) -> Write:
        """Return the write by which a known attempt is its order's live one; Stale when another was faster."""
        live = {**keys.live_attempt(payment.order_id), "payment": payment.id}
        if instead_of is None:
            return Put(self._table, live, when="attribute_not_exists(pk)")
        return Put(self._table, live, when="payment = :was", values={":was": instead_of})

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)

    def look_again(self, payment: Payment, *, at: datetime) -> None:
        """Have the schedule ask the provider again at *at*, unless the payment has changed meanwhile."""
        values = {":due": to_ms(at), ":was": payment.version, ":bucket": keys.due_bucket(payment.id, keys.PAYMENTS_DUE)}
        change = "SET due = :due, due_key = :bucket"
        self._db.commit(
            Update(self._table, keys.payment(payment.id), change=change, when="version = :was", values=values)
        )

    # -- reading

    def get(self, payment_id: str) -> Payment:
        """Return the payment, strongly read; NotFound."""
        if found := self.find(payment_id):
            return found
        raise NotFound(f"Pembayaran {payment_id} tidak ditemukan.")

    def find(self, payment_id: str) -> Payment | None:
        item = self._db.get(self._table, keys.payment(payment_id))
        return from_item(item) if item else None

    def live_attempt(self, order_id: str) -> Payment | None:
        """Return the order's last attempt at a provider, strongly read, whatever became of it."""
        item = self._db.get(self._table, keys.live_attempt(order_id))
        return self.get(item["payment"]) if item else None

    def of_order(self, order_id: str) -> list[Payment]:
        where, values = "order_key = :o AND begins_with(pk, :kind)", {":o": order_id, ":kind": f"{KIND}#"}
        found = map(from_item, self._db.query(self._table, where, values, index="by_order"))
        return sorted(found, key=lambda payment: (payment.created_at, payment.id))

    def of_wave(self, wave_id: str) -> Iterator[Payment]:
        for bucket in keys.all_wave_payments(wave_id):
            for item in self._db.query(self._table, "list_key = :k", {":k": bucket}, index="by_list"):
                yield from_item(item)


def to_item(payment: Payment, look_at: datetime | None) -> Item:
    item: Item = {
        **keys.payment(payment.id),
        "kind": KIND,
        "order_key": payment.order_id,
        "wave": payment.wave_id,
        "dropoff": payment.dropoff_id,
        "provider": payment.provider,
        "method": payment.method,
        "bank": payment.bank,
        "amount": payment.amount,
        "status": payment.status,
        "created": to_ms(payment.created_at),
        "expires_at": to_ms(payment.expires_at) if payment.expires_at else None,
        "instructions": dict(payment.instructions) or None,
        "provider_ref": payment.provider_ref,
        "received": payment.received or None,
        "returned": dict(payment.returned) or None,
        "suspended": payment.suspended or None,
        "moves": payment.moves or None,
        "settled": to_ms(payment.settled_at) if payment.settled_at else None,
        "learnt": to_ms(payment.learnt_at) if payment.learnt_at else None,
        "receipt_number": payment.receipt_number,
        "taken_by": payment.taken_by,
        "version": payment.version,
        "list_key": keys.wave_payments(payment.wave_id, payment.id),
        "list_sort": f"{to_ms(payment.created_at)}#{payment.id}",
    }
    if payment.status == "pending" and look_at:
        item |= {"due_key": keys.due_bucket(payment.id, keys.PAYMENTS_DUE), "due": to_ms(look_at)}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Payment:
    return Payment(
        id=item["pk"].partition("#")[2],
        order_id=item["order_key"],
        wave_id=item["wave"],
        dropoff_id=item["dropoff"],
        provider=item["provider"],
        method=item["method"],
        bank=item.get("bank"),
        amount=item["amount"],
        status=item["status"],
        created_at=from_ms(item["created"]),
        expires_at=from_ms(item["expires_at"]) if "expires_at" in item else None,
        instructions=item.get("instructions", {}),
        provider_ref=item.get("provider_ref"),
        received=item.get("received", 0),
        returned=item.get("returned", {}),
        suspended=item.get("suspended", False),
        moves=item.get("moves", 0),
        settled_at=from_ms(item["settled"]) if "settled" in item else None,
        learnt_at=from_ms(item["learnt"]) if "learnt" in item else None,
        receipt_number=item.get("receipt_number"),
        taken_by=item.get("taken_by"),
        version=item["version"],
    )

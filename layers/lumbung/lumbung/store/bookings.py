"""Bookings: an order, its refunds and the ledger, changed in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from lumbung.domain.booking import Booking
from lumbung.domain.errors import AlreadyDone, Conflict, NotFound, SoldOut, Stale
from lumbung.domain.incident import Incident
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.refund import Refund
from lumbung.store import keys, refunds
from lumbung.store.incidents import raise_
from lumbung.store.ledger import post
from lumbung.store.orders import PICKS, Orders
from lumbung.store.shards import Shards, ShardShort
from lumbung.store.table import Database, Item, Update, Write, until_fresh

Step = Callable[[Booking], tuple[Booking, Sequence[Write]]]


class Bookings:
    """*earlier* finds what an Idempotency-Key named before."""

    def __init__(
        self, db: Database, table: str, orders: Orders, shards: Shards, earlier: Callable[[str], AlreadyDone | None]
    ) -> None:
        self._db, self._table, self._orders, self._shards = db, table, orders, shards
        self._earlier = earlier

    def decide(self, order_id: str, step: Step, once: Once) -> Booking:
        """As `change`, for a request: a refusal that a rival with the same key caused is the rival's answer."""
        try:
            return self.change(order_id, step)
        except Conflict:
            if done := self._earlier(once.id):
                raise done from None
            raise

    def change(self, order_id: str, step: Step) -> Booking:
        """Read, take one *step*, write it all at once; again while somebody else was faster.

        The step's own writes are listed first, so that a repeat reads as a repeat. A step that changes
        nothing and wants nothing written writes nothing.
        """

        def attempt() -> Booking:
            before = self.of(order_id)
            after, first = step(before)
            if writes := [*first, *self._writes(before, after)]:
                self._db.commit(*writes)
            return after

        for _ in range(PICKS):
            try:
                return until_fresh(attempt)
            except ShardShort as short:  # late money raced for a pack: look again which shards hold some
                self._shards.remember(short)
        raise SoldOut("Kemasan tidak tersisa.")

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)

    def alert(self, incident: Incident) -> None:
        """Write an incident; raised again it stays the first."""
        self._db.commit(raise_(self._table, incident))

    def of(self, order_id: str) -> Booking:
        """Return the order with its refunds; Stale while the index does not show all of them yet."""
        order = self._orders.get(order_id)
        if not order.refund_decided:
            return Booking(order)
        known = {refund.id: refund for refund in self.refunds_of(order_id)}
        if sum(refund.amount for refund in known.values() if not refund.withdrawn) != order.refund_decided:
            raise Stale("the order's refunds are not all to be seen yet")
        return Booking(order, known)

    # -- refunds

    def refunds_of(self, order_id: str) -> Iterable[Refund]:
        where, values = "order_key = :o AND begins_with(pk, :kind)", {":o": order_id, ":kind": "REFUND#"}
        return map(refunds.from_item, self._db.query(self._table, where, values, index="by_order"))

    def refund(self, refund_id: str) -> Refund:
        """Return the refund, strongly read; NotFound."""
        item = self._db.get(self._table, keys.refund(refund_id))
        if item is None:
            raise NotFound(f"Pengembalian {refund_id} tidak ditemukan.")
        return refunds.from_item(item)

    def save_refund(self, refund: Refund) -> Write:
        return refunds.save(self._table, refund)

    def page_of_refunds(
        self, *, status: str | None, wave_id: str | None, limit: int, start: Item | None
    ) -> tuple[list[Refund], Item | None]:
        """Return refunds, newest first; a page may be short while there are more."""
        rules, values = [], {":k": "REFUND"}
        if status:
            rules.append("status = :status")
            values[":status"] = status
        if wave_id:
            rules.append("wave = :wave")
            values[":wave"] = wave_id
        found: list[Refund] = []
        while True:
            items, start = self._db.query_page(
                self._table, "list_key = :k", values, index="by_list", newest_first=True,
                only=" AND ".join(rules) or None, limit=limit - len(found), start=start,
            )  # fmt: skip
            found += map(refunds.from_item, items)
            if start is None or len(found) >= limit:
                return found, start

    def leave_to_people(self, refund_id: str) -> None:
        """Let the clock find the refund no more: it is given back by hand."""
        change = "REMOVE due_key, due"
        self._db.commit(Update(self._table, keys.refund(refund_id), change=change, when="attribute_exists(pk)"))

    # -- steps

    def _writes(self, before: Booking, after: Booking) -> list[Write]:
        changed = [self._save(before.order, after.order)] if after.order is not before.order else []
        return [
            *changed,
            *[post(self._table, transfer) for transfer in after.transfers],
            *[
                refunds.save(self._table, refund) if id_ in before.refunds else refunds.add(self._table, refund)
                for id_, refund in after.refunds.items()
                if refund is not before.refunds.get(id_)
            ],
            *[raise_(self._table, incident) for incident in after.incidents],
        ]

    def _save(self, before: Order, after: Order) -> Write:
        return self._orders.save(replace(after, version=before.version))

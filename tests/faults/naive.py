"""How it would look without care: right when it is alone and nothing fails. The instrument must see it fail."""

from dataclasses import replace
from typing import Any

from lumbung.domain.booking import Booking
from lumbung.domain.errors import SoldOut
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Hold
from lumbung.domain.wave import Wave
from lumbung.store import bookings, keys, orders
from lumbung.store.order_items import to_item
from lumbung.store.table import Put, Update


class NaiveOrders(orders.Orders):
    """One counter that is read and then written, one write after the other, and no condition anywhere."""

    def add(self, order: Order, wave: Wave, **who: Any) -> Order:
        if earlier := self.find(order.id):
            raise orders.AlreadyPlaced(earlier)
        for line in order.lines:
            shard = self._db.get(self._table, keys.shard(line.offer_id, 0)) or {}
            left = shard["available"] - line.quantity
            if left < 0:
                raise SoldOut(line.offer_id)
            values = {":left": left, ":sold": shard["sold"] + line.quantity}
            change = "SET available = :left, sold = :sold"
            self._db.commit(Update(self._table, keys.shard(line.offer_id, 0), change=change, values=values))
        held = replace(order, holds=tuple(Hold(line.offer_id, 0, line.quantity) for line in order.lines))
        self._db.commit(Put(self._table, to_item(held)))
        self._db.commit(self._people.limits.join(held, wave))
        return held


class NaiveBookings(bookings.Bookings):
    """Money that is read and then written, one write after the other, and no condition anywhere."""

    def change(self, order_id: str, step: bookings.Step) -> Booking:
        before = self.of(order_id)
        after, first = step(before)
        for write in (*first, *self._writes(before, after)):
            self._db.commit(replace(write, when=None))
        return after

"""Refunds that were decided before the goods came are charged to who is liable once the goods were received."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from lumbung.domain.order import Order
from payments.ports import Bookings


class Orders(Protocol):
    def of_dropoff(self, wave_id: str, dropoff_id: str) -> Iterator[Order]: ...


def bear_refunds(wave_id: str, dropoff_id: str, *, at: datetime, orders: Orders, bookings: Bookings) -> int:
    """Return for how many orders of the drop-off somebody was charged; done again it charges nobody."""
    charged = 0
    for order in orders.of_dropoff(wave_id, dropoff_id):
        if order.refund_decided and order.live and order.kept < order.owed:
            borne = bookings.change(order.id, lambda booking: (booking.bear(at=at), ())).order.borne
            charged += borne > order.borne
    return charged

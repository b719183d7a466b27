"""Trips leave the plan: stored, with their orders dispatched, in one transaction, and handed to the booking queue."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.ports import Decide, Deliveries, Messages, Orders, Trips, Write
from lumbung.domain.delivery import UNDER_WAY, WAITING, Part
from lumbung.domain.errors import InvalidState
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER
from lumbung.domain.trip import Trip

BOOK = "book"


class Launch:
    """Sends trips on their way. The message that books a trip may get lost: the schedule finds the trip."""

    def __init__(
        self, *, decide: Decide, trips: Trips, orders: Orders, deliveries: Deliveries, worker: Messages
    ) -> None:
        self._decide, self._trips, self._orders, self._deliveries = decide, trips, orders, deliveries
        self._worker = worker

    def __call__(
        self, trips: Sequence[Trip], *, at: datetime, by: str, first: Sequence[Write] = (), once: Once | None = None
    ) -> None:
        """Dispatch the orders of *trips* with them, but for those whose trips all wait: they stay until these leave.

        InvalidState when one of the orders cannot go (any more).
        """
        packs, leaving = parts_of(trips), {order_id for trip in trips if not trip.waits for order_id in trip.order_ids}

        def step() -> tuple[None, Sequence[Write]]:
            writes = [*first, *(self._trips.save(trip) for trip in trips)]
            for order_id, parts in packs.items():
                order, delivery = self._orders.get(order_id), self._deliveries.of_order(order_id)
                sent = _sent(order, leaves=order_id in leaving, at=at, by=by)
                left = delivery.left(order)
                for part in parts:
                    left.subtract(part.packs)
                if any(count < 0 for count in left.values()):
                    raise InvalidState("Sebagian pesanan ini sudah dikirim.")
                writes += [] if sent is order else [self._orders.save(sent)]
                writes.append(self._deliveries.save(delivery.unstrand().send(parts)))
            return None, writes

        self._decide(step, once)
        for trip in trips:
            if not trip.waits:  # the others are found by the schedule, in their time
                self._worker.send(do=BOOK, trip_id=trip.id)


def _sent(order: Order, *, leaves: bool, at: datetime, by: str) -> Order:
    """Return *order* sent on its way, or planned to be; as it is when other parts of it are on their way already."""
    if order.fulfilment.method != COURIER:
        raise InvalidState("Pesanan ini diambil sendiri.")
    if order.fulfilment_status == "dispatched":
        return order
    return order.dispatch(at=at, by=by) if leaves else order.plan_delivery(at=at, by=by)


def parts_of(trips: Sequence[Trip]) -> dict[str, list[Part]]:
    """Return what each order sends, and with which trip."""
    parts: dict[str, list[Part]] = {}
    for trip in trips:
        for stop in trip.stops:
            state = WAITING if trip.waits else UNDER_WAY
            parts.setdefault(stop.order_id, []).append(Part(trip.id, stop.packs, state))
    return parts

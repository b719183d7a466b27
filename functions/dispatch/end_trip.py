"""What a trip's news does to its orders and to the ledger, in one transaction with the trip.

    delivered    its orders are delivered, once all their trips are; the member's fee is earned
    returned, cancelled, no_courier      what came back is at the drop-off again
    lost         refunded at the courier's expense, which owes the programme the goods

    a trip that the courier charges for     delivery_difference → courier
    an order that was delivered             unearned → delivery_difference, the fee that its member paid
    goods that were lost                    courier → unearned, their value

So `delivery_difference` holds what couriers really cost, less what members paid, however many trips an order
took and whichever of them failed; a price that is corrected later is booked as its difference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.ports import Decide, Deliveries, Finish, Orders, Post, Refunds, Trips, Write
from lumbung.domain import ids, ledger
from lumbung.domain.courier import CHARGED, LOST
from lumbung.domain.delivery import after_trip
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.trip import Stop, Trip

AT_ITS_END = ("delivered", "none")


@dataclass(slots=True)
class Effects:
    writes: list[Write] = field(default_factory=list)
    finished: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """Applies news of trips."""

    decide: Decide
    trips: Trips
    deliveries: Deliveries
    orders: Orders
    refunds: Refunds
    post: Post
    finish: Finish

    def apply(self, trip_id: str, change: Callable[[Trip], Trip], *, at: datetime) -> Trip:
        """Change the trip and all that follows from it; a change that returns the same trip writes nothing."""

        def step() -> tuple[Trip, Sequence[Write]]:
            before = self.trips.get(trip_id)
            after = change(before)
            return after, self.writes(before, after, at=at)

        return self.decide(step)

    def writes(self, before: Trip, after: Trip, *, at: datetime) -> list[Write]:
        """Return everything to be written when *before* has become *after*."""
        if after is before:
            return []
        writes = [self.trips.save(after), *self._costs(before, after, at)]
        effects = Effects()
        for stop in after.stops:
            if before.end_of(stop) is None and (end := after.end_of(stop)):
                self._end_stop(after, stop, end, at, effects)
        if effects.finished:
            effects.writes.append(self.finish(after.wave_id, after.dropoff_id, orders=effects.finished))
        return writes + effects.writes

    def _end_stop(self, trip: Trip, stop: Stop, end: str, at: datetime, effects: Effects) -> None:
        order, delivery = self.orders.get(stop.order_id), self.deliveries.of_order(stop.order_id)
        delivery = delivery.end(trip.id, end)
        after = self._lost(trip, stop, order, at, effects) if end == LOST else order
        after = after_trip(after, delivery, at=at, by=trip.courier)
        effects.writes.append(self.deliveries.save(delivery))
        if after is order:
            return
        effects.writes.append(self.orders.save(after))
        effects.finished += after.fulfilment_status in AT_ITS_END
        if after.fulfilment_status == "delivered" and after.courier_fee:
            effects.writes.append(self.post(_fee(after, at)))

    def _lost(self, trip: Trip, stop: Stop, order: Order, at: datetime, effects: Effects) -> Order:
        after = order.lose(stop.packs, at=at, by=trip.courier)
        effects.writes.append(self.post(_claim(trip, order, order.goods_total - after.goods_total, at)))
        if (over := after.kept - after.owed) <= 0:
            return after
        _, after, promised = self.refunds.decide(
            after, over, cause=f"lost:{trip.id}", reason="Barang hilang di kurir",
            liable="courier", at=at, by=trip.courier,
        )  # fmt: skip
        effects.writes += promised
        return after

    def _costs(self, before: Trip, after: Trip, at: datetime) -> list[Write]:
        """
        before          after           booked
        on_the_way 10   delivered 12    12
        delivered 12    delivered 15     3   corrected
        delivered 15    delivered 12    −3
        searching 10    cancelled 10     0
        """
        if after.status not in CHARGED:
            return []
        if before.status not in CHARGED:
            return [self.post(_cost(after, after.cost, at, "cost"))] if after.cost else []
        more = after.cost - before.cost
        return [self.post(_cost(after, more, at, "cost", str(after.version)))] if more else []


def _cost(trip: Trip, rupiah: int, at: datetime, *cause: str) -> Transfer:
    owed = ledger.courier(trip.owed_to)
    more = rupiah > 0
    return Transfer(
        id=ids.within(trip.id, "trf_", *cause),
        debit=ledger.DELIVERY_DIFFERENCE if more else owed,
        credit=owed if more else ledger.DELIVERY_DIFFERENCE,
        amount=abs(rupiah),
        at=at,
        reason="ongkos kurir",
        wave_id=trip.wave_id,
        order_id=trip.stops[0].order_id if len(trip.stops) == 1 else None,
    )


def _fee(order: Order, at: datetime) -> Transfer:
    return Transfer(
        id=ids.within(order.id, "trf_", "courier_fee"),
        debit=ledger.unearned(order.wave_id),
        credit=ledger.DELIVERY_DIFFERENCE,
        amount=order.courier_fee,
        at=at,
        reason="ongkos kirim dari anggota",
        wave_id=order.wave_id,
        order_id=order.id,
    )


def _claim(trip: Trip, order: Order, rupiah: int, at: datetime) -> Transfer:
    return Transfer(
        id=ids.within(trip.id, "trf_", "lost", order.id),
        debit=ledger.courier(trip.courier),
        credit=ledger.unearned(order.wave_id),
        amount=rupiah,
        at=at,
        reason="barang hilang di kurir",
        wave_id=order.wave_id,
        order_id=order.id,
    )

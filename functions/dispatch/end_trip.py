"""What a trip's news does to its orders and to the ledger, in one transaction with the trip.

    waits no longer          what it brings is on its way
    delivered    its orders are delivered, once all their trips are; the member's fee is earned
    returned, cancelled      what came back is at the drop-off again
    no_courier   the next courier's trips take its place; none is left: its orders are fetched, and their fee goes back
    lost         refunded at the courier's expense, which owes the programme the goods

    a trip that the courier charges for     delivery_difference → courier
    an order that was delivered             unearned → delivery_difference, the fee that its member paid
    goods that were lost                    courier → unearned, their value

So `delivery_difference` holds what couriers really cost, less what members paid, however many trips an order
took and whichever of them failed; a price that is corrected later is booked as its difference.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch import trip_transfers
from dispatch.give_fee_back import give_fee_back
from dispatch.launch_trips import BOOK, parts_of
from dispatch.ports import (
    Decide,
    Deliveries,
    Finish,
    Messages,
    Orders,
    Post,
    Raise,
    Refunds,
    Trackings,
    Trips,
    Write,
)
from lumbung.domain.courier import CHARGED, LOST, NO_COURIER, Proof, Report
from lumbung.domain.delivery import STRANDED, Part, after_trip
from lumbung.domain.incident import Incident
from lumbung.domain.order import Order
from lumbung.domain.order_parts import PICKUP
from lumbung.domain.tracking import incident_of
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
    trackings: Trackings
    post: Post
    finish: Finish
    raise_: Raise
    successors: Callable[..., list[Trip]]
    worker: Messages

    def apply(
        self, trip_id: str, change: Callable[[Trip], Trip], *, at: datetime, report: Report | None = None
    ) -> Trip:
        """Change the trip and all that follows from it; a change that returns the same trip writes nothing.

        *report* is what it is changed by: what that says of people is kept. The next courier's trips are handed to the
        booking queue; should that get lost, the schedule finds them.
        """
        following: list[Trip] = []

        def step() -> tuple[Trip, Sequence[Write]]:
            before = self.trips.get(trip_id)
            after = change(before)
            following[:] = self._following(before, after, at)
            people = self._people(before, after, report, at) if report else []
            return after, [*self.writes(before, after, at=at, following=following), *people]

        trip = self.decide(step)
        for new in following:
            self.worker.send(do=BOOK, trip_id=new.id)
        return trip

    def alert(self, incident: Incident) -> None:
        """Let the office know."""
        self.decide(lambda: (None, [self.raise_(incident)]))

    def writes(self, before: Trip, after: Trip, *, at: datetime, following: Sequence[Trip] = ()) -> list[Write]:
        """Return everything to be written when *before* has become *after*, and *following* take its place."""
        if after is before:
            return []
        writes = [self.trips.save(after), *self._costs(before, after, at)]
        if after.reference and after.reference != before.reference:
            writes.append(self.trips.refer(after))
        if after.alert and after.alert != before.alert:
            writes.append(self.raise_(incident_of(after, after.alert, at)))
        if before.waits and not after.waits:
            writes += self._depart(after, at)
        effects = Effects([self.trips.save(trip) for trip in following])
        parts = parts_of(following)
        for stop in after.stops:
            if before.end_of(stop) is None and (end := after.end_of(stop)):
                self._end_stop(after, stop, end, parts.get(stop.order_id, []), at, effects)
        if effects.finished:
            effects.writes.append(self.finish(after.wave_id, after.dropoff_id, orders=effects.finished))
        return writes + effects.writes

    def _depart(self, trip: Trip, at: datetime) -> list[Write]:
        writes = []
        for order_id in sorted(trip.order_ids):
            order = self.orders.get(order_id)
            if order.fulfilment_status == "at_dropoff":
                writes.append(self.orders.save(order.dispatch(at=at, by=trip.planned_by)))
            writes.append(self.deliveries.save(self.deliveries.of_order(order_id).leave(trip.id)))
        return writes

    def _following(self, before: Trip, after: Trip, at: datetime) -> list[Trip]:
        return self.successors(after, at=at) if after.status == NO_COURIER and not before.ended else []

    def _people(self, before: Trip, after: Trip, report: Report, at: datetime) -> list[Write]:
        writes: list[Write] = []
        if report.rider and after.rider_seen != before.rider_seen:
            writes += self.trackings.keep_rider(after.id, report.rider, at=at)
        if report.proofs and after.proofs_seen != before.proofs_seen:
            writes += self._received(after, report.proofs, at)
        return writes

    def _received(self, trip: Trip, proofs: Sequence[Proof], at: datetime) -> Iterator[Write]:
        orders = {stop.sequence: stop.order_id for stop in trip.stops}
        for proof in proofs:
            if order_id := orders.get(proof.sequence):
                member_id = self.orders.get(order_id).member_id
                yield from self.trackings.keep_received(order_id, member_id, trip.id, proof, at=at)

    def _end_stop(self, trip: Trip, stop: Stop, end: str, goes_on: list[Part], at: datetime, effects: Effects) -> None:
        order, delivery = self.orders.get(stop.order_id), self.deliveries.of_order(stop.order_id)
        if goes_on:
            effects.writes.append(self.deliveries.save(delivery.end(trip.id, end).send(goes_on)))
            effects.writes.append(self.orders.save(order.seek_another_courier(at=at, by=trip.courier)))
            return
        delivery = delivery.end(trip.id, STRANDED if end == NO_COURIER else end)
        after = self._lost(trip, stop, order, at, effects) if end == LOST else order
        after = after_trip(after, delivery, at=at, by=trip.courier)
        effects.writes.append(self.deliveries.save(delivery))
        if after is order:
            return
        if after.fulfilment.method == PICKUP:
            after, fee = give_fee_back(order, after, delivery, at=at, by=trip.courier, refunds=self.refunds)
            effects.writes += fee
        effects.writes.append(self.orders.save(after))
        effects.finished += after.fulfilment_status in AT_ITS_END
        if after.fulfilment_status == "delivered" and after.courier_fee:
            effects.writes.append(self.post(trip_transfers.fee(after, at)))

    def _lost(self, trip: Trip, stop: Stop, order: Order, at: datetime, effects: Effects) -> Order:
        after = order.lose(stop.packs, at=at, by=trip.courier)
        effects.writes.append(self.post(trip_transfers.claim(trip, order, order.goods_total - after.goods_total, at)))
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
            return [self.post(trip_transfers.cost(after, after.cost, at, "cost"))] if after.cost else []
        more = after.cost - before.cost
        return [self.post(trip_transfers.cost(after, more, at, "cost", str(after.version)))] if more else []

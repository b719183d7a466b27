"""A drop-off's own rider takes a trip and works through it: each step with all that follows from it, at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.end_trip import News
from dispatch.ports import Handovers, Riders, Trackings, Trips, Write
from lumbung.domain import courier, ride
from lumbung.domain.courier import DELIVERED, first_name
from lumbung.domain.errors import Fault, Forbidden, Invalid, LumbungError
from lumbung.domain.ride import Received
from lumbung.domain.rider import EXPIRED, Rider
from lumbung.domain.trip import Trip

Also = Callable[[], Sequence[Write]]  # what a step wants written besides, as things are when it is taken


@dataclass(frozen=True, slots=True)
class RideTrip:
    """What *rider* does; *is_right* compares an order's pick-up code."""

    rider: Rider
    trips: Trips
    riders: Riders
    trackings: Trackings
    handovers: Handovers
    news: News
    is_right: Callable[[str, str], bool]

    def claim(self, trip_id: str, *, at: datetime) -> Trip:
        """Take an offered trip: whoever is first has it, and is who its members see. InvalidState."""
        known = courier.Rider(first_name(self.rider.name) or "", self.rider.plate)

        def seen() -> Sequence[Write]:
            return self.trackings.keep_rider(trip_id, known, at=at, subject=self.rider.id)

        return self._step(trip_id, lambda trip: ride.claim(trip, self.rider.id, at=at), at=at, also=seen)

    def release(self, trip_id: str, *, at: datetime) -> Trip:
        """Give it back before anything was picked up: it is offered again."""
        return self._step(trip_id, lambda trip: ride.release(trip, self.rider.id, at=at), at=at)

    def pick_up(self, trip_id: str, *, at: datetime) -> Trip:
        return self._step(trip_id, lambda trip: ride.pick_up(trip, self.rider.id, at=at), at=at)

    def deliver(self, trip_id: str, order_id: str, received: Received, *, at: datetime) -> Trip:
        """Hand an order over, and keep the proof of it, which its member sees.

        Invalid without a receiver, or with neither code nor photo; Forbidden for a wrong code, TooMany after five.
        """
        received.must_prove()
        before = self.trips.get(trip_id)
        if ride.end_stop(before, self.rider.id, order_id, DELIVERED, at=at) is before:
            return before
        sequence = next(stop.sequence for stop in before.stops if stop.order_id == order_id)

        def kept() -> Sequence[Write]:
            member_id = self.news.orders.get(order_id).member_id
            return self.trackings.keep_received(order_id, member_id, trip_id, received.proof(sequence, at), at=at)

        if not received.code:
            return self._end(trip_id, order_id, DELIVERED, at, kept)
        self.handovers.count_try(order_id, at=at)
        if not self.is_right(order_id, received.code):
            raise Forbidden("Kode pengambilan tidak cocok.")
        try:
            forget = self.handovers.forget_tries(order_id)
            return self._end(trip_id, order_id, DELIVERED, at, lambda: [*kept(), forget])
        except LumbungError:
            self.handovers.forgive(order_id)  # the code was right: it is not held against the member
            raise

    def fail(self, trip_id: str, order_id: str, reason: str, *, at: datetime) -> Trip:
        """Note why an order could not be handed over; it stays with the rider until it is brought back."""
        if reason not in ride.REASONS:
            raise Invalid("Pilih alasannya.", [Fault("/reason", "tidak dikenal")])
        return self._end(trip_id, order_id, reason, at)

    def bring_back(self, trip_id: str, *, at: datetime) -> Trip:
        return self._step(trip_id, lambda trip: ride.bring_back(trip, self.rider.id, at=at), at=at)

    def _end(self, trip_id: str, order_id: str, outcome: str, at: datetime, also: Also = tuple) -> Trip:
        def change(trip: Trip) -> Trip:
            return ride.end_stop(trip, self.rider.id, order_id, outcome, at=at)

        return self._step(trip_id, change, at=at, also=also)

    def _step(self, trip_id: str, change: Callable[[Trip], Trip], *, at: datetime, also: Also = tuple) -> Trip:
        def step() -> tuple[Trip, Sequence[Write]]:
            known = self.riders.find(self.rider.dropoff_id, self.rider.id)
            if known is None or not known.active:
                raise Forbidden(EXPIRED)
            before = self.trips.get(trip_id)
            if before.dropoff_id != self.rider.dropoff_id:
                raise Forbidden("Perjalanan ini dari titik ambil lain.")
            after = change(before)
            return after, [] if after is before else [*also(), *self.news.writes(before, after, at=at)]

        return self.news.decide(step)

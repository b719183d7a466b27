"""Couriers lose webhooks, queues lose nothing but time: every few minutes, what was silent is asked after.

A trip whose time to leave is near waits no longer. One that waits too long for a rider is taken back, so that the next
courier is asked; one that is late or stuck is somebody's to look after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.end_trip import News
from dispatch.launch_trips import BOOK
from dispatch.ports import Messages, Trips
from lumbung.domain.courier import BOOKING, PLANNED, Courier
from lumbung.domain.errors import InvalidState
from lumbung.domain.tracking import UNHEARD, alert_of, waited_long
from lumbung.domain.trip import Trip


@dataclass(frozen=True, slots=True)
class FollowByPolling:
    trips: Trips
    couriers: Mapping[str, Courier]
    news: News
    worker: Messages

    def __call__(self, trip_id: str, *, now: datetime) -> Trip:
        """Ask the courier about a silent trip; one that was never booked is booked. ProviderUnavailable."""
        try:
            self._follow(self.trips.get(trip_id), now)
        finally:  # also while the courier does not answer, somebody may have to hear of it
            trip = self.news.apply(trip_id, lambda trip: _looked_after(trip, now), at=now)
        return trip

    def _follow(self, trip: Trip, now: datetime) -> None:
        if trip.waits:
            trip = self.news.apply(trip.id, lambda trip: trip.call(), at=now)
        if trip.status == PLANNED and trip.unheard > UNHEARD:
            self.news.apply(trip.id, lambda trip: trip.refuse("Kurir tidak menjawab.", at=now), at=now)
        elif trip.status in (PLANNED, BOOKING):
            self.worker.send(do=BOOK, trip_id=trip.id)
        elif not trip.ended and trip.reference:
            courier = self.couriers[trip.courier]
            trip = self._asked(trip, courier, now)
            if waited_long(trip, now):
                self._give_up(trip, courier, now)

    def _asked(self, trip: Trip, courier: Courier, now: datetime) -> Trip:
        """Return the trip as *courier* says that it is; as it was, when that knows nothing of it."""
        report = courier.ask(trip.reference or "")
        if report is None:
            return trip
        told_at = (report.at or courier.told_at(report)) if report.state != trip.status else None
        at = told_at or now
        return self.news.apply(trip.id, lambda trip: trip.follow(report, at=at), at=at, report=report)

    def _give_up(self, trip: Trip, courier: Courier, now: datetime) -> None:
        """Take the trip back from *courier*, unless that has found a rider meanwhile: then it says so."""
        self.news.apply(trip.id, lambda trip: trip.give_up(), at=now)
        try:
            courier.cancel(trip.reference or "")
        except InvalidState:
            self._asked(trip, courier, now)
        else:
            self.news.apply(trip.id, lambda trip: trip.nobody_came(at=now), at=now)


def _looked_after(trip: Trip, now: datetime) -> Trip:
    if trip.ended or trip.waits:  # could not be called: it stays due
        return trip
    trip = replace(trip, ask_at=trip.look_again(now), unheard=trip.unheard + (trip.status == PLANNED))
    return replace(trip, alert=alert_of(trip, now) or trip.alert)

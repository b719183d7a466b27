"""Couriers lose webhooks, queues lose nothing but time: every few minutes, what was silent is asked after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.end_trip import News
from dispatch.launch_trips import BOOK
from dispatch.ports import Messages, Trips
from lumbung.domain.courier import BOOKING, PLANNED, Courier
from lumbung.domain.trip import ASK_AGAIN, Trip


@dataclass(frozen=True, slots=True)
class FollowByPolling:
    trips: Trips
    couriers: Mapping[str, Courier]
    news: News
    worker: Messages

    def __call__(self, trip_id: str, *, now: datetime) -> Trip:
        """Ask the courier about a silent trip; one that was never booked is booked. ProviderUnavailable."""
        trip = self.trips.get(trip_id)
        if trip.status in (PLANNED, BOOKING):
            self.worker.send(do=BOOK, trip_id=trip.id)
            return self._ask_later(trip_id, now)
        if trip.ended or trip.reference is None:
            return trip
        courier = self.couriers[trip.courier]
        report = courier.ask(trip.reference)
        if report is None:
            return self._ask_later(trip_id, now)
        at = courier.told_at(report) if report.state != trip.status else None
        return self.news.apply(trip_id, lambda t: _heard(t.follow(report, at=at or now), now), at=at or now)

    def _ask_later(self, trip_id: str, now: datetime) -> Trip:
        return self.news.apply(trip_id, lambda trip: _heard(trip, now), at=now)


def _heard(trip: Trip, now: datetime) -> Trip:
    return trip if trip.ended else replace(trip, ask_at=now + ASK_AGAIN)

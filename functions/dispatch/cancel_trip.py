"""A trip is called off before its goods were picked up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dispatch.end_trip import News
from dispatch.ports import Remember, Trips, Write
from lumbung.domain.courier import CANCELLED, Courier
from lumbung.domain.errors import InvalidState
from lumbung.domain.once import Once
from lumbung.domain.trip import Trip


def cancel_trip(
    trip_id: str, *, at: datetime, once: Once, remember: Remember, trips: Trips,
    couriers: Mapping[str, Courier], news: News,
) -> Trip:  # fmt: skip
    """Cancel it at the courier, then here: InvalidState once it is too late, ProviderUnavailable to try again."""
    call_off(trips.get(trip_id), at=at, couriers=couriers)

    def step() -> tuple[Trip, Sequence[Write]]:
        before = trips.get(trip_id)
        after = before if before.status == CANCELLED else before.cancel(at=at)  # the courier's webhook was faster
        return after, [remember(once, trip_id), *news.writes(before, after, at=at)]

    return news.decide(step, once)


def call_off(trip: Trip, *, at: datetime, couriers: Mapping[str, Courier]) -> None:
    """Tell the courier that it need not come, if it knows of the trip; a cancelled trip is one already."""
    if trip.status == CANCELLED:
        return
    trip.cancel(at=at)
    if trip.reference:
        _cancel_at(couriers[trip.courier], trip.reference)


def _cancel_at(courier: Courier, reference: str) -> None:
    """Cancel at *courier*; what was cancelled before, by a call whose answer was lost, is cancelled."""
    try:
        courier.cancel(reference)
    except InvalidState:
        report = courier.ask(reference)
        if report is None or report.state != CANCELLED:
            raise

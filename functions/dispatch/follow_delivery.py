"""What a courier says about a trip is applied to it: late, repeated and contradicting news changes nothing."""

from datetime import datetime

from dispatch.end_trip import News
from dispatch.ports import Trips
from lumbung.domain.courier import Courier, Report
from lumbung.domain.trip import Trip


def follow_delivery(trip_id: str, report: Report, *, at: datetime, news: News) -> Trip:
    """Return the trip as it is after *report*; *at* is when the courier says that this happened."""
    return news.apply(trip_id, lambda trip: trip.follow(report, at=at), at=at)


def follow_reference(reference: str, *, at: datetime, courier: Courier, trips: Trips, news: News) -> Trip | None:
    """Ask *courier* about its own *reference*, and apply what it says; None when that is no trip of ours.

    What a webhook says is only a hint: couriers sign no states. ProviderUnavailable when it does not answer.
    """
    report = courier.ask(reference)
    if report is None or report.trip_id is None or trips.find(report.trip_id) is None:
        return None
    return follow_delivery(report.trip_id, report, at=at, news=news)

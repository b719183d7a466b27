"""What a courier says about a trip is applied to it: late, repeated and contradicting news changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.end_trip import News
from dispatch.ports import Trips
from lumbung.domain import ids
from lumbung.domain.courier import CHARGED, LOST, Courier, Report
from lumbung.domain.errors import InvalidState
from lumbung.domain.incident import Incident
from lumbung.domain.trip import Trip


@dataclass(frozen=True, slots=True)
class Hint:
    """What a webhook says, kept: a courier's *reference* became *state* then. Only a hint: couriers sign no states."""

    reference: str
    state: str | None
    happened_at: datetime
    received_at: datetime
    replaces: str | None = None


def follow_delivery(trip_id: str, report: Report, *, at: datetime, news: News) -> Trip:
    """Return the trip as it is after *report*; *at* is when the courier says that this happened."""
    return news.apply(trip_id, lambda trip: trip.follow(report, at=at), at=at, report=report)


def follow_hint(hint: Hint, *, courier: Courier, trips: Trips, news: News) -> Trip | None:
    """Ask *courier* about its own reference, and apply what it says; None when that is no trip of ours.

    ProviderUnavailable when it does not answer.
    """
    report = courier.ask(hint.reference)
    trip = _trip_of(report, hint, courier, trips) if report else None
    if report is None or trip is None:
        return None
    report = replace(report, replaces=hint.replaces)
    if trip.reference and not trip.is_about(report) and _is_replaced(trip, report, courier):
        report = replace(report, replaces=trip.reference)
    if report.reference != trip.reference and (trip.ended or not trip.is_about(report)):
        _call_off(trip, report, courier, news, at=hint.received_at)
    at = hint.happened_at if hint.state == report.state else report.at or hint.received_at
    return follow_delivery(trip.id, report, at=at, news=news)


def _trip_of(report: Report, hint: Hint, courier: Courier, trips: Trips) -> Trip | None:
    """Return the trip that *report* is about: by our id, or by the courier's, or by the one that it stands in for."""
    if report.trip_id and (trip := trips.find(report.trip_id)):
        return trip if trip.courier == courier.name else None
    references = (hint.reference, hint.replaces)
    return next((trip for r in references if r and (trip := trips.referred(courier.name, r))), None)


def _is_replaced(trip: Trip, report: Report, courier: Courier) -> bool:
    """Whether what *report* is about stands in the place of what the trip was booked as: that is not live any more."""
    if trip.ended or trip.reference is None or report.booking_id != trip.booking_id:
        return False
    before = courier.ask(trip.reference)
    return before is None or not before.live


def _call_off(trip: Trip, report: Report, courier: Courier, news: News, *, at: datetime) -> None:
    """Tell the courier not to come a second time: what it speaks of is not, or no longer, what *trip* waits for.

    A lost answer's booking that showed after another was made; or one that its support put in the place of another
    of which we knew only that it had been cancelled.
    """
    if report.live:
        outcome = "sudah dibatalkan" if _is_cancelled(report.reference, courier) else "tidak dapat dibatalkan lagi"
    elif report.state in CHARGED or report.state == LOST:
        outcome = f"berstatus {report.state}"
    else:
        return
    detail = f"Kurir {trip.courier} juga dipesan sebagai {report.reference} untuk perjalanan {trip.id}; itu {outcome}."
    incident_id = ids.within(trip.id, "inc_", "twice", report.reference)
    news.alert(Incident(incident_id, "courier_twice", trip.id, detail, at, trip.wave_id))


def _is_cancelled(reference: str, courier: Courier) -> bool:
    try:
        courier.cancel(reference)
    except InvalidState:
        return False
    return True

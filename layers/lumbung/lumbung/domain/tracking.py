"""What a trip's member may know of it, and when somebody has to look after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.courier import BOOKING, PLANNED, Proof, Rider
from lumbung.domain.incident import Incident
from lumbung.domain.trip import Stop, Trip

LATE, STUCK = "late", "stuck"
WINDOW = timedelta(minutes=60)  # how much later than estimated a stop may be reached
UNHEARD = 3  # how often a trip may be found still to be booked before somebody has to look, and then another is asked
# For how long a trip may stay what it is, before somebody has to look.
AT_MOST = {
    BOOKING: timedelta(minutes=30),
    "searching": timedelta(hours=2),
    "assigned": timedelta(hours=1),
    "to_pickup": timedelta(hours=1),
    "picked_up": timedelta(hours=2),
    "on_the_way": timedelta(hours=2),
    "on_hold": timedelta(hours=1),
    "returning": timedelta(hours=4),
}
_DETAILS = {
    LATE: "Perjalanan {trip} dengan {courier} melewati jendela waktunya; statusnya {status}.",
    STUCK: "Perjalanan {trip} dengan {courier} terlalu lama berstatus {status}.",
}


@dataclass(frozen=True, slots=True)
class Tracking:
    """What is known of the people of a trip: who rides, and who took what was brought."""

    trip_id: str
    rider: Rider | None = None
    proofs: tuple[Proof, ...] = ()

    def proof_of(self, stop: Stop) -> Proof | None:
        return next((proof for proof in self.proofs if proof.sequence == stop.sequence), None)


def window(trip: Trip, stop: Stop) -> tuple[datetime, datetime]:
    """Return from when until when *stop* is expected."""
    eta = trip.eta(stop)
    return eta, eta + WINDOW


def alert_of(trip: Trip, now: datetime) -> str | None:
    """Return what somebody has to be told about *trip*, `stuck` before `late`.

    status      since       last stop's window     alert
    picked_up   1 h         open                   None
    picked_up   1 h         over                   late
    on_hold     2 h         open                   stuck
    delivered   a day       over                   None
    """
    if trip.ended:
        return None
    if trip.status == PLANNED:
        return STUCK if trip.unheard >= UNHEARD else None
    if now - (trip.since or trip.planned_at) > AT_MOST[trip.status]:
        return STUCK
    return LATE if now > max(window(trip, stop)[1] for stop in trip.stops) else None


def waited_long(trip: Trip, now: datetime) -> bool:
    """Whether *trip* has been looking for a rider for so long that another courier is asked."""
    return trip.patience_ends is not None and now >= trip.patience_ends


def incident_of(trip: Trip, alert: str, now: datetime) -> Incident:
    """Return the incident by which the office hears of *alert*: once for each trip and kind."""
    detail = _DETAILS[alert].format(trip=trip.id, courier=trip.courier, status=trip.status)
    return Incident(ids.within(trip.id, "inc_", alert), f"trip_{alert}", trip.id, detail, now, trip.wave_id)

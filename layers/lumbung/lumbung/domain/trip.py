"""A trip: one motorcycle from a drop-off to one or more members, within its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.courier import (
    BEFORE_PICKUP,
    BOOKING,
    CANCELLED,
    DELIVERED,
    ENDS,
    NO_COURIER,
    PLANNED,
    RANK,
    RETURNED,
    Quote,
    Report,
    booking_id,
    follows,
)
from lumbung.domain.errors import InvalidState
from lumbung.domain.routing import AT_A_DOOR_S, SPEED_M_PER_MIN

MOTORCYCLE = "motorcycle"
ASK_AGAIN = timedelta(minutes=10)  # after that long a silence the courier is asked
PATIENCE = timedelta(minutes=45)  # for a rider to be found, before the next courier is asked
PICKUP_MIN = 15  # until a motorcycle that was asked for leaves


@dataclass(frozen=True, slots=True)
class Stop:
    """Packs of one order (by offer), brought as the *sequence*-th of the trip; `leg_m` from the place before.

    `approximate`: where to is known by its village alone.
    """

    order_id: str
    sequence: int
    packs: Mapping[str, int]
    weight_g: int
    leg_m: int = 0
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """`cost` is what the courier really takes, an estimate until it is booked. Rupiah, metres, grams.

    `leaves_at`: not before then, because nobody is at home yet; None: as soon as a motorcycle is found. `waits`: for
    that; no motorcycle is asked for yet, and its orders stay at the drop-off. `offered_at`: to own riders, first.
    `since`: when it came into its status. `attempt`: the how-manieth booking under ids of its own. `given_up`: we have
    waited long enough for a rider, so that a cancellation means that there was none. `rider_seen`, `proofs_seen`:
    digests of what is known of people, kept elsewhere. `alert`: what the office was told about it (`late`, `stuck`).
    `reason`: why no courier would carry it. `unheard`: how often it was found still to be booked.
    """

    id: str
    wave_id: str
    dropoff_id: str
    courier: str
    stops: tuple[Stop, ...]
    distance_m: int
    weight_g: int
    cost: int
    planned_at: datetime
    planned_by: str
    status: str = PLANNED
    vehicle: str = MOTORCYCLE
    service: str | None = None
    reference: str | None = None
    tracking_id: str | None = None
    tracking_url: str | None = None
    ended_at: datetime | None = None
    ask_at: datetime | None = None
    leaves_at: datetime | None = None
    waits: bool = False
    offered_at: datetime | None = None
    rider_id: str | None = None  # of the drop-off's own, who has claimed it
    outcomes: Mapping[str, str] = field(default_factory=dict)  # by order: delivered, or why not; from own riders only
    since: datetime | None = None
    attempt: int = 1
    given_up: bool = False
    unheard: int = 0
    rider_seen: str | None = None
    proofs_seen: str | None = None
    alert: str | None = None
    reason: str | None = None
    version: int = 0  # none yet: this trip was never stored

    @property
    def ended(self) -> bool:
        return self.status in ENDS

    @property
    def order_ids(self) -> set[str]:
        return {stop.order_id for stop in self.stops}

    @property
    def owed_to(self) -> str:
        """Who is paid for it: its own rider, else its courier."""
        return self.rider_id or self.courier

    def end_of(self, stop: Stop) -> str | None:
        """Return how it ended for the packs of *stop*; None: not yet. What was not handed over ends with the trip."""
        if self.outcomes.get(stop.order_id) == DELIVERED:
            return DELIVERED
        if not self.ended:
            return None
        return RETURNED if stop.order_id in self.outcomes else self.status

    def stop_status(self, stop: Stop) -> str:
        if end := self.end_of(stop):
            return DELIVERED if end == DELIVERED else "failed"
        if stop.order_id in self.outcomes:
            return "failed"
        return "under_way" if self.status not in (PLANNED, BOOKING) else PLANNED

    @property
    def has_rider(self) -> bool:
        """Whether somebody rides it, or rode it."""
        return RANK[self.status] >= RANK["assigned"] and self.status not in (CANCELLED, NO_COURIER)

    def eta(self, stop: Stop) -> datetime:
        """When *stop* can be expected, as was estimated when the trip was planned."""
        metres = sum(s.leg_m for s in self.stops if s.sequence <= stop.sequence)
        found = self.leaves_at or self.planned_at + timedelta(minutes=PICKUP_MIN)
        doors = sum(s.sequence < stop.sequence for s in self.stops)
        return found + timedelta(minutes=-(-metres // SPEED_M_PER_MIN), seconds=doors * AT_A_DOOR_S)

    def call(self) -> "Trip":
        """Wait no longer: a motorcycle is asked for, and its orders are on their way; not when it was called off."""
        return replace(self, waits=False) if self.waits and not self.ended else self

    @property
    def patience_ends(self) -> datetime | None:
        """When it will have looked for a rider long enough: since it was offered, or since a courier last searched."""
        return (self.offered_at or self.since or self.planned_at) + PATIENCE if self.status == "searching" else None

    def look_again(self, now: datetime) -> datetime:
        """Return when it is to be looked after next: in ten minutes, or when patience ends before that."""
        ends = self.patience_ends
        return ends if ends and now < ends < now + ASK_AGAIN else now + ASK_AGAIN

    @property
    def booking_id(self) -> str:
        """How the courier is told this trip."""
        return booking_id(self.id, self.attempt)

    def begin_booking(self, quote: Quote, *, at: datetime) -> "Trip":
        """From here on the courier may know of it: what it says decides."""
        if self.status != PLANNED:
            raise InvalidState(f"Perjalanan ini berstatus {self.status}.")
        return replace(self.to(BOOKING, at=at), service=quote.service, cost=quote.cost)

    def book_again(self, *, at: datetime) -> "Trip":
        """Nobody comes under the id that it was booked by: plan it again, under the next."""
        if self.status != BOOKING or self.reference:
            raise InvalidState(f"Perjalanan ini berstatus {self.status}.")
        return replace(self.to(PLANNED, at=at), attempt=self.attempt + 1)

    def is_about(self, report: Report) -> bool:
        """Whether *report* is about this trip as it is booked now, or about what the courier put in its place.

        A trip may have been booked before under another id, or, by a call whose answer was lost, twice.
        """
        if self.reference is None:
            return report.booking_id == self.booking_id
        return self.reference in (report.reference, report.replaces)

    def follow(self, report: Report, *, at: datetime) -> "Trip":
        """Return the trip as *report* tells it; the same trip when that is no news."""
        if not self.is_about(report):
            return self
        told = replace(
            self,
            reference=report.reference,
            service=report.service or self.service,
            tracking_id=report.tracking_id or self.tracking_id,
            tracking_url=report.tracking_url or self.tracking_url,
            cost=self.cost if report.cost is None else report.cost,
            rider_seen=_digest(self, report.rider) or self.rider_seen,
            proofs_seen=_digest(self, report.proofs) or self.proofs_seen,
        )
        state = NO_COURIER if self.given_up and report.state == CANCELLED else report.state
        if state and follows(self.status, state):
            told = told.to(state, at=at)
        return told if told != self else self

    def give_up(self) -> "Trip":
        """Wait no longer for a rider; noted before the courier is told, so that its answer may get lost."""
        return self if self.given_up else replace(self, given_up=True)

    def nobody_came(self, *, at: datetime) -> "Trip":
        """Note that it was taken back from its courier, unless somebody rides it meanwhile."""
        return self.to(NO_COURIER, at=at) if self.given_up and self.status == "searching" else self

    def refuse(self, reason: str, *, at: datetime) -> "Trip":
        """Note that the courier will not carry it."""
        if self.status not in (PLANNED, BOOKING):
            raise InvalidState(f"Perjalanan ini berstatus {self.status}.")
        return replace(self.to(NO_COURIER, at=at), reason=reason)

    def to(self, state: str, *, at: datetime) -> "Trip":
        ended = state in ENDS
        after = replace(self, status=state, since=at, ended_at=at if ended else None)
        return replace(after, ask_at=None if ended else after.look_again(at))

    def cancel(self, *, at: datetime) -> "Trip":
        if self.status == BOOKING:
            raise InvalidState("Perjalanan ini sedang dipesankan kurir; coba lagi sebentar.")
        if self.status != PLANNED and self.status not in BEFORE_PICKUP:
            raise InvalidState(f"Perjalanan ini berstatus {self.status}.")
        return self.to(CANCELLED, at=at)


def minutes_for(road_m: int) -> int:
    """Return after how many minutes a motorcycle that is asked for has ridden *road_m*."""
    return PICKUP_MIN + -(-road_m // SPEED_M_PER_MIN)


def _digest(trip: Trip, said: object) -> str | None:
    """Return what changes when what is *said* of people changes, and from which nobody can be read."""
    return ids.within(trip.id, "", repr(said)) if said else None

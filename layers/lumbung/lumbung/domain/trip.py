"""A trip: one motorcycle from a drop-off to one or more members, within its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumbung.domain.courier import BEFORE_PICKUP, BOOKING, CANCELLED, ENDS, PLANNED, Quote, Report, follows
from lumbung.domain.errors import InvalidState

MOTORCYCLE = "motorcycle"
ASK_AGAIN = timedelta(minutes=10)  # after that long a silence the courier is asked
SPEED_M_PER_MIN = 333  # 20 km/h door to door
PICKUP_MIN = 15


@dataclass(frozen=True, slots=True)
class Stop:
    """Packs of one order (by offer), brought as the *sequence*-th of the trip; `leg_m` from the place before."""

    order_id: str
    sequence: int
    packs: Mapping[str, int]
    weight_g: int
    leg_m: int = 0


@dataclass(frozen=True, slots=True)
class Trip:
    """`cost` is what the courier really takes, an estimate until it is booked. Rupiah, metres, grams."""

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
    version: int = 0  # none yet: this trip was never stored

    @property
    def ended(self) -> bool:
        return self.status in ENDS

    @property
    def stop_status(self) -> str:
        if not self.ended:
            return "under_way" if self.status not in (PLANNED, BOOKING) else PLANNED
        return "delivered" if self.status == "delivered" else "failed"

    def eta(self, stop: Stop) -> datetime:
        """When *stop* can be expected, as was estimated when the trip was planned."""
        metres = sum(s.leg_m for s in self.stops if s.sequence <= stop.sequence)
        return self.planned_at + timedelta(minutes=minutes_for(metres))

    def begin_booking(self, quote: Quote, *, at: datetime) -> "Trip":
        """From here on the courier may know of it: what it says decides."""
        if self.status != PLANNED:
            raise InvalidState(f"Perjalanan ini berstatus {self.status}.")
        return replace(self, status=BOOKING, service=quote.service, cost=quote.cost, ask_at=at + ASK_AGAIN)

    def follow(self, report: Report, *, at: datetime) -> "Trip":
        """Return the trip as *report* tells it; the same trip when that is no news."""
        told = replace(
            self,
            reference=report.reference,
            service=report.service or self.service,
            tracking_id=report.tracking_id or self.tracking_id,
            tracking_url=report.tracking_url or self.tracking_url,
            cost=self.cost if report.cost is None else report.cost,
        )
        if report.state and follows(self.status, report.state):
            told = told.to(report.state, at=at)
        return told if told != self else self

    def to(self, state: str, *, at: datetime) -> "Trip":
        ended = state in ENDS
        return replace(self, status=state, ended_at=at if ended else None, ask_at=None if ended else at + ASK_AGAIN)

    def cancel(self, *, at: datetime) -> "Trip":
        if self.status == BOOKING:
            raise InvalidState("Perjalanan ini sedang dipesankan kurir; coba lagi sebentar.")
        if self.status != PLANNED and self.status not in BEFORE_PICKUP:
            raise InvalidState(f"Perjalanan ini berstatus {self.status}.")
        return self.to(CANCELLED, at=at)


def minutes_for(road_m: int) -> int:
    """Return after how many minutes a motorcycle that is asked for has ridden *road_m*."""
    return PICKUP_MIN + -(-road_m // SPEED_M_PER_MIN)

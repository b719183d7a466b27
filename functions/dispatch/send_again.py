"""What takes the place of a trip that failed: the same goods, by the same courier or by the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.ports import Carriers, Dropoffs
from lumbung.domain import ids
from lumbung.domain.courier import PLANNED
from lumbung.domain.trip import ASK_AGAIN, Stop, Trip


@dataclass(frozen=True, slots=True)
class NextCourier:
    """Plans a trip for which nobody was found anew, for whoever is to be asked next at its drop-off.

    After its own riders, of whom nobody claimed it, that is the first courier which serves it.
    """

    dropoffs: Dropoffs
    couriers: Carriers

    def __call__(self, trip: Trip, *, at: datetime) -> list[Trip]:
        """Return the trips that take *trip*'s place; none when no courier is left to ask."""
        after = self.couriers.after(trip.courier, self.dropoffs.get(trip.dropoff_id))
        if after is None:
            return []
        return again(trip, at=at, by=trip.planned_by, courier=after.name, stops_per_trip=after.stops_per_trip)


def again(old: Trip, *, at: datetime, by: str, courier: str, stops_per_trip: int) -> list[Trip]:
    """Return the only trips that take *old*'s place: one, or several where *courier* stops less often.

    A stop that was the third of a route is at most as far from the drop-off as that route up to it.
    """
    parts = [old.stops[n : n + stops_per_trip] for n in range(0, len(old.stops), stops_per_trip)]
    return [_trip(old, _renumbered(old.stops, part), number, at, by, courier) for number, part in enumerate(parts)]


def _renumbered(route: Sequence[Stop], part: Sequence[Stop]) -> tuple[Stop, ...]:
    """Return *part* of *route* as a route of its own: its first leg comes from the drop-off."""
    before = sum(stop.leg_m for stop in route if stop.sequence < part[0].sequence)
    legs = [part[0].leg_m + before, *(stop.leg_m for stop in part[1:])]
    return tuple(replace(stop, sequence=n, leg_m=leg) for n, (stop, leg) in enumerate(zip(part, legs, strict=True), 1))


def _trip(old: Trip, stops: tuple[Stop, ...], number: int, at: datetime, by: str, courier: str) -> Trip:
    return Trip(
        id=ids.within(old.id, "trp_", "again", *([str(number)] if number else [])),
        wave_id=old.wave_id,
        dropoff_id=old.dropoff_id,
        courier=courier,
        stops=stops,
        distance_m=sum(stop.leg_m for stop in stops),
        weight_g=sum(stop.weight_g for stop in stops),
        cost=old.cost,
        planned_at=at,
        planned_by=by,
        status=PLANNED,
        vehicle=old.vehicle,
        since=at,
        ask_at=at + ASK_AGAIN,
    )

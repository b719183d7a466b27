"""What every courier keeps of a ride: its own truth, whatever it told the stack, and who rides it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.simulators.biteship_orders import Driver


@dataclass(slots=True)
class Ride:
    """`reference`: the id that it was given with. `happened`: when it became what, last. Rupiah."""

    id: str
    reference: str | None
    number: int
    metres: int
    price: int
    status: str
    request: dict[str, Any]
    happened: dict[str, datetime] = field(default_factory=dict)
    driver: Driver | None = None
    drivers: int = 0
    picked_up: bool = False
    before: str | None = None  # the id of the ride that this one stands in for

    def move_to(self, status: str, at: datetime, stages: "Stages") -> None:
        """Be *status*; a driver comes with allocation, leaves with a new search, and keeps the parcel after."""
        if status in stages.searching:
            self.driver = None
        elif status in stages.riding and self.driver is None:
            self.drivers += 1
            self.driver = Driver.number(self.number * 7 + self.drivers)
        self.picked_up = self.picked_up or status in stages.picked_up
        self.status = status
        self.happened[status] = at


@dataclass(frozen=True, slots=True)
class Stages:
    """A courier's words: nobody rides · somebody does · the goods are with them · it may still be cancelled."""

    searching: tuple[str, ...]
    riding: tuple[str, ...]
    picked_up: tuple[str, ...]
    cancellable: tuple[str, ...]


class Rides:
    """A courier's rides, found by its own id and by the id that it was given with them."""

    def __init__(self) -> None:
        self._by_id: dict[str, Ride] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Ride]:
        return iter(self._by_id.values())

    def add(self, ride: Ride) -> None:
        self._by_id[ride.id] = ride

    def get(self, id: str) -> Ride | None:
        return self._by_id.get(id)

    def called(self, id: str) -> Ride | None:
        """Return the ride of that id, or the last that was booked under that reference, or for that trip."""
        named = [ride for ride in self._by_id.values() if _trip_of(ride) == id or ride.reference == id]
        return self._by_id.get(id) or (named[-1] if named else None)

    def under(self, reference: str) -> list[Ride]:
        return [ride for ride in self._by_id.values() if ride.reference == reference]


def digits(name: str, count: int) -> str:
    """Return *count* digits that always stand for *name*."""
    return str(int(hashlib.sha256(name.encode()).hexdigest(), 16))[:count]


def _trip_of(ride: Ride) -> str:
    return (ride.reference or "").partition("-")[0]

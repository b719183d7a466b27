"""What is asked of couriers, and what they tell: the one port behind which every courier stands.

Ours (protocol notes, E.0), with a rank; a state of lower rank than the one known came late and is ignored:

    0 planned, booking     not a courier's state: the trip is ours alone
    1 searching            for a courier
    2 assigned             a courier was found
    3 to_pickup            on the way to the drop-off
    4 picked_up            from here on nothing is reassigned
    5 on_the_way, on_hold
    6 returning
    7 delivered, returned, cancelled, no_courier, lost       an end: nothing follows
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PLANNED, BOOKING = "planned", "booking"
DELIVERED, RETURNED, CANCELLED, NO_COURIER, LOST = "delivered", "returned", "cancelled", "no_courier", "lost"
ENDS = frozenset({DELIVERED, RETURNED, CANCELLED, NO_COURIER, LOST})
BEFORE_PICKUP = frozenset({"searching", "assigned", "to_pickup"})
CHARGED = frozenset({DELIVERED, RETURNED})  # the ends for which a courier is owed its price
RANK: Mapping[str, int] = {
    PLANNED: 0,
    BOOKING: 0,
    "searching": 1,
    "assigned": 2,
    "to_pickup": 3,
    "picked_up": 4,
    "on_the_way": 5,
    "on_hold": 5,
    "returning": 6,
    **dict.fromkeys(ENDS, 7),
}


def follows(was: str, told: str) -> bool:
    """Return whether *told* is news after *was*.

    was          told         news
    assigned     picked_up    yes
    picked_up    assigned     no    came late
    assigned     searching    yes   reassigned: allowed until pick-up
    on_the_way   on_hold      yes   and back
    delivered    returned     no    an end stays the end
    """
    if was in ENDS or was == told:
        return False
    if was in BEFORE_PICKUP and told in BEFORE_PICKUP:
        return True
    return RANK[told] > RANK[was] or {was, told} == {"on_the_way", "on_hold"}


@dataclass(frozen=True, slots=True)
class Place:
    """One end of a trip as the courier must know it; degrees."""

    name: str
    phone: str
    address: str
    lat: float
    lng: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """Packs of one kind. Rupiah and grams per pack."""

    name: str
    price: int
    quantity: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be carried; the trip's id is what the courier is told as our reference."""

    trip_id: str
    origin: Place
    destination: Place
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """For how much (rupiah) a service would carry a parcel."""

    service: str
    cost: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a courier says about a trip. `state` None: a word that we do not know, which changes nothing.

    `reference` is the courier's id for it, `trip_id` ours as the courier gives it back. Rupiah.
    """

    reference: str
    trip_id: str | None
    state: str | None
    cost: int | None = None
    service: str | None = None
    tracking_id: str | None = None
    tracking_url: str | None = None


class Courier(Protocol):
    """A courier's adapter.

    `book` may be repeated: the same trip is never booked twice. It raises CourierRefused when there will be
    no trip, and ProviderUnavailable when nobody knows. `told_at`: when the trip became what a report says.
    """

    name: str
    stops_per_trip: int

    def quote(self, parcel: Parcel) -> Quote: ...
    def book(self, parcel: Parcel, service: str) -> Report: ...
    def ask(self, reference: str) -> Report | None: ...
    def told_at(self, report: Report) -> datetime | None: ...
    def cancel(self, reference: str) -> None: ...

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
class Drop:
    """What is brought to one place of a trip."""

    place: Place
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be carried, and in which order it is brought; the courier is told *booking_id* as our reference."""

    booking_id: str
    origin: Place
    drops: tuple[Drop, ...]

    @property
    def goods(self) -> tuple[Goods, ...]:
        return tuple(goods for drop in self.drops for goods in drop.goods)


@dataclass(frozen=True, slots=True)
class Quote:
    """For how much (rupiah) a service would carry a parcel. `offer`: the courier's ids of it, named in the booking."""

    service: str
    cost: int
    offer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rider:
    """Who rides, as far as a member may know: a first name and a number plate."""

    name: str
    plate: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """That the *sequence*-th stop was reached, as who rode says: who took it, when, a photo, a code.

    `photo`: its address, or how an own rider calls it.
    """

    sequence: int
    receiver: str | None = None
    at: datetime | None = None
    photo: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a courier says about a trip. `state` None: a word that we do not know, which changes nothing.

    `reference` is the courier's id for it, `booking_id` ours as the courier gives it back. `replaces`: the id that the
    courier had for it before. `at`: when it became that, where the courier says so. Rupiah.
    """

    reference: str
    booking_id: str | None
    state: str | None
    cost: int | None = None
    service: str | None = None
    tracking_id: str | None = None
    tracking_url: str | None = None
    rider: Rider | None = None
    proofs: tuple[Proof, ...] = ()
    at: datetime | None = None
    replaces: str | None = None

    @property
    def trip_id(self) -> str | None:
        return trip_of(self.booking_id) if self.booking_id else None

    @property
    def live(self) -> bool:
        return self.state is not None and self.state not in ENDS


@dataclass(frozen=True, slots=True)
class Told:
    """What a courier's webhook says, as far as it is kept: a hint to ask again.

    `words` make its identity: the same for a repetition. `replaces`: as in `Report`.
    """

    reference: str
    event: str
    state: str | None
    happened_at: datetime | None
    words: tuple[str, ...]
    replaces: str | None = None


class Courier(Protocol):
    """A courier's adapter. Every call may raise ProviderUnavailable: nothing came of it.

    `book` raises CourierRefused when there will be no trip, and InDoubt when nobody knows whether there is one.
    `repeatable`: booking again under the same id finds what was booked before. Where it does not, `look_up` is asked
    once the courier has had time to tell, before there is a second: it returns what was booked, None when nobody comes
    under that id (any more). `told_at`: when the trip became what a report says.
    """

    name: str
    stops_per_trip: int
    repeatable: bool

    def quote(self, parcel: Parcel) -> Quote: ...
    def book(self, parcel: Parcel, quote: Quote) -> Report: ...
    def look_up(self, booking_id: str) -> Report | None: ...
    def ask(self, reference: str) -> Report | None: ...
    def told_at(self, report: Report) -> datetime | None: ...
    def cancel(self, reference: str) -> None: ...


def booking_id(trip_id: str, attempt: int) -> str:
    """Return how a courier is told a trip: by its own id the first time, by another each further time.

    trp_a, 1   trp_a        trp_a, 2   trp_a-2
    """
    return trip_id if attempt == 1 else f"{trip_id}-{attempt}"


def trip_of(booking_id: str) -> str:
    return booking_id.partition("-")[0]


def first_name(name: object) -> str | None:
    """Return the first word of a *name*, None when it says nothing."""
    words = name.split() if isinstance(name, str) else []
    return words[0][:40] if words else None

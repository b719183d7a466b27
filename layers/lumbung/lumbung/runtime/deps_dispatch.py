"""What only dispatch uses."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from lumbung.domain import packing
from lumbung.domain.courier import Courier
from lumbung.domain.courier_choice import Area, Couriers, areas, names_at
from lumbung.domain.incident import Incident
from lumbung.domain.ledger import Transfer
from lumbung.domain.packing import Capacity
from lumbung.domain.registry import Dropoff
from lumbung.providers import biteship, gosend, grab, lalamove
from lumbung.providers.lalamove_signature import Key
from lumbung.providers.own_riders import OwnRiders
from lumbung.runtime import clock, deps
from lumbung.store import incidents, keys, ledger, open_orders
from lumbung.store.bookings import Bookings
from lumbung.store.consignments import Consignments
from lumbung.store.courier_events import CourierEvents
from lumbung.store.decisions import Decisions
from lumbung.store.due import Due
from lumbung.store.handovers import Handovers
from lumbung.store.plans import Plans
from lumbung.store.riders import Riders
from lumbung.store.roads import MeasuredRoads
from lumbung.store.table import Put, Update
from lumbung.store.trackings import Trackings
from lumbung.store.trips import Deliveries, Trips

STOPS = {kind.name: kind.stops_per_trip for kind in (biteship.Biteship, lalamove.Lalamove, grab.Grab, gosend.Gosend)}


@dataclass(frozen=True, slots=True)
class Terms:
    """Who carries what is planned, and how often one trip may stop."""

    courier: str
    stops_per_trip: int


def terms(dropoff: Dropoff) -> Terms:
    """Return the terms of who is asked first at *dropoff*; RuntimeError where the configuration names nobody."""
    names = names_at(_areas(), dropoff)
    if not names:
        raise RuntimeError(f"no courier serves {dropoff.id}")
    return Terms(names[0], STOPS[names[0]])


@cache
def consignments() -> Consignments:
    return Consignments(deps.db(), deps.table("deliveries"))


@cache
def bookings() -> Bookings:
    return Bookings(deps.db(), deps.table("payments"), deps.orders(), deps.shards(), deps.earlier)


@cache
def handovers() -> Handovers:
    return Handovers(deps.db(), deps.table("deliveries"))


@cache
def trips() -> Trips:
    return Trips(deps.db(), deps.table("deliveries"))


@cache
def riders() -> Riders:
    return Riders(deps.personal())


@cache
def roads() -> MeasuredRoads:
    return MeasuredRoads(deps.db(), deps.table("deliveries"))


@cache
def plans() -> Plans:
    return Plans(deps.db(), deps.table("deliveries"))


@cache
def capacities() -> Mapping[str, Capacity]:
    """Return what one trip carries, by courier, as far as configuration says; see `capacity_of`."""
    return packing.capacities(os.environ["COURIER_LIMITS"])


def capacity_of(courier: str) -> Capacity:
    return capacities().get(courier, packing.DEFAULT)


@cache
def deliveries() -> Deliveries:
    return Deliveries(deps.db(), deps.table("deliveries"))


@cache
def events() -> CourierEvents:
    return CourierEvents(deps.db(), deps.table("deliveries"))


@cache
def decide() -> Decisions:
    return Decisions(deps.db(), deps.earlier)


@cache
def trackings() -> Trackings:
    return Trackings(deps.personal())


@cache
def couriers() -> Couriers:
    """Return all couriers, and who serves what by configuration."""
    return Couriers(_MAKE, _areas())


@cache
def _areas() -> list[Area]:
    return areas(os.environ["COURIERS"])


def _biteship() -> Courier:
    return biteship.Biteship(os.environ["BITESHIP_BASE_URL"], deps.secret("BITESHIP_SECRET")["api_key"])


def _lalamove() -> Courier:
    secret = deps.secret("LALAMOVE_SECRET")
    key = Key(secret["api_key"], secret["api_secret"])
    return lalamove.Lalamove(os.environ["LALAMOVE_BASE_URL"], key, clock.now)


def _grab() -> Courier:
    secret = deps.secret("GRAB_SECRET")
    client = grab.Client(secret["client_id"], secret["client_secret"])
    return grab.Grab(os.environ["GRAB_BASE_URL"], os.environ["GRAB_TOKEN_URL"], client, clock.now)


def _gosend() -> Courier:
    secret = deps.secret("GOSEND_SECRET")
    return gosend.Gosend(os.environ["GOSEND_BASE_URL"], secret["client_id"], secret["pass_key"])


_MAKE: Mapping[str, Callable[[], Courier]] = {
    biteship.NAME: _biteship,
    lalamove.NAME: _lalamove,
    grab.NAME: _grab,
    gosend.NAME: _gosend,
    OwnRiders.name: OwnRiders,
}


def post(transfer: Transfer) -> Put:
    return ledger.post(deps.table("payments"), transfer)


def raise_(incident: Incident) -> Put:
    return incidents.raise_(deps.table("payments"), incident)


def finish(wave_id: str, dropoff_id: str, *, orders: int) -> Update:
    return open_orders.finish(deps.table("orders"), wave_id, dropoff_id, orders=orders)


@cache
def due() -> Due:
    return Due(deps.db(), deps.table("deliveries"), keys.DELIVERIES_DUE)

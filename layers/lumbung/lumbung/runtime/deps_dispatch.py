"""What only dispatch uses."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lumbung.domain import packing
from lumbung.domain.courier import Courier
from lumbung.domain.ledger import Transfer
from lumbung.domain.packing import Capacity
from lumbung.providers import biteship
from lumbung.providers.own_riders import OwnRiders
from lumbung.runtime import deps
from lumbung.store import keys, ledger, open_orders
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
from lumbung.store.trips import Deliveries, Trips


@dataclass(frozen=True, slots=True)
class Terms:
    """Who carries what is planned, and how often one trip may stop."""

    courier: str
    stops_per_trip: int


def terms() -> Terms:
    """Return the terms of every drop-off: one courier, until which serves which place is configured."""
    return Terms(biteship.NAME, biteship.Biteship.stops_per_trip)


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
    return Riders(deps.db(), deps.table("people"))


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
def couriers() -> Mapping[str, Courier]:
    key = deps.secret("BITESHIP_SECRET")["api_key"]
    return {
        biteship.NAME: biteship.Biteship(os.environ["BITESHIP_BASE_URL"], key),
        OwnRiders.name: OwnRiders(),
    }


def webhook_secret() -> str:
    return deps.secret("BITESHIP_SECRET")["webhook_secret"]


def post(transfer: Transfer) -> Put:
    return ledger.post(deps.table("payments"), transfer)


def finish(wave_id: str, dropoff_id: str, *, orders: int) -> Update:
    return open_orders.finish(deps.table("orders"), wave_id, dropoff_id, orders=orders)


@cache
def due() -> Due:
    return Due(deps.db(), deps.table("deliveries"), keys.DELIVERIES_DUE)

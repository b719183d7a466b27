"""Trips, and how far each order's delivery is, as items of the deliveries table."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, replace

from lumbung.domain.delivery import Delivery, Part
from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.rider import RIDERS
from lumbung.domain.trip import Stop, Trip
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


class Trips:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def save(self, trip: Trip) -> Put:
        """Return the write of a new or changed trip; Stale when somebody else was first."""
        return _save(self._table, to_item(replace(trip, version=trip.version + 1)), trip.version)

    def get(self, trip_id: str) -> Trip:
        """Return the trip, strongly read; NotFound."""
        if found := self.find(trip_id):
            return found
        raise NotFound(f"Perjalanan {trip_id} tidak ditemukan.")

    def find(self, trip_id: str) -> Trip | None:
        item = self._db.get(self._table, keys.trip(trip_id))
        return from_item(item) if item else None

    def refer(self, trip: Trip) -> Put:
        """Return the write by which a booked trip is found by its courier's reference."""
        return Put(self._table, {**keys.reference(trip.courier, trip.reference or ""), "trip": trip.id})

    def referred(self, courier: str, reference: str) -> Trip | None:
        """Return the trip that *courier* calls *reference*, strongly read."""
        item = self._db.get(self._table, keys.reference(courier, reference))
        return self.find(item["trip"]) if item else None

    def get_many(self, trip_ids: Iterable[str]) -> list[Trip]:
        """Return the trips, in the order of their ids' asking."""
        wanted = list(trip_ids)
        found = {t.id: t for t in map(from_item, self._db.get_many(self._table, [keys.trip(id_) for id_ in wanted]))}
        return [found[id_] for id_ in wanted if id_ in found]

    def of_dropoff(
        self, wave_id: str, dropoff_id: str, *, limit: int, start: Item | None
    ) -> tuple[list[Trip], Item | None]:
        page, more = self._db.query_page(
            self._table, "list_key = :d", {":d": keys.trips_of(wave_id, dropoff_id)},
            index="by_list", limit=limit, start=start,
        )  # fmt: skip
        return [from_item(item) for item in page], more

    def to_ride(self, dropoff_id: str) -> Iterator[Trip]:
        """Yield the trips of a drop-off's own riders that are not at their end."""
        where, values = "order_key = :d", {":d": keys.rides_of(dropoff_id)}
        return map(from_item, self._db.query(self._table, where, values, index="by_order"))


class Deliveries:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def of_order(self, order_id: str) -> Delivery:
        """Return the order's delivery, strongly read; an empty one when nothing was sent yet."""
        item = self._db.get(self._table, keys.delivery(order_id))
        return _delivery(item) if item else Delivery(order_id)

    def of_orders(self, order_ids: Iterable[str]) -> dict[str, Delivery]:
        wanted = list(order_ids)
        found = self._db.get_many(self._table, [keys.delivery(id_) for id_ in wanted])
        return {id_: Delivery(id_) for id_ in wanted} | {d.order_id: d for d in map(_delivery, found)}

    def save(self, delivery: Delivery) -> Put:
        """Return the write of a new or changed delivery; Stale when somebody else was first."""
        item = {
            **keys.delivery(delivery.order_id),
            "kind": "DELIVERY",
            "parts": [[part.trip_id, dict(part.packs), part.state] for part in delivery.parts],
            "version": delivery.version + 1,
        }
        return _save(self._table, item, delivery.version)


def _save(table: str, item: Item, was: int) -> Put:
    if was == 0:
        return Put(table, item, when="attribute_not_exists(pk)")
    return Put(table, item, when="version = :was", values={":was": was})


def _delivery(item: Item) -> Delivery:
    parts = tuple(Part(trip_id, packs, state) for trip_id, packs, state in item["parts"])
    return Delivery(item["pk"].partition("#")[2], parts, item["version"])


def to_item(trip: Trip) -> Item:
    item: Item = {
        **keys.trip(trip.id),
        "kind": "TRIP",
        "list_key": keys.trips_of(trip.wave_id, trip.dropoff_id),
        "list_sort": f"{to_ms(trip.planned_at)}#{trip.id}",
        "wave": trip.wave_id,
        "dropoff": trip.dropoff_id,
        "courier": trip.courier,
        "stops": [list(astuple(stop)) for stop in trip.stops],
        "distance": trip.distance_m,
        "weight": trip.weight_g,
        "cost": trip.cost,
        "planned_at": to_ms(trip.planned_at),
        "planned_by": trip.planned_by,
        "status": trip.status,
        "vehicle": trip.vehicle,
        "service": trip.service,
        "reference": trip.reference,
        "tracking": trip.tracking_id,
        "tracking_url": trip.tracking_url,
        "ended_at": to_ms(trip.ended_at) if trip.ended_at else None,
        "since": to_ms(trip.since) if trip.since else None,
        "attempt": trip.attempt if trip.attempt > 1 else None,
        "given_up": trip.given_up or None,
        "unheard": trip.unheard or None,
        "rider_seen": trip.rider_seen,
        "proofs_seen": trip.proofs_seen,
        "alert": trip.alert,
        "reason": trip.reason,
        "leaves_at": to_ms(trip.leaves_at) if trip.leaves_at else None,
        "waits": trip.waits or None,
        "offered_at": to_ms(trip.offered_at) if trip.offered_at else None,
        "rider_id": trip.rider_id,
        "outcomes": dict(trip.outcomes) or None,
        "order_key": keys.rides_of(trip.dropoff_id) if trip.courier == RIDERS and not trip.ended else None,
        "version": trip.version,
    }
    if trip.ask_at:
        item |= {"due_key": keys.due_bucket(trip.id, keys.DELIVERIES_DUE), "due": to_ms(trip.ask_at)}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Trip:
    return Trip(
        id=item["pk"].partition("#")[2],
        wave_id=item["wave"],
        dropoff_id=item["dropoff"],
        courier=item["courier"],
        stops=tuple(Stop(*stop) for stop in item["stops"]),
        distance_m=item["distance"],
        weight_g=item["weight"],
        cost=item["cost"],
        planned_at=from_ms(item["planned_at"]),
        planned_by=item["planned_by"],
        status=item["status"],
        vehicle=item["vehicle"],
        service=item.get("service"),
        reference=item.get("reference"),
        tracking_id=item.get("tracking"),
        tracking_url=item.get("tracking_url"),
        ended_at=from_ms(item["ended_at"]) if "ended_at" in item else None,
        ask_at=from_ms(item["due"]) if "due" in item else None,
        since=from_ms(item["since"]) if "since" in item else None,
        attempt=item.get("attempt", 1),
        given_up=item.get("given_up", False),
        unheard=item.get("unheard", 0),
        rider_seen=item.get("rider_seen"),
        proofs_seen=item.get("proofs_seen"),
        alert=item.get("alert"),
        reason=item.get("reason"),
        leaves_at=from_ms(item["leaves_at"]) if "leaves_at" in item else None,
        waits=item.get("waits", False),
        offered_at=from_ms(item["offered_at"]) if "offered_at" in item else None,
        rider_id=item.get("rider_id"),
        outcomes=item.get("outcomes", {}),
        version=item["version"],
    )

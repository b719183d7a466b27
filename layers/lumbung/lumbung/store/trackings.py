"""Who rides a trip, and who took what it brought: names, so they lie in the people table, and not for long."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from lumbung.domain.courier import Proof, Rider
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.tracking import Tracking
from lumbung.store import keys
from lumbung.store.keys import Key
from lumbung.store.personal import Pen, Personal
from lumbung.store.table import Item, Put

KEPT = timedelta(days=90)  # as long as a complaint about a delivery is looked into


class Trackings:
    def __init__(self, personal: Personal) -> None:
        self._personal = personal

    def keep_rider(self, trip_id: str, rider: Rider, *, at: datetime, subject: str | None = None) -> list[Put]:
        """Return the writes of who rides; *subject*: an own rider's id, else they are nobody but this trip's."""
        pen = self._personal.pen(subject or trip_id, until=None if subject else _until(at))
        return [self._put(pen, keys.trip_rider(trip_id), asdict(rider), at), *pen.writes]

    def keep_received(self, order_id: str, member_id: str, trip_id: str, proof: Proof, *, at: datetime) -> list[Put]:
        """Return the writes of who took an order, beside what else it says about people and under its member's key."""
        pen = self._personal.pen(member_id)
        return [self._put(pen, keys.receiver(order_id, trip_id), {"proof": _proof_to_item(proof)}, at), *pen.writes]

    def of_order(self, order_id: str, trip_ids: Iterable[str]) -> dict[str, Tracking]:
        """Return what is known of the trips that carry an order, by their ids; an empty one where that is nothing."""
        about = {id_: (keys.trip_rider(id_), keys.receiver(order_id, id_)) for id_ in trip_ids}
        items = self._personal.get_many([place for each in about.values() for place in each])
        found = {(item["pk"], item["sk"]): item for item in items}
        return {id_: _tracking(id_, *(found.get((p["pk"], p["sk"]), {}) for p in each)) for id_, each in about.items()}

    def _put(self, pen: Pen, at: Key, said: Item, now: datetime) -> Put:
        return self._personal.put(pen, {**at, "expires": _until(now)}, said)


def _until(at: datetime) -> int:
    return int((at + KEPT).timestamp())


def _tracking(trip_id: str, rider: Item, received: Item) -> Tracking:
    rides = Rider(rider["name"], rider.get("plate")) if "name" in rider else None
    return Tracking(trip_id, rides, (_proof(received["proof"]),) if "proof" in received else ())


def _proof_to_item(proof: Proof) -> Item:
    item = {**asdict(proof), "at": to_ms(proof.at) if proof.at else None}
    return {name: value for name, value in item.items() if value is not None}


def _proof(item: Item) -> Proof:
    at = from_ms(item["at"]) if "at" in item else None
    return Proof(item["sequence"], item.get("receiver"), at, item.get("photo"), item.get("code"))

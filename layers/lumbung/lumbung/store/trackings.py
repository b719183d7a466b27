"""Who rides a trip, and who took what it brought: names, so they lie in the people table, and not for long."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from lumbung.domain.courier import Proof, Rider
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.tracking import Tracking
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT = timedelta(days=90)  # as long as a complaint about a delivery is looked into


class Trackings:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def keep_rider(self, trip_id: str, rider: Rider, *, at: datetime) -> Put:
        return self._put({**keys.trip_rider(trip_id), **asdict(rider)}, at)

    def keep_proofs(self, trip_id: str, proofs: Sequence[Proof], *, at: datetime) -> Put:
        return self._put({**keys.trip_proofs(trip_id), "proofs": [_proof_to_item(proof) for proof in proofs]}, at)

    def keep_received(self, order_id: str, trip_id: str, proof: Proof, *, at: datetime) -> Put:
        """Return the write that keeps who took an order from an own rider, beside what else it says about people."""
        return self._put({**keys.receiver(order_id, trip_id), **_proof_to_item(proof)}, at)

    def of_order(self, order_id: str, trip_ids: Iterable[str]) -> dict[str, Tracking]:
        """Return what is known of the trips that carry an order, by their ids; an empty one where that is nothing."""
        about = {id_: (keys.trip_rider(id_), keys.trip_proofs(id_), keys.receiver(order_id, id_)) for id_ in trip_ids}
        places = [place for each in about.values() for place in each]
        found = {(item["pk"], item["sk"]): item for item in self._db.get_many(self._table, places)}
        return {id_: _tracking(id_, [found.get((p["pk"], p["sk"])) for p in each]) for id_, each in about.items()}

    def _put(self, item: Item, at: datetime) -> Put:
        known = {name: value for name, value in item.items() if value is not None}
        return Put(self._table, {**known, "expires": int((at + KEPT).timestamp())})


def _tracking(trip_id: str, found: Sequence[Item | None]) -> Tracking:
    rider, proofs, received = found
    said = [*(proofs["proofs"] if proofs else ()), *([received] if received else ())]
    return Tracking(trip_id, Rider(rider["name"], rider.get("plate")) if rider else None, tuple(map(_proof, said)))


def _proof_to_item(proof: Proof) -> Item:
    item = {**asdict(proof), "at": to_ms(proof.at) if proof.at else None}
    return {name: value for name, value in item.items() if value is not None}


def _proof(item: Item) -> Proof:
    at = from_ms(item["at"]) if "at" in item else None
    return Proof(item["sequence"], item.get("receiver"), at, item.get("photo"), item.get("code"))

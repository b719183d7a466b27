"""Riders as items of the people table, under their drop-off."""

from dataclasses import replace

from lumbung.domain.rider import Rider
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

_KEPT = ("name", "phone", "plate", "active", "version")


class Riders:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def save(self, rider: Rider) -> Put:
        """Return the write of a new or changed rider; Stale when somebody else was first."""
        after = replace(rider, version=rider.version + 1)
        item = {**keys.rider(rider.dropoff_id, rider.id), **{name: getattr(after, name) for name in _KEPT}}
        if rider.version == 0:
            return Put(self._table, item, when="attribute_not_exists(pk)")
        return Put(self._table, item, when="version = :was", values={":was": rider.version})

    def find(self, dropoff_id: str, rider_id: str) -> Rider | None:
        item = self._db.get(self._table, keys.rider(dropoff_id, rider_id))
        return _rider(item) if item else None

    def of_dropoff(self, dropoff_id: str) -> list[Rider]:
        found = self._db.query(self._table, "pk = :d", {":d": keys.riders_of(dropoff_id)})
        return [_rider(item) for item in found]


def _rider(item: Item) -> Rider:
    return Rider(item["sk"], item["pk"].partition("#")[2], **{name: item[name] for name in _KEPT})

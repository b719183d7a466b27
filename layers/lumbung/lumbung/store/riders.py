"""Riders as items of the people table, under their drop-off; what is known of each is under their own key."""

from dataclasses import replace

from lumbung.domain.rider import Rider
from lumbung.store import keys
from lumbung.store.personal import Personal
from lumbung.store.table import Item, Put

_SAID, _CLEAR = ("name", "phone", "plate"), ("active", "version")


class Riders:
    def __init__(self, personal: Personal) -> None:
        self._personal = personal

    def save(self, rider: Rider) -> list[Put]:
        """Return the writes of a new or changed rider; Stale when somebody else was first."""
        after, pen = replace(rider, version=rider.version + 1), self._personal.pen(rider.id)
        item = {**keys.rider(rider.dropoff_id, rider.id), **{name: getattr(after, name) for name in _CLEAR}}
        said = {name: getattr(after, name) for name in _SAID}
        if rider.version == 0:
            return [self._personal.put(pen, item, said, when="attribute_not_exists(pk)"), *pen.writes]
        unchanged = {"when": "version = :was", "values": {":was": rider.version}}
        return [self._personal.put(pen, item, said, **unchanged), *pen.writes]

    def find(self, dropoff_id: str, rider_id: str) -> Rider | None:
        item = self._personal.get(keys.rider(dropoff_id, rider_id))
        return _rider(item) if item and "name" in item else None

    def of_dropoff(self, dropoff_id: str) -> list[Rider]:
        found = self._personal.query("pk = :d", {":d": keys.riders_of(dropoff_id)})
        return [_rider(item) for item in found if "name" in item]


def _rider(item: Item) -> Rider:
    known = {name: item[name] for name in (*_SAID, *_CLEAR)}
    return Rider(item["sk"], item["pk"].partition("#")[2], **known)

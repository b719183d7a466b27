"""Measured road distances as items of the deliveries table: one a drop-off, its matrix packed."""

import json
import zlib

from lumbung.domain.roads import Roads
from lumbung.store import keys
from lumbung.store.table import Database, Put


class MeasuredRoads:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def save(self, roads: Roads) -> Put:
        packed = zlib.compress(json.dumps(roads.metres, separators=(",", ":")).encode())
        item = {**keys.roads(roads.dropoff_id), "kind": "ROADS", "villages": list(roads.villages), "metres": packed}
        return Put(self._table, item)

    def find(self, dropoff_id: str) -> Roads | None:
        item = self._db.get(self._table, keys.roads(dropoff_id))
        if item is None:
            return None
        return Roads(dropoff_id, tuple(item["villages"]), json.loads(zlib.decompress(item["metres"])))

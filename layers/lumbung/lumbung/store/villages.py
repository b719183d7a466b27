"""Villages as items of the orders table, each found by its code."""

from collections.abc import Sequence

from lumbung.domain.village import Village
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


class Villages:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, code: str) -> Village | None:
        item = self._db.get(self._table, keys.village(code))
        return Village(code, item["name"], item["lat"], item["lng"], item.get("postal_code")) if item else None

    def put(self, villages: Sequence[Village]) -> None:
        """Write *villages*, at most a transaction's worth, over what was known of them."""
        self._db.commit(*(Put(self._table, _item(village)) for village in villages))


def _item(village: Village) -> Item:
    item: Item = {
        **keys.village(village.code),
        "kind": "VILLAGE",
        "name": village.name,
        "lat": village.lat,
        "lng": village.lng,
    }
    return item | ({"postal_code": village.postal_code} if village.postal_code else {})

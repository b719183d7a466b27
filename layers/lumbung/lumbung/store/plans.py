"""What a plan of trips left at its drop-off, and why: kept for a month, for who asks."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT = timedelta(days=30)
AT_MOST = 1_000  # orders that are named: an item has 400 KB


class Plans:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def keep(self, plan_id: str, dropoff_id: str, staying: Mapping[str, str], *, at: datetime) -> None:
        """Write the outcome of a plan; planned again, the later one counts."""
        item: Item = {
            **keys.plan(plan_id),
            "kind": "PLAN",
            "dropoff": dropoff_id,
            "staying": dict(sorted(staying.items())[:AT_MOST]),
            "expires": int((at + KEPT).timestamp()),
        }
        self._db.commit(Put(self._table, item))

    def staying(self, plan_id: str, dropoff_id: str) -> Mapping[str, str] | None:
        """Return why which orders stayed, by order; None: there is no such plan of the drop-off yet."""
        item = self._db.get(self._table, keys.plan(plan_id))
        return item["staying"] if item and item["dropoff"] == dropoff_id else None

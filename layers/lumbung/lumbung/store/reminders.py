"""Orders that are due soon, and how far they were looked through: each look goes on where the last one ended."""

from datetime import datetime, timedelta

from lumbung.domain.moments import to_ms
from lumbung.domain.reminder import LOOK_EVERY
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

Places = dict[str, Item]


class DueSoon:
    """A place is the index key of the last thing seen: nothing is seen twice, and an outage is caught up with."""

    buckets = keys.ORDERS_DUE

    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def places(self) -> Places:
        item = self._db.get(self._table, keys.reminders())
        return dict(item["places"]) if item else {}

    def keep(self, places: Places) -> None:
        self._db.commit(Put(self._table, {**keys.reminders(), "kind": "REMINDERS", "places": places}))

    def page(
        self, lead: timedelta, bucket: int, places: Places, *, now: datetime, limit: int
    ) -> tuple[list[str], Places, bool]:
        """Return up to *limit* orders that come within *lead* before the next look, the places after them, and
        whether there are more.

        What is due already is left out: it is too late to remind of it.
        """
        name = f"{int(lead.total_seconds())}#{bucket}"
        start, until = places.get(name), to_ms(now + lead + LOOK_EVERY)
        if start and start["due"] > until:
            return [], places, False  # a later look was faster
        if start and start["due"] < to_ms(now):
            start = None  # nothing lies between it and what can still be reminded of
        items, more = self._db.query_page(
            self._table,
            "due_key = :bucket AND due BETWEEN :now AND :until",
            {":bucket": keys.due_key(bucket), ":now": to_ms(now), ":until": until},
            index="by_due",
            limit=limit,
            start=start,
        )
        if not items:
            return [], places, False
        last = {field: items[-1][field] for field in ("pk", "sk", "due_key", "due")}
        ids = [id_ for kind, _, id_ in (item["pk"].partition("#") for item in items) if kind == "ORDER"]
        return ids, {**places, name: last}, more is not None

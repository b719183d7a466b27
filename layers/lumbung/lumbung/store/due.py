"""What has fallen due in a table: one look for every kind of thing, so that a quiet minute costs next to nothing."""

from collections import defaultdict
from datetime import datetime
from itertools import islice

from lumbung.domain.moments import to_ms
from lumbung.store import keys
from lumbung.store.table import Database

AT_MOST = 1_000  # of each bucket in one look; the rest is due in the next minute


class Due:
    """*spread*: over how many keys of `by_due` the table's things lie."""

    def __init__(self, db: Database, table: str, spread: int) -> None:
        self._db, self._table, self._spread = db, table, spread

    def at(self, now: datetime) -> dict[str, list[str]]:
        """Return the ids of what is due, by kind (`ORDER`, `WAVE`, `PAYMENT`, …), each oldest first."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for bucket in range(self._spread):
            values = {":b": keys.due_key(bucket), ":now": to_ms(now)}
            items = self._db.query(self._table, "due_key = :b AND due <= :now", values, index="by_due")
            for item in islice(items, AT_MOST):
                kind, _, id_ = item["pk"].partition("#")
                found[kind].append((item["due"], id_))
        return defaultdict(list, {kind: [id_ for _, id_ in sorted(due)] for kind, due in found.items()})

"""Who read whose data, day by day: written before the answer goes out, and never changed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from lumbung.domain.errors import Stale
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.reading import Reading, days
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT = timedelta(days=731)  # longer than a failure may stay unnoticed
PEOPLE_PER_ITEM = 1_000  # about 30 KB


class Readings:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def add(self, reading: Reading) -> None:
        """Write it down: in as many items as its people need."""
        people = sorted(reading.people)
        parts = [people[n : n + PEOPLE_PER_ITEM] for n in range(0, len(people), PEOPLE_PER_ITEM)]
        with suppress(Stale):  # the same request, answered once more
            self._db.commit(*(self._put(reading, n, part) for n, part in enumerate(parts)))

    def between(
        self, since: datetime, until: datetime, *, by: str | None = None, person_id: str | None = None
    ) -> Iterator[Reading]:
        """Yield what was read from *since* until before *until*, by somebody and of somebody where that is said."""
        span = {":since": f"{to_ms(since):015d}", ":until": f"{to_ms(until):015d}"}
        rules = [rule for rule, said in (("by = :by", by), ("contains(people, :person)", person_id)) if said]
        span |= {":by": by} if by else {}
        span |= {":person": person_id} if person_id else {}
        for day in days(since, until):
            values = span | {":day": keys.readings_of(day)}
            where, only = "pk = :day AND sk BETWEEN :since AND :until", " AND ".join(rules) or None
            yield from map(_from_item, self._db.query(self._table, where, values, only=only))

    def _put(self, reading: Reading, number: int, people: list[str]) -> Put:
        item: Item = {
            **keys.reading(reading.at.date(), to_ms(reading.at), reading.id, number),
            "at": to_ms(reading.at),
            "by": reading.by,
            "roles": set(reading.roles) or None,
            "route": reading.route,
            "people": set(people),
            "expires": int((reading.at + KEPT).timestamp()),
        }
        known = {name: value for name, value in item.items() if value is not None}
        return Put(self._table, known, when="attribute_not_exists(pk)")


def _from_item(item: Item) -> Reading:
    id_ = item["sk"].split("#")[1]
    roles, people = frozenset(item.get("roles", ())), frozenset(item["people"])
    return Reading(id_, from_ms(item["at"]), item["by"], roles, item["route"], people)

"""Who wanted to be forgotten, and when: ids alone, beside the orders, so that they outlive a restore of the people."""

from collections.abc import Iterator

from lumbung.domain.erasure import DONE, WAITING, Erasure
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


class Erasures:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, member_id: str) -> Erasure | None:
        """Return the latest wish."""
        asked = {":pk": keys.erasures_of(member_id)}
        found, _ = self._db.query_page(self._table, "pk = :pk", asked, newest_first=True, limit=1)
        return _from_item(found[0]) if found else None

    def save(self, erasure: Erasure) -> Put:
        item: Item = {
            **keys.erasure(erasure.member_id, to_ms(erasure.asked_at)),
            "kind": "ERASURE",
            "ids": list(erasure.ids),
            "asked_at": to_ms(erasure.asked_at),
            "done_at": to_ms(erasure.done_at) if erasure.done_at else None,
            "list_key": keys.erasures(WAITING if not erasure.swept else DONE),
            "list_sort": f"{to_ms(erasure.asked_at)}#{erasure.member_id}",
        }
        return Put(self._table, {name: value for name, value in item.items() if value is not None})

    def unfinished(self) -> Iterator[Erasure]:
        """Yield what waits for something, or was not swept to the end."""
        return self._listed(WAITING)

    def done(self) -> Iterator[Erasure]:
        return self._listed(DONE)

    def _listed(self, status: str) -> Iterator[Erasure]:
        values = {":k": keys.erasures(status)}
        return map(_from_item, self._db.query(self._table, "list_key = :k", values, index="by_list"))


def _from_item(item: Item) -> Erasure:
    return Erasure(
        member_id=item["pk"].partition("#")[2],
        ids=tuple(item["ids"]),
        asked_at=from_ms(item["asked_at"]),
        done_at=from_ms(item["done_at"]) if "done_at" in item else None,
        swept=item["list_key"] == keys.erasures(DONE),
    )

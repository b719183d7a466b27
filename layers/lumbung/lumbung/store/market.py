"""What food was bought for, as purchases showed it last: one small item per commodity and grade."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain.market import Observed
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT = timedelta(days=180)  # a price that nobody has paid for so long says nothing of today's


@dataclass(frozen=True, slots=True)
class Price:
    """What one kind of food was bought for, and when that was read."""

    observed: Observed
    read_at: datetime


class Market:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def keep(self, observed: Iterable[Observed], *, at: datetime) -> None:
        """Remember what was read *at* in place of what was read before; the same again changes nothing."""
        items = [_to_item(one, at) for one in observed]
        if items:
            self._db.commit(*(Put(self._table, item) for item in items))

    def read(self, *, since: datetime) -> list[Price]:
        """Return what was read since (at most `KEPT` ago), by commodity and grade."""
        items = self._db.query(self._table, "pk = :market", {":market": "MARKET"}, consistent=False)
        return [price for price in map(_from_item, items) if price.read_at >= since]


def _to_item(one: Observed, at: datetime) -> Item:
    return {
        **keys.market(one.commodity, one.grade),
        "kind": "MARKET",
        "seen": one.seen,
        "sample": list(one.sample),
        "read_at": to_ms(at),
        "expires": int((at + KEPT).timestamp()),
    }


def _from_item(item: Item) -> Price:
    commodity, _, grade = item["sk"].partition("#")
    return Price(Observed(commodity, grade or None, item["seen"], tuple(item["sample"])), from_ms(item["read_at"]))

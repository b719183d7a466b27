"""The cash of each drop-off as one item, so that its limit and its hand-overs are decided in the write itself."""

from collections.abc import Sequence

from lumbung.domain import cash
from lumbung.domain.cash import Till
from lumbung.domain.errors import LimitExceeded, LumbungError
from lumbung.store import keys
from lumbung.store.table import Database, Item, Update


class Tills:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def get(self, dropoff_id: str) -> Till:
        """Return the till, strongly read; empty when nothing was ever taken."""
        return _from_item(self._db.get(self._table, keys.till(dropoff_id)) or keys.till(dropoff_id))

    def get_many(self, dropoff_ids: Sequence[str]) -> dict[str, Till]:
        found = map(_from_item, self._db.get_many(self._table, [keys.till(id_) for id_ in dropoff_ids]))
        return {id_: Till(id_) for id_ in dropoff_ids} | {till.dropoff_id: till for till in found}

    def take(self, dropoff_id: str, amount: int, *, limit: int | None, otherwise: LumbungError | None = None) -> Update:
        """Return the write that adds *amount* to what is on hand; LimitExceeded, or *otherwise*, above *limit*."""
        when, values = None, {":n": amount}
        if limit is not None:
            when = "held <= :room" if limit < amount else "attribute_not_exists(held) OR held <= :room"
            values[":room"] = limit - amount
        return Update(
            self._table,
            keys.till(dropoff_id),
            change="ADD collected :n, held :n, free :n",
            when=when,
            values=values,
            otherwise=otherwise or cash.over_limit(limit),
        )

    def announce(self, dropoff_id: str, amount: int) -> Update:
        """Return the write that sets *amount* aside for a hand-over; LimitExceeded above what is free."""
        return Update(
            self._table,
            keys.till(dropoff_id),
            change="ADD announced :n SET free = free - :n",
            when="free >= :n",
            values={":n": amount},
            otherwise=LimitExceeded("Setoran melebihi kas yang belum disetorkan."),
        )

    def hand_over(self, dropoff_id: str, *, announced: int, counted: int) -> Update:
        """Return the write that takes off what was counted; the rest of what was announced is free again."""
        return Update(
            self._table,
            keys.till(dropoff_id),
            change="ADD remitted :counted SET held = held - :counted, announced = announced - :announced,"
            " free = free + :rest",
            when="announced >= :announced",
            values={":announced": announced, ":counted": counted, ":rest": announced - counted},
        )


def _from_item(item: Item) -> Till:
    dropoff_id = item["pk"].partition("#")[2]
    return Till(dropoff_id, item.get("collected", 0), item.get("remitted", 0), item.get("announced", 0))

"""Hand-overs at the desk, and the tries of a pick-up code that came before each."""

from datetime import datetime, timedelta

from lumbung.domain.errors import LumbungError, Stale, TooMany
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.order import Order
from lumbung.domain.pickup_code import LOCKED_S, TRIES
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update


class _Spent(LumbungError):
    """All tries are used up, until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Handovers:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def count_try(self, order_id: str, *, at: datetime) -> None:
        """Count a try before its code is looked at, so that rival guesses cannot outrun the lock; TooMany.

        tries before   last one           then
        0 to 4         any time           counted
        5              15 min ago         counted as the first again
        5              less than that     TooMany
        """
        until = to_ms(at + timedelta(seconds=LOCKED_S))
        try:
            self._db.commit(
                Update(
                    self._table,
                    keys.code(order_id),
                    change="SET until = :until ADD tries :one",
                    when="attribute_not_exists(tries) OR tries < :most",
                    values={":until": until, ":one": 1, ":most": TRIES},
                    otherwise=lambda old: _Spent(from_ms((old or {})["until"])),
                )
            )
        except _Spent as spent:
            if at < spent.until:
                raise _locked(spent.until - at) from None
            try:
                self._begin_again(order_id, until=until, at=at)
            except Stale:
                self.count_try(order_id, at=at)  # a rival was the first again

    def _begin_again(self, order_id: str, *, until: int, at: datetime) -> None:
        self._db.commit(
            Update(
                self._table,
                keys.code(order_id),
                change="SET until = :until, tries = :one",
                when="until <= :at",
                values={":until": until, ":one": 1, ":at": to_ms(at)},
            )
        )

    def forget_tries(self, order_id: str) -> Update:
        """Return the write after a right code: the next try is the first again."""
        return Update(self._table, keys.code(order_id), change="SET tries = :none", values={":none": 0})

    def forgive(self, order_id: str) -> None:
        """Take back tries of a right code that could not be acted on."""
        self._db.commit(self.forget_tries(order_id))

    def add(self, order: Order, *, at: datetime, by: str) -> Put:
        """Return the record of a hand-over: an order has at most one."""
        item: Item = {
            **keys.handover(order.id),
            "kind": "HANDOVER",
            "order_key": order.id,
            "wave": order.wave_id,
            "dropoff": order.dropoff_id,
            "packs": {line.offer_id: line.granted for line in order.lines if line.granted},
            "at": to_ms(at),
            "by": by,
        }
        return Put(self._table, item, when="attribute_not_exists(pk)")


def _locked(left: timedelta) -> TooMany:
    seconds = max(1, -(-int(left.total_seconds() * 1000) // 1000))
    return TooMany(f"Kode salah {TRIES} kali: pesanan ini terkunci.", retry_after_s=seconds)

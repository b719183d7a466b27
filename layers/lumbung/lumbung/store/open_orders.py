"""Per drop-off of a wave: what was allocated to it, and how many of its orders are not yet at their end.

Laid out once, when the drop-off is allocated; consignments are made from it. Counted down in the same
transaction in which an order reaches its end, so that a wave is known to be complete without a search.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lumbung.domain.errors import InvalidState
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update
from lumbung.store.waves import Waves


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """*orders* still on their way at a drop-off; *packs* that its members get, by offer."""

    wave_id: str
    dropoff_id: str
    orders: int
    packs: Mapping[str, int]


def lay_out(table: str, opened: OpenOrders) -> Put:
    item = {
        **keys.open_orders(opened.wave_id, opened.dropoff_id),
        "kind": "OPEN",
        "wave": opened.wave_id,
        "dropoff": opened.dropoff_id,
        "orders": opened.orders,
        "packs": dict(opened.packs),
    }
    return Put(table, item, when="attribute_not_exists(pk)")


def finish(table: str, wave_id: str, dropoff_id: str, *, orders: int = 1) -> Update:
    """Return the write that counts one order (or more) of the drop-off as at its end."""
    return Update(
        table,
        keys.open_orders(wave_id, dropoff_id),
        change="SET orders = orders - :n",
        when="orders >= :n",
        values={":n": orders},
        otherwise=InvalidState(f"{dropoff_id} has no open order left in {wave_id}"),
    )


def correct(table: str, wave_id: str, dropoff_id: str, offer_id: str, change: int, *, ended: int) -> Update:
    """Return the write by which a drop-off's members get *change* more packs, and *ended* orders are at their end."""
    counted = finish(table, wave_id, dropoff_id, orders=ended)
    also = f", packs.{offer_id} = packs.{offer_id} + :change"
    return replace(counted, change=counted.change + also, values={**counted.values, ":change": change})


def of_wave(db: Database, table: str, wave_id: str) -> Iterator[OpenOrders]:
    where, values = "pk = :pk AND begins_with(sk, :open)", {":pk": f"WAVE#{wave_id}", ":open": "OPEN#"}
    for item in db.query(table, where, values):
        yield from_item(item)


class Goods:
    """What is known of a wave's goods, drop-off by drop-off, once it is allocated."""

    def __init__(self, db: Database, table: str, waves: Waves) -> None:
        self._db, self._table, self._waves = db, table, waves

    def lay_out(self, wave_id: str, dropoff_id: str, *, orders: int, packs: Mapping[str, int]) -> Put:
        return lay_out(self._table, OpenOrders(wave_id, dropoff_id, orders, packs))

    def of_wave(self, wave_id: str) -> Iterator[OpenOrders]:
        return of_wave(self._db, self._table, wave_id)

    def correct(self, wave_id: str, dropoff_id: str, offer_id: str, change: int, *, ended: int) -> Update:
        return correct(self._table, wave_id, dropoff_id, offer_id, change, ended=ended)

    def complete_if_done(self, wave_id: str) -> bool:
        """Complete the wave if no order of any of its drop-offs is still on its way; say whether it was done."""
        wave = self._waves.get(wave_id)
        open_orders = list(of_wave(self._db, self._table, wave_id))
        waiting = len(open_orders) < len(wave.dropoff_ids) or any(opened.orders for opened in open_orders)
        if waiting or wave.status not in ("allocated", "delivering"):
            return False
        self._waves.commit(self._waves.save(wave.complete()))
        return True


def from_item(item: Item) -> OpenOrders:
    return OpenOrders(item["wave"], item["dropoff"], item["orders"], item["packs"])

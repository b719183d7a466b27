"""Hand-overs at the desk, and the tries of a pick-up code that came before each."""

from datetime import datetime

from lumbung.domain.moments import to_ms
from lumbung.domain.order import Order
from lumbung.domain.pickup_code import TRIES
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update
from lumbung.store.tries import Tries

LOCKED = f"Kode salah {TRIES} kali: pesanan ini terkunci."


class Handovers:
    def __init__(self, db: Database, table: str) -> None:
        self._table, self._tries = table, Tries(db, table)

    def count_try(self, order_id: str, *, at: datetime) -> None:
        """Count a try of an order's code before it is looked at; TooMany."""
        self._tries.count(keys.code(order_id), at=at, locked=LOCKED)

    def forget_tries(self, order_id: str) -> Update:
        """Return the write after a right code: the next try is the first again."""
        return self._tries.forget(keys.code(order_id))

    def forgive(self, order_id: str) -> None:
        """Take back tries of a right code that could not be acted on."""
        self._tries.forgive(keys.code(order_id))

    def add(self, order: Order, *, at: datetime, by: str) -> Put:
        """Return the record of a hand-over: an order has at most one."""
        item: Item = {
            **keys.handover(order.id),
            "kind": "HANDOVER",
            "order_key": order.id,
            "wave": order.wave_id,
            "dropoff": order.dropoff_id,
            "packs": dict(order.granted_by_offer),
            "at": to_ms(at),
            "by": by,
        }
        return Put(self._table, item, when="attribute_not_exists(pk)")

"""Hand-overs at the desk, the tries of a pick-up code before each, and what devices tell of them afterwards."""

from datetime import datetime

from lumbung.domain.desk import left
from lumbung.domain.errors import AlreadyDone
from lumbung.domain.moments import to_ms
from lumbung.domain.offline import Told
from lumbung.domain.order import Order
from lumbung.domain.people import Proxy
from lumbung.domain.pickup_code import TRIES
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update
from lumbung.store.tries import Tries

LOCKED = f"Kode salah {TRIES} kali: pesanan ini terkunci."


class Handovers:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table, self._tries = db, table, Tries(db, table)

    def count_try(self, order_id: str, *, at: datetime) -> None:
        """Count a try of an order's code before it is looked at; TooMany."""
        self._tries.count(keys.code(order_id), at=at, locked=LOCKED)

    def forget_tries(self, order_id: str) -> Update:
        """Return the write after a right code: the next try is the first again."""
        return self._tries.forget(keys.code(order_id))

    def forgive(self, order_id: str) -> None:
        """Take back tries of a right code that could not be acted on."""
        self._tries.forgive(keys.code(order_id))

    def add(
        self, before: Order, after: Order, way: str, *, at: datetime, by: str,
        device: str | None = None, proxy: Proxy | None = None,
    ) -> Put:  # fmt: skip
        """Return the record of packs that went over the desk: what *after* has less than *before*, and which *way*.

        *proxy*: who took them in the member's place, by the number under which `people` knows them. The order, changed
        in the same transaction over this very version of it, keeps the record from being written twice.
        """
        number = len(before.history)
        item: Item = {
            **keys.handover(before.id, number),
            "kind": "HANDOVER",
            "wave": before.wave_id,
            "dropoff": before.dropoff_id,
            "way": way,
            "packs": dict(left(before) - left(after)),
            "at": to_ms(at),
            "by": by,
            "device": device,
            "proxy": proxy.number if proxy else None,
        }
        told = {name: value for name, value in item.items() if value is not None}
        return Put(self._table, told)

    # -- what devices tell later

    def told(self, told: Told) -> Put:
        """Return the write of what a device told of one hand-over; AlreadyDone names how it ended the first time."""
        item = {
            **keys.told_by_device(told.dropoff_id, told.device, told.number),
            "kind": "DEVICE",
            "hash": told.hash,
            "outcome": told.outcome,
            "order": told.order_id,
            "at": to_ms(told.at),
            "by": told.by,
        }
        return Put(self._table, item, when="attribute_not_exists(pk)", otherwise=_told_before)

    def told_before(self, dropoff_id: str, device: str, number: int) -> AlreadyDone | None:
        item = self._db.get(self._table, keys.told_by_device(dropoff_id, device, number))
        return _told_before(item) if item else None


def _told_before(old: Item | None) -> AlreadyDone:
    if old is None:
        raise RuntimeError("the refusing record was not returned")
    return AlreadyDone(old["outcome"], request_hash=old["hash"])

"""Purchase orders: the head of each, written once; its lines follow from the closing run's parts."""

from lumbung.domain.errors import AlreadyDone
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.purchase_order import PurchaseOrder
from lumbung.store import keys
from lumbung.store.table import Database, Put


class PurchaseOrders:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def place(self, order: PurchaseOrder) -> bool:
        """Write the head of a purchase order; False when it is there already."""
        item = {
            **keys.purchase_order(order.wave_id, order.cooperative_id),
            "number": order.number,
            "name": order.cooperative,
            "regency": order.regency,
            "at": to_ms(order.at),
        }
        new = Put(
            self._table,
            item,
            when="attribute_not_exists(pk)",
            otherwise=AlreadyDone(order.number, request_hash=""),
        )
        try:
            self._db.commit(new)
        except AlreadyDone:
            return False
        return True

    def find(self, wave_id: str, cooperative_id: str) -> PurchaseOrder | None:
        """Return the head of a cooperative's order, without its lines."""
        item = self._db.get(self._table, keys.purchase_order(wave_id, cooperative_id))
        if item is None:
            return None
        at = from_ms(item["at"])
        return PurchaseOrder(item["number"], wave_id, cooperative_id, item["name"], item["regency"], at)

"""Every cooperative's purchase order is written, once the wave's orders know what they get."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain.purchase_order import purchase_order
from lumbung.domain.wave import Wave
from ordering.closing_ports import Cooperatives, PurchaseOrders


@dataclass(frozen=True, slots=True)
class OrderGoods:
    """Writes purchase orders; a repeat leaves them as they are."""

    cooperatives: Cooperatives
    purchase_orders: PurchaseOrders
    now: Callable[[], datetime]

    def __call__(self, wave: Wave) -> None:
        known = self.cooperatives.get_many(list(wave.cooperative_ids))
        for cooperative_id in wave.cooperative_ids:
            self.purchase_orders.place(purchase_order(wave, known[cooperative_id], at=self.now()))

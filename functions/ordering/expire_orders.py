"""Unpaid orders make room for others."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.order import Order
from ordering.ports import Orders, Waves, Write


def expire_orders(*, now: datetime, waves: Waves, orders: Orders) -> int:
    """Expire every order whose time is over, and return how many; their packs can be ordered again."""
    overdue = list(orders.overdue(now))
    return sum(expire(order_id, now=now, waves=waves, orders=orders) for order_id in overdue)


def expire(order_id: str, *, now: datetime, waves: Waves, orders: Orders) -> bool:
    """Expire one order if it is still unpaid and due: pay against expire has one winner."""
    expired = False

    def step(order: Order) -> tuple[Order, Sequence[Write]]:
        nonlocal expired
        expired = order.is_overdue(now)
        if not expired:
            return order, []
        wave = waves.recent(order.wave_id)
        return order.expire(at=now), orders.leave(order, wave, at=None)

    orders.change(order_id, step)
    return expired

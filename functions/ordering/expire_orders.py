"""Unpaid orders make room for others."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.order import Order
from ordering.ports import Orders, Refunds, Waves, Write


def expire(order_id: str, *, now: datetime, waves: Waves, orders: Orders, refunds: Refunds) -> bool:
    """Expire an order if it is still unpaid and due: pay against expire has one winner, and its packs are free again.

    What it keeps beyond its due is promised back in the same transaction: all, or, where only the difference of
    an edit was not paid and the order is again what it was, whatever of the difference came in.
    """
    expired = False

    def step(order: Order) -> tuple[Order, Sequence[Write]]:
        nonlocal expired
        expired = order.is_overdue(now)
        if not expired:
            return order, []
        wave = waves.recent(order.wave_id)
        after = order.expire(at=now)
        writes = list(orders.follow(order, after, wave))
        surplus = after.kept - after.owed
        if surplus > 0:
            _, after, promised = refunds.decide(
                after,
                surplus,
                cause=f"expired {order.version}",
                reason="Selisih tidak dibayar penuh" if after.live else "Pesanan kedaluwarsa",
                liable="member",
                at=now,
                by="clock",
            )
            writes += promised
        return after, writes

    orders.change(order_id, step)
    return expired

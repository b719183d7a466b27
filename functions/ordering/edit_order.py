"""A member, or their person in charge, changes an order while its wave is open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.order_edit import Edit
from lumbung.domain.tariff import Tariff
from ordering.ports import Memory, Orders, Refunds, Said, Waves, Write


def edit_order(
    order_id: str,
    edit: Edit,
    said: Said,
    *,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    tariff: Tariff,
    waves: Waves,
    orders: Orders,
    refunds: Refunds,
) -> Order:
    """Return the order as changed: packs, limits, address and money in one transaction.

    What it costs less is promised back; what it costs more is owed, and awaited as for a new order. *said* goes
    to `people`. Invalid; SoldOut, WaveNotOpen, LimitExceeded, InvalidState.
    """

    def step(order: Order) -> tuple[Order, Sequence[Write]]:
        wave = waves.recent(order.wave_id)
        wanted = edit.of(order, wave, tariff=tariff, at=at, by=by)
        after = orders.hold(replace(wanted, private=order.private or any(said.values())), wave, was=order)
        writes = [remember(once, order_id), *orders.follow(order, after, wave, at=at, said=said)]
        surplus = after.kept - after.total
        if surplus > 0:
            _, after, promised = refunds.decide(
                after,
                surplus,
                cause=f"edited {order.version}",
                reason="Pesanan diubah",
                liable="member",
                at=at,
                by=by,
            )
            writes += promised
        return after, writes

    return orders.change(order_id, step)

"""A member, or somebody for them, takes an order back while its wave is open."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.errors import WaveNotOpen
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from ordering.ports import Memory, Orders, Refunds, Waves, Write


def cancel_order(
    order_id: str,
    *,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    waves: Waves,
    orders: Orders,
    refunds: Refunds,
) -> Order:
    """Give the packs back and promise the money back; WaveNotOpen once the wave has closed."""

    def step(order: Order) -> tuple[Order, Sequence[Write]]:
        wave = waves.recent(order.wave_id)
        if wave.state(at) != "open":
            raise WaveNotOpen("Pesanan hanya dapat dibatalkan sebelum gelombang ditutup.")
        after = order.cancel(at=at, by=by)
        writes = [remember(once, order_id), *orders.follow(order, after, wave, at=at)]
        if after.kept > 0:
            _, after, promised = refunds.decide(
                after, after.kept, cause="cancelled", reason="Pesanan dibatalkan", liable="member", at=at, by=by
            )
            writes += promised
        return after, writes

    return orders.change(order_id, step)

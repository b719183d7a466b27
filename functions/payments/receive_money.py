"""Money has come in for an order: what it does depends on what the order waits for (design, section 3)."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.booking import Booking, Money
from lumbung.domain.order import Order
from payments.ports import Orders, Waves, Write


def receive_money(
    booking: Booking, money: Money, *, now: datetime, revive: bool, orders: Orders, waves: Waves
) -> Booking:
    """Return the booking with *money* in it; the packs that its order then holds follow it when it is committed.

    With *revive* an expired order may take its packs anew; whether some are left is known for certain only
    when it is committed. Then it is refused (SoldOut, WaveNotOpen, LimitExceeded, InvalidState), and tried
    again without.
    """
    order = booking.order
    if order.status == "placed":
        if _still_counts(order, money, now, waves):
            return booking.pay(money)
        return booking.give_up(money)
    if order.status == "expired":
        wave = waves.recent(order.wave_id)
        if revive and order.kept + money.amount >= order.total and wave.state(money.at) == "open":
            return booking.revive(money, orders.hold(order, wave).holds)
        return booking.refuse(money)
    if order.status == "cancelled":
        return booking.refuse(money)
    if order.kept < order.owed and order.kept + money.amount <= order.owed:
        return booking.recover(money)
    return booking.credit(money)


def follow(before: Order, after: Order, *, at: datetime, orders: Orders, waves: Waves) -> Sequence[Write]:
    """Return the writes by which packs and limits follow an order that money has changed.

    Packs go back whenever it is; taken anew they are only if the wave was open *at* the money's time.
    """
    if (before.holds, before.paid_for) == (after.holds, after.paid_for):
        return ()
    return orders.follow(before, after, waves.recent(before.wave_id), at=None if before.holds else at)


def _still_counts(order: Order, money: Money, now: datetime, waves: Waves) -> bool:
    """Whether an order that waits is paid by this money.

    The order still holds its packs. Money that moved in time counts, however late the news, as long as the
    wave was not frozen meanwhile; money that moved late counts while the wave is open.
    """
    if not order.is_overdue(now):
        return True
    wave = waves.get(order.wave_id)
    if wave.state(now) == "open":
        return True
    return wave.status == "published" and not order.is_overdue(money.at)

"""Packs that nobody fetched in time are sold to somebody else, given away, or thrown away."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.ports import Bookings, Finish, Handovers, Remember, Waves, Write
from lumbung.domain.booking import Booking
from lumbung.domain.desk import Packs, ended
from lumbung.domain.leftovers import let_go
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.uncollected import REFUND_IF_SOLD


def let_leftovers_go(
    order_id: str, way: str, lines: Sequence[Packs], *, amount: int | None, at: datetime, by: str, once: Once,
    remember: Remember, bookings: Bookings, handovers: Handovers, waves: Waves, finish: Finish,
) -> Order:  # fmt: skip
    """Return the order after *lines* of it went *way*; with the last of them it is over. Invalid, InvalidState."""

    def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
        before = booking.order
        rule = waves.get(before.wave_id).uncollected
        after = let_go(booking, way, lines, rule.rule if rule else REFUND_IF_SOLD, amount=amount, at=at, by=by)
        writes = [remember(once, order_id), handovers.add(before, after.order, way, at=at, by=by)]
        if ended(after.order):
            writes.append(finish(before.wave_id, before.dropoff_id, orders=1))
        return after, writes

    return bookings.decide(order_id, step, once).order

"""The programme office decides that a member gets money back."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.booking import Booking
from lumbung.domain.once import Once
from lumbung.domain.refund import Refund
from payments.ports import Bookings, Memory, Write


def decide_refund(
    order_id: str,
    amount: int,
    *,
    reason: str,
    liable: str,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    bookings: Bookings,
) -> Refund:
    """Promise *amount* rupiah; AmountMismatch when more than the order still holds, also under concurrency."""
    refund_id = ids.within(order_id, "ref_", once.id)

    def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
        after = booking.decide(amount, cause=once.id, reason=reason, liable=liable, at=at, by=by)
        return after, [remember(once, refund_id)]

    return bookings.change(order_id, step).refunds[refund_id]

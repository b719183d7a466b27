"""A refund that no provider gives back is paid by hand: from the bank by an operator, or from a till."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.booking import Booking
from lumbung.domain.cash import Remittance, refund_slip_id
from lumbung.domain.errors import InvalidState
from lumbung.domain.once import Once
from lumbung.domain.refund import CASH, TRANSFER, Refund
from payments.ports import Bookings, Memory, Remittances, Tills, Write


def transfer_refund(
    refund: Refund, *, reference: str, by: str, at: datetime, once: Once, remember: Memory, bookings: Bookings
) -> Refund:
    """Note that *by* has sent it from the bank; InvalidState while it is under way, or once it is done."""

    def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
        asked = booking.ask(refund.id, TRANSFER, by=by, at=at, reference=reference)
        return asked, [remember(once, refund.id)]

    return bookings.decide(refund.order_id, step, once).refunds[refund.id]


def pay_refund_from_till(
    refund: Refund,
    *,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    bookings: Bookings,
    tills: Tills,
    remittances: Remittances,
) -> Refund:
    """Set cash aside that *by* hands to the member; LimitExceeded when less is on hand, InvalidState.

    Only what was paid in cash goes back in cash.
    """

    def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
        order = booking.order
        if order.paid_by.get("cash", 0) < refund.amount:
            raise InvalidState("Pesanan ini tidak dibayar tunai sebesar itu: kembalikan lewat transfer.")
        asked = booking.ask(refund.id, CASH, by=by, at=at)
        slip = Remittance(
            refund_slip_id(refund.id, len(asked.refunds[refund.id].steps)),
            order.dropoff_id, refund.amount, "pengembalian", by, at, refund_id=refund.id,
        )  # fmt: skip
        return asked, [remember(once, refund.id), remittances.add(slip), tills.announce(order.dropoff_id, slip.amount)]

    return bookings.decide(refund.order_id, step, once).refunds[refund.id]

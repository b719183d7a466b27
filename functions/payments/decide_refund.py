"""The programme office decides that a member gets money back, and who is liable."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.booking import Booking
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.liability import bearer
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.refund import Refund
from payments.ports import Bookings, Memory, Write


def decide_refund(
    order_id: str,
    amount: int,
    *,
    reason: str,
    liable: str,
    party: str | None,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    bookings: Bookings,
) -> Refund:
    """Promise *amount* rupiah; AmountMismatch when more than the order still holds, also under concurrency.

    *party*: which cooperative or courier is liable; Invalid where it must be said.
    """
    refund_id = ids.within(order_id, "ref_", once.id)

    def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
        account = bearer_of(booking.order, liable, party)
        after = booking.decide(amount, cause=once.id, reason=reason, liable=liable, bearer=account, at=at, by=by)
        return after, [remember(once, refund_id)]

    return bookings.decide(order_id, step, once).refunds[refund_id]


def bearer_of(order: Order, liable: str, party: str | None) -> str:
    """Return the account that pays for a refund of *order*; Invalid when it is not clear which.

    liable               party          account
    cooperative          -              cooperative:<the order's only one>
    cooperative          one of its     cooperative:<party>
    courier              a courier      courier:<party>
    courier              -              claim:courier
    pic                  -              claim:<the order's drop-off>
    programme, member    -              write_off
    """
    if liable == "cooperative":
        known = sorted({line.cooperative_id for line in order.lines})
        if party is None and len(known) > 1:
            raise Invalid("Sebutkan koperasi yang menanggung.", [Fault("/party", f"salah satu dari {known}")])
        if party is not None and party not in known:
            raise Invalid("Koperasi ini tidak memasok pesanan.", [Fault("/party", f"salah satu dari {known}")])
        party = party or known[0]
    return bearer(liable, cooperative_id=party or "", dropoff_id=order.dropoff_id, courier=party)

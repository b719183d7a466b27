"""Refunds that were decided are asked of the provider, where it gives money back by itself.

QRIS goes back through Midtrans; virtual accounts and cash are paid back by hand, and stay `decided` until then.
"""

from lumbung.domain.errors import Conflict, ProviderUnavailable, Stale
from lumbung.domain.payment import QRIS, Payment
from lumbung.domain.refund import Refund
from payments.ports import Bookings, Payments, Provider, Settle


def refund_member(refund_id: str, *, payments: Payments, bookings: Bookings, provider: Provider, settle: Settle) -> str:
    """Ask the provider for the refund and apply what it then says; return the outcome.

    The refund is marked `requested` before the call, and its own id is the provider's refund key: asked
    again after a crash it is the same refund. ProviderUnavailable when it has to be asked again.
    """
    refund = bookings.refund(refund_id)
    if not refund.owed or refund.status == "failed":
        return refund.status
    payment = _refundable(refund, payments)
    if payment is None:
        return "by_hand"
    if refund.status == "decided":
        bookings.commit(bookings.save_refund(refund.request()))
    try:
        provider.refund(payment, refund_id=refund_id, amount=refund.amount, reason=refund.reason)
    except ProviderUnavailable:
        raise
    except Conflict:  # Midtrans will not: somebody has to give it back by hand
        return _failed(refund_id, bookings)
    if state := provider.status(payment):
        settle(payment.id, state)
    return bookings.refund(refund_id).status


def _refundable(refund: Refund, payments: Payments) -> Payment | None:
    """Return the payment that the refund can go back through."""
    for payment in payments.of_order(refund.order_id):
        if payment.method == QRIS and not payment.suspended and payment.held >= refund.amount:
            return payment
    return None


def _failed(refund_id: str, bookings: Bookings) -> str:
    refund = bookings.refund(refund_id)
    if refund.status != "requested":
        return refund.status
    try:
        bookings.commit(bookings.save_refund(refund.fail()))
    except Stale:
        return "changed"
    return "failed"

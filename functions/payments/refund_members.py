"""Refunds that were decided are asked of the provider, where it gives money back by itself.

QRIS goes back through its provider while its window is open; virtual accounts and cash are paid back by hand, and
stay `decided` until then.
"""

from datetime import datetime

from lumbung.domain.errors import Conflict, ProviderUnavailable, Stale
from lumbung.domain.payment import Payment
from lumbung.domain.refund import PROVIDER, Refund, by_provider
from payments.ports import Bookings, Payments, Provider, Settle


def refund_member(
    refund_id: str, *, now: datetime, payments: Payments, bookings: Bookings, provider: Provider, settle: Settle
) -> str:
    """Ask the provider for the refund and apply what it then says; return the outcome.

    The refund is marked `requested` before the call, and its own id is the provider's refund key: asked
    again after a crash it is the same refund. ProviderUnavailable when it has to be asked again.
    """
    refund = bookings.refund(refund_id)
    if not refund.owed or refund.status == "failed":
        return refund.status
    if refund.under_way_by_hand:
        return "by_hand"
    payment = _refundable(refund, payments, now)
    if payment is None:
        return _failed(refund_id, "clock", now, bookings) if refund.status == "requested" else "by_hand"
    if refund.status == "decided":
        bookings.commit(bookings.save_refund(refund.ask(PROVIDER, by=payment.provider, at=now)))
    try:
        provider.refund(payment, refund_id=refund_id, amount=refund.amount, reason=refund.reason)
    except ProviderUnavailable:
        raise
    except Conflict:  # Midtrans will not: somebody has to give it back by hand
        return _failed(refund_id, payment.provider, now, bookings)
    if state := provider.status(payment):
        settle(payment.id, state)
    return bookings.refund(refund_id).status


def _refundable(refund: Refund, payments: Payments, now: datetime) -> Payment | None:
    """Return the payment that the refund can go back through; once asked for, it stays the same one."""
    asked = refund.request
    at = asked.at if asked and refund.status == "requested" else now
    found = (p for p in payments.of_order(refund.order_id) if by_provider(p, refund.amount, now=at))
    return next(found, None)


def _failed(refund_id: str, by: str, now: datetime, bookings: Bookings) -> str:
    refund = bookings.refund(refund_id)
    if refund.status != "requested":
        return refund.status
    try:
        bookings.commit(bookings.save_refund(refund.fail(at=now, by=by)))
    except Stale:
        return "changed"
    return "failed"

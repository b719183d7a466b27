"""No news is no proof: payments of which nothing was heard are asked about, and stopped once nobody waits for them."""

from datetime import datetime, timedelta

from lumbung.domain.order import Order
from lumbung.domain.payment import Payment
from payments.ports import Orders, Payments, Provider, Settle
from payments.settle_payment import NotUnderstood, OldAnswer
from payments.stop_payment import stop_payment

AGAIN = timedelta(minutes=5)
AFTER_EXPIRY = timedelta(seconds=30)


def watch_payment(
    payment_id: str, *, now: datetime, payments: Payments, orders: Orders, provider: Provider, settle: Settle
) -> str:
    """Learn what the provider knows, and return the payment's status; ProviderUnavailable."""
    payment = payments.find(payment_id)
    if payment is None or payment.status != "pending":
        return "done"
    state = provider.status(payment)
    if state is None:
        payments.commit(payments.save(payment.never_reached()))
        return "never_reached"
    try:
        payment = settle(payment_id, state)
    except (OldAnswer, NotUnderstood):
        payments.look_again(payment, at=now + AGAIN)
        return "unclear"
    if payment.status != "pending":
        return payment.status
    if not (_is_live(payment, payments) and wanted(payment, orders.get(payment.order_id), now)):
        return stop_payment(payment, payments=payments, provider=provider, settle=settle).status
    payments.look_again(payment, at=next_look(payment, now))
    return "pending"


def _is_live(payment: Payment, payments: Payments) -> bool:
    """Whether it is its order's one attempt; one that was set aside because its provider was silent is not."""
    live = payments.live_attempt(payment.order_id)
    return live is not None and live.id == payment.id


def wanted(payment: Payment, order: Order, now: datetime) -> bool:
    """Whether somebody should still pay this: its order waits for exactly this amount, and there is time."""
    waits = order.status == "placed" and order.balance == payment.amount
    return waits and (payment.expires_at is None or now < payment.expires_at)


def next_look(payment: Payment, now: datetime) -> datetime:
    if payment.expires_at is None:
        return now + AGAIN
    return max(now + AFTER_EXPIRY, min(now + AGAIN, payment.expires_at + AFTER_EXPIRY))

"""A member asks how to pay: one live attempt per order, known here before any provider hears of it."""

from datetime import datetime, timedelta

from lumbung.domain.errors import InvalidState, LimitExceeded, ProviderUnavailable, Stale
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.payment import EARLIER_THAN_ORDER, QRIS, QRIS_LIMIT, TOO_LATE_TO_ASK, Payment, ProviderState
from lumbung.domain.payment_provider import PaymentProvider, Providers
from lumbung.domain.qris import NotThisCode, check_code
from payments.begin_attempt import Wish, begin_attempt
from payments.ports import Memory, Orders, Payments, Settle
from payments.stop_payment import stop_payment

LOOK_AFTER = timedelta(minutes=5)  # when the schedule first asks about a payment of which nothing was heard
TRIES = 8


def ask_for_payment(
    order_id: str,
    wish: Wish,
    *,
    at: datetime,
    now: datetime,
    once: Once,
    remember: Memory,
    orders: Orders,
    payments: Payments,
    providers: Providers,
    merchant: str,
    settle: Settle,
) -> Payment:
    """Return a pending payment of what the order still owes, in place of an earlier attempt.

    The providers that serve this way of paying are asked in their order; the next one only after the one before
    was looked up in vain. Nobody was told how to pay what one of them may have made all the same: it is set
    aside, and stopped once its provider answers. *merchant*: whom a QRIS code must pay (NMID).

    InvalidState (not waiting for money, or less than a minute left), ProviderUnavailable. A request that
    failed leaves an attempt that nobody was told of: the same key goes on with it, any other replaces it.
    """
    asked_in_vain: set[str] = set()
    for _ in range(TRIES):
        order = orders.get(order_id)
        amount = payable(order, wish.method, at=at)
        left = [p for p in providers.offering(wish.method, wish.bank) if p.name not in asked_in_vain]
        if not left:
            break
        try:
            payment, known = begin_attempt(
                order, wish, amount, left,
                now=now, look_at=now + LOOK_AFTER, payments=payments, providers=providers, settle=settle,
            )  # fmt: skip
            provider = providers.of(payment)
            state = _charge(payment, known, provider, now, payments)
            if state is None:
                asked_in_vain.add(provider.name)
            elif state.status != "pending":
                settle(payment.id, state)
            elif _may_be_shown(payment, state, merchant):
                told = payment.tell(state)
                payments.commit(remember(once, told.id), payments.save(told, look_at=now + LOOK_AFTER))
                return told
            else:
                if state.instructions:
                    asked_in_vain.add(provider.name)  # it does not give what was asked for
                stop_payment(payment, payments=payments, provider=provider, settle=settle)
        except Stale:
            continue  # somebody else asked, paid or stopped meanwhile: look again
    raise ProviderUnavailable("Pembayaran belum dapat dibuat, silakan coba lagi.")


def payable(order: Order, method: str, *, at: datetime) -> int:
    """Return what the order still owes, or refuse: InvalidState."""
    if order.status != "placed" or order.is_overdue(at) or order.balance <= 0:
        raise InvalidState(f"Pesanan ini tidak menunggu pembayaran (status {order.status}).")
    if order.payment_due_at - at < TOO_LATE_TO_ASK:
        raise InvalidState("Kurang dari satu menit sebelum batas pembayaran.")
    if method == QRIS and order.balance > QRIS_LIMIT:
        raise InvalidState(f"QRIS paling banyak Rp {QRIS_LIMIT}; gunakan virtual account.")
    return order.balance


def _charge(
    payment: Payment, known: bool, provider: PaymentProvider, now: datetime, payments: Payments
) -> ProviderState | None:
    """Return what the provider made of it; None when it does not answer. One that may have it is asked first."""
    try:
        if known and (state := provider.status(payment)):
            return state
        return provider.charge(payment, now=now)
    except ProviderUnavailable:
        return None
    except (InvalidState, LimitExceeded):
        payments.commit(payments.save(payment.never_reached()))
        raise


def _may_be_shown(payment: Payment, state: ProviderState, merchant: str) -> bool:
    """Whether a payer can follow this, and pays what is owed and to whom: a payer pays whatever a code says."""
    if not state.instructions or state.amount != payment.amount:
        return False
    if code := state.instructions.get("qr_string"):
        try:
            check_code(code, amount=payment.amount, merchant=merchant)
        except NotThisCode:
            return False
    return True


assert EARLIER_THAN_ORDER < TOO_LATE_TO_ASK, "what may be asked for must still be payable"

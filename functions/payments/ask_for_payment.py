"""A member asks how to pay: one live attempt per order, known here before the provider hears of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.errors import InvalidState, ProviderUnavailable, Stale
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.payment import (
    EARLIER_THAN_ORDER,
    QRIS,
    QRIS_LIMIT,
    TOO_LATE_TO_ASK,
    Payment,
    ProviderState,
    expiry,
)
from payments.ports import Memory, Orders, Payments, Provider, Settle
from payments.stop_payment import stop_payment

LOOK_AFTER = timedelta(minutes=5)  # when the schedule first asks about a payment of which nothing was heard
TRIES = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to pay. `payment_id` follows from the request's key: asked again, it is the same."""

    payment_id: str
    method: str
    bank: str | None = None

    def ids(self) -> Iterator[str]:
        """The ids of the attempts that one key may need, first to last."""
        yield self.payment_id
        for attempt in range(1, TRIES):
            yield ids.within(self.payment_id, "pay_", str(attempt))

    def fits(self, payment: Payment, amount: int) -> bool:
        return (payment.method, payment.bank, payment.amount) == (self.method, self.bank, amount)


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
    provider: Provider,
    settle: Settle,
) -> Payment:
    """Return a pending payment of what the order still owes, in place of an earlier attempt.

    InvalidState (not waiting for money, or less than a minute left), ProviderUnavailable. A request that
    failed leaves an attempt that nobody was told of: the same key goes on with it, any other replaces it.
    """
    for _ in range(TRIES):
        order = orders.get(order_id)
        amount = payable(order, wish.method, at=at)
        try:
            payment, known = _attempt(order, wish, amount, now, payments, provider, settle)
            state = _charge(payment, known, now, payments, provider)
            if state.status == "pending" and state.instructions:
                told = payment.tell(state)
                payments.commit(remember(once, told.id), payments.save(told, look_at=now + LOOK_AFTER))
                return told
            if state.status == "pending":  # known to the provider, but how to pay it was never heard
                stop_payment(payment, payments=payments, provider=provider, settle=settle)
            else:
                settle(payment.id, state)
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


def _attempt(
    order: Order, wish: Wish, amount: int, now: datetime, payments: Payments, provider: Provider, settle: Settle
) -> tuple[Payment, bool]:
    """Return the attempt to charge, and whether an earlier request may have charged it already."""
    live = payments.live_attempt(order.id)
    if live and live.status == "pending":
        if live.id in set(wish.ids()) and wish.fits(live, amount) and not live.confirmed:
            return live, True
        stop_payment(live, payments=payments, provider=provider, settle=settle)
        raise Stale("the order may be paid now")
    unused = next((id_ for id_ in wish.ids() if payments.find(id_) is None), None)
    if unused is None:
        raise InvalidState("Gunakan Idempotency-Key yang baru.")
    payment = Payment(
        id=unused,
        order_id=order.id,
        wave_id=order.wave_id,
        dropoff_id=order.dropoff_id,
        provider=provider.name,
        method=wish.method,
        bank=wish.bank,
        amount=amount,
        created_at=now,
        expires_at=expiry(wish.method, due=order.payment_due_at, now=now),
    )
    payments.commit(*payments.begin(payment, instead_of=live.id if live else None, look_at=now + LOOK_AFTER))
    return payment, False


def _charge(payment: Payment, known: bool, now: datetime, payments: Payments, provider: Provider) -> ProviderState:
    if known and (state := provider.status(payment.id)):
        return state
    try:
        return provider.charge(payment, now=now)
    except InvalidState:
        payments.commit(payments.save(payment.never_reached()))
        raise


assert EARLIER_THAN_ORDER < TOO_LATE_TO_ASK, "what may be asked for must still be payable"

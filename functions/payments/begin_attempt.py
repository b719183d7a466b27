"""Which attempt is made next: one per order is live, and it is written down before its provider hears of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.errors import InvalidState, ProviderUnavailable, Stale
from lumbung.domain.order import Order
from lumbung.domain.payment import Payment, expiry
from lumbung.domain.payment_provider import PaymentProvider, Providers
from payments.ports import Payments, Settle
from payments.stop_payment import stop_payment

ATTEMPTS = 10  # that one key may need: at several providers, each perhaps with an answer that was lost


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to pay. `payment_id` follows from the request's key: asked again, it is the same."""

    payment_id: str
    method: str
    bank: str | None = None

    def ids(self) -> Iterator[str]:
        """The ids of the attempts that one key may need, first to last."""
        yield self.payment_id
        for attempt in range(1, ATTEMPTS):
            yield ids.within(self.payment_id, "pay_", str(attempt))

    def goes_on_with(self, payment: Payment, amount: int) -> bool:
        """Whether *payment* is an attempt of this very request of which nobody was told yet."""
        wanted = (payment.method, payment.bank, payment.amount) == (self.method, self.bank, amount)
        unheard = payment.status == "pending" and not payment.confirmed
        return wanted and unheard and payment.id in set(self.ids())


def begin_attempt(
    order: Order,
    wish: Wish,
    amount: int,
    offering: Sequence[PaymentProvider],
    *,
    now: datetime,
    look_at: datetime,
    payments: Payments,
    providers: Providers,
    settle: Settle,
) -> tuple[Payment, bool]:
    """Return the order's live attempt at one of *offering*, and whether an earlier request may have charged it.

    Stale when what was live has been stopped: the order may be paid now. ProviderUnavailable when it cannot be
    stopped, and somebody may be paying it. InvalidState when the key has used up its attempts.
    """
    live = payments.live_attempt(order.id)
    if live and live.status == "pending":
        if not wish.goes_on_with(live, amount):
            _stop(live, payments, providers, settle)
        elif live.provider in {provider.name for provider in offering}:
            return live, True
    instead_of, provider = live.id if live else None, offering[0]
    for id_ in wish.ids():
        found = payments.find(id_)
        if found is None:
            new = _new(id_, order, wish, amount, provider, now)
            payments.commit(*payments.begin(new, instead_of=instead_of, look_at=look_at))
            return new, False
        if found.provider == provider.name and wish.goes_on_with(found, amount):
            payments.commit(payments.make_live(found, instead_of=instead_of))
            return found, True
    raise InvalidState("Gunakan Idempotency-Key yang baru.")


def _stop(live: Payment, payments: Payments, providers: Providers, settle: Settle) -> None:
    """Stop what was live. Of an attempt that nobody was told of, a silent provider is no obstacle."""
    try:
        stop_payment(live, payments=payments, provider=providers, settle=settle)
    except ProviderUnavailable:
        if live.confirmed:
            raise
        return
    raise Stale("the order may be paid now")


def _new(id_: str, order: Order, wish: Wish, amount: int, provider: PaymentProvider, now: datetime) -> Payment:
    longest = provider.longest(wish.method, wish.bank)
    assert longest, "only who offers it is asked"
    return Payment(
        id=id_,
        order_id=order.id,
        wave_id=order.wave_id,
        dropoff_id=order.dropoff_id,
        provider=provider.name,
        method=wish.method,
        bank=wish.bank,
        amount=amount,
        created_at=now,
        expires_at=expiry(longest, due=order.payment_due_at, now=now),
    )

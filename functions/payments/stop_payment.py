"""A payment that nobody should make any more is stopped at its provider."""

from lumbung.domain.errors import ProviderUnavailable, Stale
from lumbung.domain.payment import Payment
from payments.ports import Payments, Provider, Settle


def stop_payment(payment: Payment, *, payments: Payments, provider: Provider, settle: Settle) -> Payment:
    """Expire *payment* at its provider and return it as it then is: somebody may have paid it before.

    ProviderUnavailable when the provider does not say that it is stopped.
    """
    state = provider.expire(payment)
    if state is None:
        payments.commit(payments.save(payment.never_reached()))
        return payment.never_reached()
    if state.status == "pending":
        raise ProviderUnavailable("Pembayaran sebelumnya belum dapat dihentikan.")
    return settle(payment.id, state)


def stop_live_attempt(order_id: str, *, payments: Payments, provider: Provider, settle: Settle) -> bool:
    """Stop what is still pending of an order, as far as the provider answers; the schedule tries again."""
    live = payments.live_attempt(order_id)
    if live is None or live.status != "pending":
        return True
    try:
        stop_payment(live, payments=payments, provider=provider, settle=settle)
    except (ProviderUnavailable, Stale):
        return False
    return True

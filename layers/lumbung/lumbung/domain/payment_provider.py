"""What every payment provider is to us, and which of them serves which way of paying."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from lumbung.domain.errors import Conflict, InvalidState, ProviderUnavailable
from lumbung.domain.payment import METHODS, Payment, ProviderState

T = TypeVar("T")
Serving = Mapping[str, Sequence[str]]  # way of paying → names of providers, first choice first


class RefundRefused(Conflict):
    """The provider will not give this money back: not this way of paying, too late, or too much."""


class Provider(Protocol):
    """Who is asked about a payment: the provider that has it, or all of them together (`Providers`).

    Every call may raise ProviderUnavailable.
    """

    def status(self, payment: Payment) -> ProviderState | None:
        """Return what the provider knows of it; None: nothing, so nobody can pay it."""

    def expire(self, payment: Payment) -> ProviderState | None:
        """Stop it if it is still pending, and return what it is now; None as in `status`."""

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        """Ask that *amount* rupiah go back; the same *refund_id* is the same refund. RefundRefused."""


class PaymentProvider(Provider, Protocol):
    """One provider's product. Our payment id is its reference; `payment.provider_ref` is its own id, once known."""

    name: str

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        """Return how long at most somebody may be given to pay that way; None: it is not offered."""

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        """Make *payment* payable and return how; made before, it is found again. InvalidState."""


class Providers:
    """All providers, by name: asked about a payment, the one that has it answers.

    *make* returns a provider by its name, and makes it on first use: nothing is asked of one that serves nobody.
    """

    def __init__(self, make: Callable[[str], PaymentProvider], serving: Serving) -> None:
        self._make, self._serving = make, serving

    def offering(self, method: str, bank: str | None) -> list[PaymentProvider]:
        """Return who can be asked for a payment like that, first choice first; InvalidState when nobody."""
        made = [self._make(name) for name in self._serving.get(method, ())]
        if found := [provider for provider in made if provider.longest(method, bank)]:
            return found
        raise InvalidState("Cara bayar ini tidak tersedia.")

    def of(self, payment: Payment) -> PaymentProvider:
        return self._make(payment.provider)

    def status(self, payment: Payment) -> ProviderState | None:
        return self.of(payment).status(payment)

    def expire(self, payment: Payment) -> ProviderState | None:
        return self.of(payment).expire(payment)

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        self.of(payment).refund(payment, refund_id=refund_id, amount=amount, reason=reason)


class Impatient:
    """All providers for the length of one run: one that did not answer is not waited for again."""

    def __init__(self, providers: Provider) -> None:
        self._providers = providers
        self._silent: dict[str, ProviderUnavailable] = {}

    def status(self, payment: Payment) -> ProviderState | None:
        return self._asked(payment, lambda: self._providers.status(payment))

    def expire(self, payment: Payment) -> ProviderState | None:
        return self._asked(payment, lambda: self._providers.expire(payment))

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        self._asked(payment, lambda: self._providers.refund(payment, refund_id=refund_id, amount=amount, reason=reason))

    def _asked(self, payment: Payment, ask: Callable[[], T]) -> T:
        if silence := self._silent.get(payment.provider):
            raise silence
        try:
            return ask()
        except ProviderUnavailable as silence:
            self._silent[payment.provider] = silence
            raise


def serving(text: str) -> Serving:
    """Return who serves what, as the configuration says it; ValueError when it cannot be meant so.

    qris=midtrans,xendit; gopay=midtrans     {"qris": ("midtrans", "xendit"), "gopay": ("midtrans",)}
    qris=                                    refused: nobody
    cheque=midtrans                          refused: no such way of paying
    qris=midtrans; qris=xendit               refused: which one?
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        method, _, listed = map(str.strip, part.partition("="))
        names = tuple(name.strip() for name in listed.split(","))
        if method not in METHODS or method in found or not all(names) or len(set(names)) < len(names):
            raise ValueError(f"payment providers cannot be read: {part!r}")
        found[method] = names
    return found

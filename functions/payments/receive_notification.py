"""A provider has told us something: keep it, for good, and only once."""

from typing import Protocol

from lumbung.domain.payment import Payment
from lumbung.domain.provider_event import ProviderEvent


class Events(Protocol):
    def store(self, event: ProviderEvent) -> bool: ...


class Payments(Protocol):
    def find(self, payment_id: str) -> Payment | None: ...


def receive_notification(event: ProviderEvent, *, events: Events, payments: Payments) -> str:
    """Return `stored`, or `duplicate` when it was told before. What is true is asked of the provider later.

    Told before, and not what we hold for true now, it is news once more, at most once a minute: a reversal may
    itself be reversed, in the very same words.
    """
    if events.store(event):
        return "stored"
    payment = payments.find(event.payment_id)
    if payment is None or payment.status == event.said:
        return "duplicate"
    return "stored" if events.store(event.again(payment.version)) else "duplicate"

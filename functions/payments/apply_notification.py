"""A stored notification is a hint: ask the provider what is true, and apply that."""

from datetime import datetime, timedelta
from typing import Protocol

from lumbung.domain import ids
from lumbung.domain.errors import ProviderUnavailable, Stale
from lumbung.domain.incident import Incident
from lumbung.domain.payment import ProviderState
from lumbung.domain.provider_event import ProviderEvent
from payments.ports import Bookings, Payments, Provider, Settle
from payments.settle_payment import NotUnderstood, OldAnswer

ALERT_AFTER = timedelta(hours=1)
BELIEVED_TRIES = 6  # how often the provider is asked again for what it said and does not confirm


class Events(Protocol):
    def find(self, event_id: str) -> ProviderEvent | None: ...
    def save(self, before: ProviderEvent, after: ProviderEvent) -> None: ...


def apply_notification(
    event_id: str,
    *,
    now: datetime,
    events: Events,
    payments: Payments,
    bookings: Bookings,
    provider: Provider,
    settle: Settle,
) -> str:
    """Return what became of the event: applied, or why it waits. Applying twice changes nothing."""
    event = events.find(event_id)
    if event is None or event.status == "applied":
        return "applied_before"
    reason = _why_it_waits(event, payments, provider, settle)
    if reason is None:
        after = event.apply()
    else:
        own_fault = reason in ("unknown_payment", "unknown_to_provider", "not_understood")
        after = event.park(reason, now=now, status="parked" if own_fault else "stored")
        if own_fault and now - event.received_at >= ALERT_AFTER:
            bookings.alert(_incident(event, reason, now))
    try:
        events.save(event, after)
    except Stale:
        return "applied_before"  # the schedule or the stream was faster
    return reason or "applied"


def _why_it_waits(event: ProviderEvent, payments: Payments, provider: Provider, settle: Settle) -> str | None:
    payment = payments.find(event.payment_id)
    if payment is None or not event.is_about(payment.provider):
        return "unknown_payment"
    try:
        state = provider.status(payment.at_provider(event.reference))
        if state is None:
            return "unknown_to_provider"
        settle(event.payment_id, state)
    except ProviderUnavailable:
        return "provider_unavailable"
    except OldAnswer:
        return "old_answer"
    except NotUnderstood:
        return "not_understood"
    return "not_confirmed" if _lags(event.said, state) and event.tries < BELIEVED_TRIES else None


def _lags(said: str, state: ProviderState) -> bool:
    """Whether the provider said more than it answers: it may not have caught up with itself yet."""
    if state.status == "pending":
        return said != "pending"
    return state.status == "settled" and said not in ("pending", "settled")


def _incident(event: ProviderEvent, reason: str, now: datetime) -> Incident:
    detail = f"Pemberitahuan {event.provider} belum dapat diterapkan: {reason}."
    return Incident(ids.within(event.id, "inc_", reason), "event_parked", event.payment_id, detail, now)

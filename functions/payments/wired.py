"""What the webhooks of payment providers share: a notice that proved its sender is kept, for good and once."""

from typing import Any

from lumbung.domain.moments import from_ms
from lumbung.domain.provider_event import Notice, ProviderEvent
from lumbung.runtime import deps_payments
from lumbung.runtime.log import logger
from payments.receive_notification import receive_notification


def keep(provider: str, notice: Notice, event: dict[str, Any]) -> str:
    """Store what *notice* says, which came by the gateway's *event*; return what became of it in a word."""
    told = ProviderEvent.of(provider, notice, at=from_ms(event["requestContext"]["timeEpoch"]))
    outcome = receive_notification(told, events=deps_payments.events(), payments=deps_payments.payments())
    logger.info("notification", provider=provider, payment_id=told.payment_id, said=told.said, outcome=outcome)
    return outcome

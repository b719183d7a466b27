"""HTTP entry point for payment providers: verify, store, answer. What it means is found out later."""

from typing import Any

from lumbung.domain.moments import from_ms
from lumbung.domain.provider_event import ProviderEvent
from lumbung.providers.midtrans_notice import read_notice
from lumbung.runtime import deps_payments, webhook
from lumbung.runtime.log import logger
from payments.receive_notification import receive_notification

PROVIDER = "midtrans"


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    """Store a notification that proves its sender, and return what became of it in a word."""
    notice = read_notice(
        event.get("body") or "",
        is_base64=bool(event.get("isBase64Encoded")),
        server_keys=deps_payments.midtrans_keys(),
    )
    told = ProviderEvent.of(
        PROVIDER,
        notice.key,
        payment_id=notice.payment_id,
        said=notice.means,
        raw=notice.raw,
        at=from_ms(event["requestContext"]["timeEpoch"]),
    )
    outcome = receive_notification(told, events=deps_payments.events(), payments=deps_payments.payments())
    logger.info("notification", provider=PROVIDER, payment_id=notice.payment_id, said=notice.status, outcome=outcome)
    return outcome

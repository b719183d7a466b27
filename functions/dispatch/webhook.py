"""HTTP entry point for couriers: proves the sender, stores what it tells, answers. Applying it comes after."""

from typing import Any

from lumbung.domain.moments import from_ms
from lumbung.providers import biteship
from lumbung.runtime import deps_dispatch, webhook
from lumbung.runtime.log import logger
from lumbung.store.courier_events import CourierEvent, event_id


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    """Return `test`, `stored` or `repeated`. A call without an order proves and changes nothing."""
    raw = webhook.raw_body(event)
    told = None
    if not _says_nothing(raw):
        biteship.authenticate(deps_dispatch.webhook_secret(), event.get("headers", {}).get(biteship.SECRET_HEADER))
        told = biteship.read_webhook(raw)
    if told is None:
        logger.info("courier test call")
        return "test"
    at = from_ms(event["requestContext"]["timeEpoch"])
    stored = CourierEvent(
        id=event_id(biteship.NAME, *told.words),
        courier=biteship.NAME,
        event=told.event,
        reference=told.reference,
        state=told.state,
        happened_at=told.happened_at or at,
        received_at=at,
    )
    outcome = "stored" if deps_dispatch.events().add(stored) else "repeated"
    logger.info("courier event", outcome=outcome, event_id=stored.id, event=told.event, state=told.state)
    return outcome


def _says_nothing(raw: bytes) -> bool:
    return raw.strip() in (b"", b"{}", b"null")

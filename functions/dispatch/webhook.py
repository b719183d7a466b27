"""HTTP entry point for Biteship: proves the sender, stores what it tells, answers. Applying it comes after."""

from typing import Any

from lumbung.providers import biteship
from lumbung.runtime import courier_webhook, deps, webhook


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    """Return the outcome. A call without an order proves and changes nothing."""
    raw = webhook.raw_body(event)
    told = None
    if raw.strip() not in (b"", b"{}", b"null"):
        secret = deps.secret("BITESHIP_SECRET")["webhook_secret"]
        biteship.authenticate(secret, event.get("headers", {}).get(biteship.SECRET_HEADER))
        told = biteship.read_webhook(raw)
    return courier_webhook.store(biteship.NAME, told, event)

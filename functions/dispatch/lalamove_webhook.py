"""HTTP entry point for Lalamove: proves the sender, stores what it tells, answers; also the probes of its portal."""

from typing import Any

from lumbung.providers import lalamove, lalamove_notice
from lumbung.runtime import courier_webhook, deps, webhook


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    """Return the outcome. When the address is registered it is called empty, by POST and by GET."""
    secret = deps.secret("LALAMOVE_SECRET")["api_secret"]
    told = lalamove_notice.read(webhook.raw_body(event), path=event["rawPath"], secret=secret)
    return courier_webhook.store(lalamove.NAME, told, event)

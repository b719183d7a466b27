"""HTTP entry point for GoSend, at an address that only GoSend was told: stores what it tells, answers."""

from typing import Any

from lumbung.providers import gosend, gosend_notice
from lumbung.runtime import courier_webhook, deps, webhook


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    said = event.get("pathParameters", {}).get("secret", "")
    gosend_notice.authenticate(said, deps.secret("GOSEND_SECRET")["webhook_path"])
    return courier_webhook.store(gosend.NAME, gosend_notice.read(webhook.raw_body(event)), event)

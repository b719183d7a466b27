"""HTTP entry point for GrabExpress: proves the sender, stores what it tells, answers."""

from typing import Any

from lumbung.providers import grab, grab_notice
from lumbung.runtime import courier_webhook, deps, webhook


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    secret = deps.secret("GRAB_SECRET")
    grab_notice.authenticate(
        event.get("headers", {}),
        authorization=secret["webhook_authorization"],
        authorization_id=secret["webhook_authorization_id"],
    )
    return courier_webhook.store(grab.NAME, grab_notice.read(webhook.raw_body(event)), event)

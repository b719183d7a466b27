"""HTTP entry point for Xendit: verify, store, answer. What it means is found out later."""

from typing import Any

from lumbung.providers.xendit_notice import TOKEN_HEADER, read_notice
from lumbung.runtime import deps_payments, webhook
from payments.wired import keep


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    """Store a notification that carries our token, and return what became of it in a word."""
    token = event.get("headers", {}).get(TOKEN_HEADER)
    notice = read_notice(webhook.raw_body(event), token=token, tokens=deps_payments.xendit_tokens())
    return keep("xendit", notice, event)

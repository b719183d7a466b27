"""HTTP entry point for Midtrans: verify, store, answer. What it means is found out later."""

from typing import Any

from lumbung.providers.midtrans_notice import read_notice
from lumbung.runtime import deps_payments, webhook
from payments.wired import keep


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return webhook.answer(event, take)


def take(event: dict[str, Any]) -> str:
    """Store a notification that proves its sender, and return what became of it in a word."""
    notice = read_notice(webhook.raw_body(event), server_keys=deps_payments.midtrans_keys())
    return keep("midtrans", notice, event)

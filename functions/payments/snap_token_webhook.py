"""HTTP entry point for a bank that asks us (SNAP): it shows its signature, and gets a token for a quarter hour."""

import hmac
from typing import Any

from lumbung.domain.errors import Malformed
from lumbung.domain.moments import parse
from lumbung.providers.notice import read_object
from lumbung.providers.snap_messages import TOKEN, SnapRefused, coded, missing, wrong
from lumbung.providers.snap_signature import TOKEN_LIVES, issue_token
from lumbung.providers.snap_token import is_signed
from lumbung.runtime import clock, deps_payments, snap, webhook
from lumbung.runtime.log import logger


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return snap.answer(event, TOKEN, lambda: take(event))


def take(event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Give a token to the bank that signs who it is and when; SnapRefused."""
    raw, headers, keys = webhook.raw_body(event), event.get("headers", {}), deps_payments.snap_keys()
    client, timestamp = _given(headers, "X-CLIENT-KEY"), _given(headers, "X-TIMESTAMP")
    _must_be_a_moment(timestamp)
    if not hmac.compare_digest(client.encode("utf-8", "replace"), keys.client.encode()):
        raise SnapRefused(401, "00", "Unauthorized. [Unknown client]")
    if not is_signed(f"{client}|{timestamp}", _given(headers, "X-SIGNATURE"), keys.public_keys):
        raise SnapRefused(401, "00", "Unauthorized. [Signature]")
    _must_want_a_token(raw)
    logger.info("bank got a token", client=client)
    return 200, coded(200, TOKEN, "00", "Successful") | {
        "accessToken": issue_token(client, keys.token_secrets[0], now=clock.now()),
        "tokenType": "Bearer",
        "expiresIn": str(int(TOKEN_LIVES.total_seconds())),
        "additionalInfo": {},
    }


def _given(headers: dict[str, str], name: str) -> str:
    if value := headers.get(name.lower()):
        return value
    raise missing(name)


def _must_be_a_moment(timestamp: str) -> None:
    try:
        parse(timestamp)
    except ValueError:
        raise wrong("X-TIMESTAMP") from None


def _must_want_a_token(raw: bytes) -> None:
    try:
        fields = read_object(raw)
    except Malformed:
        raise SnapRefused(400, "00", "Bad Request") from None
    if "grantType" not in fields:
        raise missing("grantType")
    if fields["grantType"] != "client_credentials":
        raise wrong("grantType")

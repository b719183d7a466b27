"""HTTP entry point for a bank that asks us (SNAP): what an account owes, and that it was paid."""

from typing import Any

from lumbung.domain.bill import Bill
from lumbung.domain.moments import from_ms
from lumbung.domain.provider_event import Notice, ProviderEvent
from lumbung.providers.notice import digest
from lumbung.providers.snap_messages import (
    INQUIRY,
    PAYMENT,
    Asked,
    SnapRefused,
    answer_to_inquiry,
    answer_to_payment,
    external_id,
    missing,
    read_call,
)
from lumbung.providers.snap_signature import holder, is_signed, string_to_sign
from lumbung.runtime import clock, deps_payments, snap, webhook
from lumbung.runtime.log import logger
from lumbung.store.bills import Reused
from payments.take_bank_payment import ToldOtherwise, answer_inquiry, take_bank_payment

SERVICES = {"inquiry": INQUIRY, "payment": PAYMENT}
CONFLICT = SnapRefused(409, "00", "Conflict")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    service = SERVICES[event["rawPath"].rpartition("/")[2]]
    return snap.answer(event, service, lambda: take(event, service))


def take(event: dict[str, Any], service: str) -> tuple[int, dict[str, Any]]:
    """Answer a call of a bank that proves itself; SnapRefused."""
    raw, headers = webhook.raw_body(event), event.get("headers", {})
    client = _authenticated(event, headers, raw)
    asked = read_call(raw, service)
    at = from_ms(event["requestContext"]["timeEpoch"])
    bills = deps_payments.bills()
    call = f"{client}#{headers['x-timestamp'][:10]}#{external_id(headers)}"
    try:
        bills.recognise(call, f"{service}#{asked.request_id}", at=at)
        if service == PAYMENT:
            return _payment(client, asked, raw, at)
    except (Reused, ToldOtherwise):
        raise CONFLICT from None
    verdict, bill = answer_inquiry(asked.number, at=at, bills=bills)
    logger.info("bank asked", account=asked.number, verdict=verdict)
    return answer_to_inquiry(asked, verdict, bill)


def _payment(client: str, asked: Asked, raw: bytes, at: Any) -> tuple[int, dict[str, Any]]:
    flag_id = f"{client}#{asked.request_id}"

    def told(bill: Bill) -> ProviderEvent:
        return ProviderEvent.of("snap", Notice(bill.payment_id, "settled", digest(flag_id), raw, bill.number), at=at)

    assert asked.paid is not None, "a payment says how much"
    verdict, told_before = take_bank_payment(
        asked.number, asked.paid, asked.paid_at or at,
        flag_id=flag_id, event=told, at=at, bills=deps_payments.bills(),
    )  # fmt: skip
    logger.info("bank told", account=asked.number, verdict=verdict, told_before=told_before)
    return answer_to_payment(asked, verdict, told_before=told_before)


def _authenticated(event: dict[str, Any], headers: dict[str, str], raw: bytes) -> str:
    """Return the client that holds the token and signed the call; SnapRefused."""
    keys, timestamp = deps_payments.snap_keys(), headers.get("x-timestamp", "")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    client = holder(token, keys.token_secrets, now=clock.now()) if scheme == "Bearer" else None
    if client is None or client != keys.client:
        raise SnapRefused(401, "01", "Invalid Token (B2B)")
    if not timestamp:
        raise missing("X-TIMESTAMP")
    signed = [string_to_sign("POST", path, token, raw, timestamp) for path in snap.called(event)]
    if not is_signed(signed, headers.get("x-signature", ""), keys.client_secrets, keys.encoding):
        raise SnapRefused(401, "00", "Unauthorized. [Signature]")
    return client

"""What Xendit sends us: payments (v3), invoices and refunds at one address (protocols, B.2 and B.4).

The token in the header is the same in every call and signs nothing: whoever has seen one notice can write
another. A notice is a hint to ask, never news itself. A `webhook-id` is said to tell repeats apart, but neither
documents nor SDKs have it: it is not relied on.
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from lumbung.domain.errors import Malformed, Unauthentic
from lumbung.domain.provider_event import Notice
from lumbung.providers.notice import digest, read_object, text

TOKEN_HEADER = "x-callback-token"  # noqa: S105 - the name of the header, not what is in it

REQUEST_STATUS = {
    "PENDING": "pending",
    "REQUIRES_ACTION": "pending",
    "ACCEPTING_PAYMENTS": "pending",
    "AUTHORIZED": "pending",
    "SUCCEEDED": "settled",
    "EXPIRED": "expired",
    "CANCELED": "cancelled",
    "FAILED": "failed",
}
INVOICE_STATUS = {"PENDING": "pending", "PAID": "settled", "SETTLED": "settled", "EXPIRED": "expired"}
REFUND_SAYS = {"SUCCEEDED": "refunded", "FAILED": "settled", "CANCELLED": "settled", "PENDING": "settled"}


def read_notice(raw: bytes, *, token: str | None, tokens: Sequence[str]) -> Notice:
    """Return what *raw* says; Unauthentic when *token* is not one of ours, Malformed when it cannot be read."""
    if not is_ours(token, tokens):
        raise Unauthentic("Token tidak sah.")
    fields = read_object(raw)
    if "event" not in fields:
        return _invoice(fields, raw)
    event, data = text(fields, "event"), _data(fields)
    return _refund(data, raw) if event.startswith("refund.") else _payment(event, data, raw)


def is_ours(token: str | None, tokens: Sequence[str]) -> bool:
    """Whether *token* is one of *tokens*; all are compared, so that the time tells nothing."""
    given = (token or "").encode("utf-8", "replace")
    same = [hmac.compare_digest(given, known.encode()) for known in tokens if known]
    return any(same)


def _payment(event: str, data: Mapping[str, Any], raw: bytes) -> Notice:
    """A payment is known by its own id and its captures; `created` is the time of the delivery and changes."""
    status, captures = text(data, "status"), data.get("captures")
    captured = [capture for capture in captures if isinstance(capture, dict)] if isinstance(captures, list) else []
    key = digest([event, text(data, "payment_id"), status, [str(capture.get("capture_id")) for capture in captured]])
    said = REQUEST_STATUS.get(status, "unknown")
    return Notice(text(data, "reference_id"), said, key, raw, text(data, "payment_request_id"))


def _refund(data: Mapping[str, Any], raw: bytes) -> Notice:
    """A refund names our payment where we wrote it: in its metadata."""
    status, metadata = text(data, "status"), data.get("metadata")
    if isinstance(metadata, dict) and "payment_id" in metadata:
        payment_id = text(metadata, "payment_id")
    else:
        payment_id = text(data, "reference_id")
    key = digest(["refund", text(data, "id"), status])
    return Notice(payment_id, REFUND_SAYS.get(status, "unknown"), key, raw)


def _invoice(fields: Mapping[str, Any], raw: bytes) -> Notice:
    id_, status = text(fields, "id"), text(fields, "status")
    said = INVOICE_STATUS.get(status, "unknown")
    return Notice(text(fields, "external_id"), said, digest(["invoice", id_, status]), raw, id_)


def _data(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the event's object; the published refund has it one level deeper."""
    data = fields.get("data")
    if isinstance(data, dict) and isinstance(data.get("data"), dict):
        data = data["data"]
    if not isinstance(data, dict):
        raise Malformed("data tidak sah.")
    return data

"""What Midtrans sends us: read strictly, believed only when signed (protocols, A.5).

The signature covers four strings and not the transaction's status: a notice is a hint to ask, never news itself.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lumbung.domain.errors import Malformed, Unauthentic

MAX_BYTES = 64 * 1024  # Midtrans' own bodies are a few kilobytes; a stored event must fit an item
MAX_FIELD = 200

STATUS = {
    "pending": "pending",
    "authorize": "pending",
    "settlement": "settled",
    "capture": "settled",
    "deny": "failed",
    "failure": "failed",
    "cancel": "cancelled",
    "expire": "expired",
    "refund": "refunded",
    "partial_refund": "partially_refunded",
    "chargeback": "charged_back",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A signed notification. `payment_id` is Midtrans' `order_id`, `key` tells repeats from news."""

    payment_id: str
    status: str
    key: str
    raw: bytes

    @property
    def means(self) -> str:
        """The status in our words."""
        return STATUS.get(self.status, "unknown")


def read_notice(body: str, *, is_base64: bool, server_keys: Sequence[str]) -> Notice:
    """Return what *body* says; Malformed when it cannot be read, Unauthentic when no server key signed it."""
    raw = _bytes(body, is_base64)
    fields = _object(raw)
    signed = [_text(fields, name) for name in ("order_id", "status_code", "gross_amount")]
    signature = fields.get("signature_key")
    if not isinstance(signature, str) or not is_signed(signed, signature, server_keys):
        raise Unauthentic("Tanda tangan tidak sah.")
    return Notice(signed[0], _text(fields, "transaction_status").lower(), _key(fields), raw)


def is_signed(signed: Sequence[str], signature: str, server_keys: Sequence[str]) -> bool:
    """Whether one of *server_keys* made *signature* over the three strings as they were received.

    Every key is tried, so that the time it takes does not tell which one is in use.
    """
    given = signature.encode("utf-8", "replace")
    good = [hmac.compare_digest(given, sign(signed, key).encode()) for key in server_keys if key]
    return any(good)


def sign(signed: Sequence[str], server_key: str) -> str:
    """Return the lower-case hex SHA-512 of order_id, status_code, gross_amount and the server key, joined."""
    return hashlib.sha512("".join([*signed, server_key]).encode()).hexdigest()


def _bytes(body: str, is_base64: bool) -> bytes:
    try:
        raw = base64.b64decode(body, validate=True) if is_base64 else body.encode()
    except ValueError:  # no base64 after all, or half a character
        raise Malformed("Isi tidak dapat dibaca.") from None
    if len(raw) > MAX_BYTES:
        raise Malformed("Isi terlalu besar.")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    """Return the one JSON object in *raw*. Numbers stay the text they came as."""
    try:
        fields = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise Malformed("Isi bukan JSON yang sah.") from None
    if not isinstance(fields, dict):
        raise Malformed("Isi bukan objek JSON.")
    return fields


class _Number:
    """A number as it was written; not a string, so that it never passes for one."""

    def __init__(self, text: str) -> None:
        self.text = text


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name is there twice: which one counts?")
    return fields


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_FIELD or not value.isascii() or not value.isprintable():
        raise Malformed(f"{name} tidak sah.")
    return value


def _key(fields: Mapping[str, Any]) -> str:
    """Return what two notices share if and only if they say the same: a hash over all fields, order aside."""
    try:
        canonical = json.dumps(fields, sort_keys=True, default=lambda number: ["number", number.text])
    except RecursionError:
        raise Malformed("Isi bukan JSON yang sah.") from None
    return hashlib.sha256(canonical.encode()).hexdigest()

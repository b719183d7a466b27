"""What Midtrans sends us: read strictly, believed only when signed (protocols, A.5).

The signature covers four strings and not the transaction's status: a notice is a hint to ask, never news itself.
"""

import hashlib
import hmac
from collections.abc import Sequence

from lumbung.domain.errors import Unauthentic
from lumbung.domain.provider_event import Notice
from lumbung.providers.notice import digest, read_object, text

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


def read_notice(raw: bytes, *, server_keys: Sequence[str]) -> Notice:
    """Return what *raw* says; Malformed when it cannot be read, Unauthentic when no server key signed it."""
    fields = read_object(raw)
    signed = [text(fields, name) for name in ("order_id", "status_code", "gross_amount")]
    signature = fields.get("signature_key")
    if not isinstance(signature, str) or not is_signed(signed, signature, server_keys):
        raise Unauthentic("Tanda tangan tidak sah.")
    said = STATUS.get(text(fields, "transaction_status").lower(), "unknown")
    return Notice(signed[0], said, digest(fields), raw)


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

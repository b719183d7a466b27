"""What Lalamove tells by itself: the signature lies in the body, and times are written in a way of their own.

The signature comes from one working consumer, not from Lalamove's documents (protocols, I.4): every notice is only a
reason to ask for the order.
"""

import hmac
import json
import re
from datetime import datetime
from typing import Any

from lumbung.domain import moments
from lumbung.domain.courier import Told
from lumbung.domain.errors import Malformed, Unauthentic
from lumbung.providers import notice
from lumbung.providers.lalamove_signature import signature

STATES = {
    "ASSIGNING_DRIVER": "searching",
    "ON_GOING": "assigned",
    "PICKED_UP": "picked_up",
    "COMPLETED": "delivered",
    "CANCELED": "cancelled",
    "REJECTED": "no_courier",
    "EXPIRED": "no_courier",
}


def to_state(status: Any) -> str | None:
    return STATES.get(status) if isinstance(status, str) else None


def read(raw: bytes, *, path: str, secret: str) -> Told | None:
    """Return what a webhook tells, None for an empty probe or what is about no order; Malformed, Unauthentic.

    *path*: of our address, as Lalamove calls it.
    """
    if raw.strip() in (b"", b"{}", b"null"):
        return None
    fields = notice.read_object(raw)
    event_id, event = notice.text(fields, "eventId"), notice.text(fields, "eventType")
    data = json.loads(raw).get("data")
    try:
        signed = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    except RecursionError:
        raise Malformed("Isi bukan JSON yang sah.") from None
    expected = signature(secret, _timestamp(fields), "POST", path, signed)
    if not hmac.compare_digest(expected, notice.text(fields, "signature")):
        raise Unauthentic("Tanda tangan kurir tidak cocok.")
    return _told(data, event, event_id) if isinstance(data, dict) else None


def _told(data: dict[str, Any], event: str, event_id: str) -> Told | None:
    order = data.get("order")
    if not isinstance(order, dict) or "orderId" not in order:
        return None  # the wallet's balance, and what may come to be told
    return Told(
        reference=notice.text(order, "orderId"),
        event=event,
        state=to_state(order.get("status")),
        happened_at=moment(data.get("updatedAt")),
        words=(event_id,),
        replaces=notice.text(data, "prevOrderId") if data.get("prevOrderId") else None,
    )


def _timestamp(fields: dict[str, Any]) -> str:
    said = fields.get("timestamp")
    return said.text if isinstance(said, notice.Number) else notice.text(fields, "timestamp")


def moment(text: Any) -> datetime | None:
    """Return the moment that *text* means, None when that is none.

    2026-10-05T02:31.00Z      02:31:00, minutes and then ".00"
    2026-10-05T02:31:07.00Z   02:31:07
    """
    if not isinstance(text, str):
        return None
    try:
        return moments.parse(re.sub(r"(T\d\d:\d\d)\.\d+", r"\1:00", text))
    except ValueError:
        return None

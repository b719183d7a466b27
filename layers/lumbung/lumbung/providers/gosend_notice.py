"""What GoSend tells by itself. Nothing is known of how it proves itself: its address is known to nobody else."""

import hmac
from datetime import datetime

from lumbung.domain.courier import Told
from lumbung.domain.errors import Unauthentic
from lumbung.domain.moments import from_ms
from lumbung.providers import notice
from lumbung.providers.gosend import to_state

LATEST_MS = 32_503_680_000_000  # the year 3000


def authenticate(said: str, secret: str) -> None:
    """Refuse a call to another address than ours; Unauthentic."""
    if not secret or not hmac.compare_digest(said.encode("utf-8", errors="surrogatepass"), secret.encode()):
        raise Unauthentic("Alamat ini bukan alamat kurir.")


def read(raw: bytes) -> Told | None:
    """Return what a webhook tells, None for an empty call; Malformed."""
    if raw.strip() in (b"", b"{}", b"null"):
        return None
    fields = notice.read_object(raw)
    reference, kind = notice.text(fields, "booking_id"), notice.text(fields, "type")
    stamp = fields.get("event_date")
    when = stamp.text if isinstance(stamp, notice.Number) else ""
    status = fields.get("status")
    return Told(
        reference=reference,
        event=kind,
        state=to_state(status),
        happened_at=_moment(when),
        words=(reference, kind, when, status if isinstance(status, str) else ""),
    )


def _moment(ms: str) -> datetime | None:
    return from_ms(int(ms)) if ms.isdecimal() and len(ms) <= 15 and int(ms) < LATEST_MS else None

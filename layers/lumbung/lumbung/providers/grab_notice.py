"""What Grab tells by itself: it proves itself by two headers agreed upon, and numbers nothing.

The exact procedure of the check is to be confirmed with Grab, and so is that `timestamp` counts seconds (protocols,
I.3). What comes is only a reason to ask for the delivery.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime

from lumbung.domain.courier import Told
from lumbung.domain.errors import Malformed, Unauthentic
from lumbung.domain.moments import from_ms
from lumbung.providers import notice
from lumbung.providers.grab_messages import STATES

LATEST_S = 32_503_680_000  # the year 3000: what is later counts something else than seconds


def authenticate(headers: Mapping[str, str], *, authorization: str, authorization_id: str) -> None:
    """Refuse what does not carry both words agreed upon with Grab; Unauthentic."""
    for name, agreed in (("authorization", authorization), ("authorization-id", authorization_id)):
        said = headers.get(name, "").encode("utf-8", errors="surrogatepass")
        if not agreed or not hmac.compare_digest(said, agreed.encode()):
            raise Unauthentic("Tanda pengenal kurir tidak cocok.")


def read(raw: bytes) -> Told:
    """Return what a webhook tells; Malformed."""
    fields = notice.read_object(raw)
    reference, status = notice.text(fields, "deliveryID"), notice.text(fields, "status")
    stamp = fields.get("timestamp")
    if not isinstance(stamp, notice.Number) or not stamp.text.isdecimal() or len(stamp.text) > 15:
        raise Malformed("timestamp tidak sah.")
    return Told(
        reference=reference,
        event="delivery",
        state=STATES.get(status),
        happened_at=_moment(int(stamp.text)),
        words=(reference, status, stamp.text),
    )


def _moment(seconds: int) -> datetime | None:
    return from_ms(seconds * 1000) if seconds < LATEST_S else None

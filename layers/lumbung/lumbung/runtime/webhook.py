"""The plumbing of a webhook: whatever bytes come, it answers as the contract says, and it starts lean.

200   stored for good: new, told before, or about something unknown
400   it cannot be read          401   it does not prove its sender
503   it could not be stored; the sender is to tell it again. Never another 5xx.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

from lumbung.domain.errors import LumbungError, Malformed, ProviderUnavailable, Unauthentic
from lumbung.runtime import origin, problems
from lumbung.runtime.answer import Answer
from lumbung.runtime.log import logger

Take = Callable[[dict[str, Any]], str]


def answer(event: dict[str, Any], take: Take) -> dict[str, Any]:
    """Let *take* verify and store what *event* brings; it returns the outcome in a word."""
    return respond(event, lambda: Answer(json.dumps({"status": take(event)}), 200), _refused)


def respond(
    event: dict[str, Any], make: Callable[[], Answer], refuse: Callable[[LumbungError, str], Answer]
) -> dict[str, Any]:
    """Answer what *make* makes; what does not prove its sender, or is not stored, as *refuse* words it."""
    if strange := origin.refusal(event):
        return strange
    request_id = event["requestContext"]["requestId"]
    try:
        made = make()
    except (Malformed, Unauthentic) as refused:
        made = refuse(refused, request_id)
    except Exception:  # noqa: BLE001 - whatever it was, it is not stored: the sender must tell it again
        logger.exception("event not stored", request_id=request_id)
        made = refuse(ProviderUnavailable("Belum dapat disimpan."), request_id)
    return {
        "statusCode": made.status,
        "headers": {"Content-Type": made.media_type, "X-Request-Id": request_id, "Cache-Control": "no-store"},
        "body": made.body,
        "isBase64Encoded": False,
    }


def raw_body(event: dict[str, Any]) -> bytes:
    """Return the bytes that the sender sent; Malformed when the gateway's base64 is none."""
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise Malformed("Isi tidak terbaca.") from None


def _refused(error: LumbungError, request_id: str) -> Answer:
    made = problems.answer(error, instance=f"/v1/requests/{request_id}")
    logger.warning("event refused", request_id=request_id, status=made.status, code=error.code)
    return made

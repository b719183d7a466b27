"""HTTP entry point for couriers: proves the sender, stores what it tells, answers. Applying it comes after.

200   stored for good, a repetition, an order that we do not know, or a test call without an order
401   the sender is not proved      400   it cannot be read      503   it could not be stored: tell us again
"""

import base64
import json
from typing import Any

from lumbung.domain.errors import LumbungError, Malformed, Unauthentic
from lumbung.domain.moments import from_ms
from lumbung.providers import biteship
from lumbung.runtime import deps_dispatch
from lumbung.runtime.log import logger
from lumbung.store.courier_events import CourierEvent, event_id


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        answer = _answer(200, {"outcome": _store(event)})
    except Malformed as unreadable:
        answer = _refuse(400, unreadable)
    except Unauthentic as stranger:
        answer = _refuse(401, stranger)
    except Exception:  # noqa: BLE001 - whatever it was, the courier is to tell it again
        logger.exception("courier event not stored")
        answer = _answer(503, {"outcome": "not stored"})
    answer["headers"]["X-Request-Id"] = event["requestContext"]["requestId"]
    return answer


def _store(event: dict[str, Any]) -> str:
    """Return `test`, `stored` or `repeated`. A call without an order proves and changes nothing."""
    body = event.get("body") or ""
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    told = None
    if not _says_nothing(raw):
        biteship.authenticate(deps_dispatch.webhook_secret(), event.get("headers", {}).get(biteship.SECRET_HEADER))
        told = biteship.read_webhook(raw)
    if told is None:
        logger.info("courier test call")
        return "test"
    at = from_ms(event["requestContext"]["timeEpoch"])
    stored = CourierEvent(
        id=event_id(biteship.NAME, *told.words),
        courier=biteship.NAME,
        event=told.event,
        reference=told.reference,
        state=told.state,
        happened_at=told.happened_at or at,
        received_at=at,
    )
    outcome = "stored" if deps_dispatch.events().add(stored) else "repeated"
    logger.info("courier event", outcome=outcome, event_id=stored.id, event=told.event, state=told.state)
    return outcome


def _says_nothing(raw: bytes) -> bool:
    return raw.strip() in (b"", b"{}", b"null")


def _refuse(status: int, error: LumbungError) -> dict[str, Any]:
    logger.warning("courier event refused", status=status, code=error.code)
    problem = {
        "type": f"urn:lumbung:problem:{error.code}",
        "title": "Tidak dikenali" if status == 401 else "Permintaan tidak lengkap",
        "status": status,
        "detail": error.detail,
        "code": error.code,
    }
    return _answer(status, problem, "application/problem+json")


def _answer(status: int, body: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": media_type}, "body": json.dumps(body)}

"""HTTP entry point for payment providers: verify, store, answer. What it means is found out later.

answer   when
200      it is stored for good: new, told before, or about something unknown
401      it does not prove its sender
400      it cannot be read
503      it could not be stored; the provider sends it again. Never another 5xx.
"""

import json
from http import HTTPStatus
from typing import Any

from lumbung.domain.errors import Malformed, Unauthentic
from lumbung.domain.moments import from_ms
from lumbung.domain.provider_event import ProviderEvent
from lumbung.providers.midtrans_notice import read_notice
from lumbung.runtime import deps_payments
from lumbung.runtime.log import logger
from payments.receive_notification import receive_notification

PROVIDER = "midtrans"


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    request = event["requestContext"]
    try:
        notice = read_notice(
            event.get("body") or "",
            is_base64=bool(event.get("isBase64Encoded")),
            server_keys=deps_payments.midtrans_keys(),
        )
        told = ProviderEvent.of(
            PROVIDER,
            notice.key,
            payment_id=notice.payment_id,
            said=notice.status,
            raw=notice.raw,
            at=from_ms(request["timeEpoch"]),
        )
        outcome = receive_notification(told, events=deps_payments.events())
    except Malformed as refused:
        return _refused(400, "invalid_request", refused.detail, request)
    except Unauthentic as refused:
        return _refused(401, "signature_invalid", refused.detail, request)
    except Exception:  # noqa: BLE001 - whatever it was, it is not stored: the provider must send it again
        logger.exception("notification not stored", request_id=request["requestId"])
        return _refused(503, "provider_unavailable", "Belum dapat disimpan.", request)
    logger.info(
        "notification",
        request_id=request["requestId"],
        provider=PROVIDER,
        payment_id=notice.payment_id,
        said=notice.status,
        outcome=outcome,
    )
    return _answer(200, {"status": outcome}, "application/json", request)


def _refused(status: int, code: str, detail: str, request: dict[str, Any]) -> dict[str, Any]:
    logger.warning("notification refused", request_id=request["requestId"], status=status, code=code)
    problem = {
        "type": f"urn:lumbung:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"/v1/requests/{request['requestId']}",
        "code": code,
    }
    return _answer(status, problem, "application/problem+json", request)


def _answer(status: int, body: dict[str, Any], media_type: str, request: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": media_type, "X-Request-Id": request["requestId"], "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}

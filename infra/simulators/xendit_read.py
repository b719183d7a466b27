"""Reading what Xendit is asked: whose key it is, and what it refuses of the rest."""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators.clock import parse_time
from infra.simulators.xendit_objects import QRIS_LIVES, Refused

API_KEY = "xnd_development_lumbung-local"
VERSION = "2024-11-11"
_EXPECTED = "Basic " + b64encode(f"{API_KEY}:".encode()).decode()

Handler = Callable[[Request], Awaitable[Response]]


def route(path: str, handler: Handler, method: str) -> Route:
    """Return a route that asks for the key, and of version 3 for its header; refusals in Xendit's words."""

    async def guarded(request: Request) -> Response:
        try:
            if not compare_digest(request.headers.get("authorization", "").encode(), _EXPECTED.encode()):
                raise Refused(401, "INVALID_API_KEY")
            if "/v3/" in request.url.path and request.headers.get("api-version") != VERSION:
                raise Refused(400, "API_VALIDATION_ERROR", "api-version is required")
            return await handler(request)
        except Refused as refusal:
            return JSONResponse({"error_code": refusal.code, "message": str(refusal)}, refusal.status)

    return Route(path, guarded, methods=[method])


async def read_body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "API_VALIDATION_ERROR", "the body is no JSON object")
    return body


def read_reference(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 255:
        raise Refused(400, "API_VALIDATION_ERROR", "a reference of 1 to 255 characters is required")
    return value


def read_amount(value: Any, at_most: int | None = None) -> int:
    if type(value) is not int or value < 1 or (at_most and value > at_most):
        raise Refused(400, "API_VALIDATION_ERROR", "the amount is not valid")
    return value


def read_expiry(asked: dict[str, Any], channel: Any, now: datetime) -> datetime:
    if channel == "QRIS":
        return now + QRIS_LIVES
    try:
        expires = parse_time(asked["channel_properties"]["expires_at"])
    except (KeyError, TypeError, ValueError) as fault:
        raise Refused(400, "API_VALIDATION_ERROR", "channel_properties.expires_at is not valid") from fault
    if expires <= now:
        raise Refused(400, "API_VALIDATION_ERROR", "channel_properties.expires_at has passed")
    return expires

"""API Gateway's HTTP API: requests become payload 2.0 events, answers become responses."""

import base64
import binascii
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from infra.local.routes import Route
from infra.local.runtime_api import Outcome
from infra.local.settings import ACCOUNT

_TEXT = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    """Names in lower case, in the order they came; a name may come twice."""
    body: bytes
    source_ip: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def header(self, name: str) -> str:
        """Return the header's values, comma-joined; empty if there is none."""
        return ",".join(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    @classmethod
    def message(cls, status: int, message: str, *headers: tuple[str, str]) -> "Response":
        """Return an answer of the gateway itself."""
        return cls(status, (("content-type", "application/json"), *headers), json.dumps({"message": message}).encode())


def event(
    request: Request,
    route: Route,
    parameters: Mapping[str, str],
    claims: Mapping[str, Any] | None,
    at: datetime,
) -> dict[str, Any]:
    """Return the payload 2.0 event of a request that arrived *at*."""
    made = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": _joined((name, value) for name, value in request.headers if name != "cookie"),
        "requestContext": _context(request, route, claims, at),
        **_body(request),
    }
    if cookies := [value for name, value in request.headers if name == "cookie"]:
        made["cookies"] = [part.strip() for value in cookies for part in value.split(";")]
    if query := _joined(parse_qsl(request.query, keep_blank_values=True)):
        made["queryStringParameters"] = query
    if parameters:
        made["pathParameters"] = dict(parameters)
    return made


def response(outcome: Outcome) -> Response:
    """Return what a caller sees of a handler's answer; one without `statusCode` is the body itself."""
    if outcome.failed:
        return Response.message(500, "Internal Server Error")
    answer = json.loads(outcome.payload)
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer if isinstance(answer, str) else json.dumps(answer)
        return Response(200, (("content-type", "application/json"),), body.encode())
    try:
        return _from_proxy(answer)
    except (TypeError, ValueError, AttributeError, binascii.Error):
        return Response.message(500, "Internal Server Error")  # a malformed answer is the function's fault


def _from_proxy(answer: Mapping[str, Any]) -> Response:
    headers = [(name.lower(), _as_text(value)) for name, value in (answer.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in answer.get("cookies") or []]
    body = answer.get("body") or ""
    raw = base64.b64decode(body, validate=True) if answer.get("isBase64Encoded") else body.encode()
    if body and not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=utf-8"))
    return Response(int(answer["statusCode"]), headers, raw)


def _context(request: Request, route: Route, claims: Mapping[str, Any] | None, at: datetime) -> dict[str, Any]:
    host = request.header("host")
    context: dict[str, Any] = {
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "requestId": request.id,
        "routeKey": route.key,
        "stage": "$default",
        "time": at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(at.timestamp() * 1000),
    }
    if claims is not None:
        scopes = claims["scope"].split(" ") if claims.get("scope") else None
        written = {name: _as_text(value) for name, value in claims.items()}
        context["authorizer"] = {"jwt": {"claims": written, "scopes": scopes}}
    return context


def _as_text(value: Any) -> str:
    """Write a claim or a header as the HTTP API does: `[member pic]`, `true`, `1586309400`."""
    if isinstance(value, list):
        return f"[{' '.join(map(_as_text, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {"isBase64Encoded": False}
    kind = request.header("content-type").partition(";")[0].strip().lower()
    if not kind or kind.startswith(_TEXT) or kind.endswith(("+json", "+xml")):
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass  # not text, whatever it says it is
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _joined(pairs: Any) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined

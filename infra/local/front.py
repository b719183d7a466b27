"""The HTTP server's application: the stack's own paths, and everything else through the gateway."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from email.utils import format_datetime
from typing import Any

from infra.local import gateway
from infra.local.clock import StackClock
from infra.local.functions import Functions
from infra.local.gateway import Request, Response
from infra.local.issuer import Issuer, TokenRefused
from infra.local.requests import RequestLog
from infra.local.routes import Api, Cors, Route

_LONGEST = 10 * 1024 * 1024
"""API Gateway's limit on a body, in bytes."""
_LONGEST_EVENT = 6 * 1024 * 1024
"""Lambda's limit on an event, in bytes; base64 and JSON make it longer than the body."""

_OWN = ("/dev/", "/.well-known/", "/oauth2/", "/logout")
"""The stack's own paths: its controls, and what stands in for the user pool's domain."""

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class Front:
    def __init__(
        self,
        api: Api,
        functions: Functions,
        issuer: Issuer,
        clock: StackClock,
        log: RequestLog,
        own: App,
    ) -> None:
        self._api = api
        self._functions = functions
        self._issuer = issuer
        self._clock = clock
        self._log = log
        self._own = own

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["path"].startswith(_OWN):
            return await self._own(scope, receive, send)
        request = await _read(scope, receive)
        answer = await self.answer(request) if request else Response.message(413, "Request Entity Too Large")
        headers = [(name.encode(), value.encode()) for name, value in answer.headers if name != "content-length"]
        headers.append((b"date", format_datetime(self._clock.now(), usegmt=True).encode()))
        if answer.status not in (204, 304):
            headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})
        return None

    async def answer(self, request: Request) -> Response:
        """Answer as API Gateway would: route, authorizer, function, CORS."""
        origin = request.header("origin")
        if found := self._api.find(request.method, request.path):
            answer = await self._through(request, *found)
        elif request.method == "OPTIONS" and self._api.cors and origin:
            return Response(204, _preflight(self._api.cors, origin), b"")
        else:
            answer = Response.message(404, "Not Found")
        if self._api.cors and origin:
            return Response(answer.status, [*answer.headers, *_cors(self._api.cors, origin)], answer.body)
        return answer

    async def _through(self, request: Request, route: Route, parameters: Mapping[str, str]) -> Response:
        at = self._clock.now()
        claims: dict[str, Any] | None = None
        if route.trust:
            try:
                claims = self._issuer.verify(_bearer(request), route.trust, at)
            except TokenRefused:
                return Response.message(401, "Unauthorized", ("www-authenticate", "Bearer"))
            if route.scopes and not set(route.scopes) & set(str(claims.get("scope", "")).split()):
                return Response.message(403, "Forbidden")
        event = gateway.event(request, route, parameters, claims, at)
        if len(event.get("body", "")) > _LONGEST_EVENT:
            return Response.message(413, "Request Entity Too Large")
        try:
            async with asyncio.timeout(route.timeout_s):
                outcome = await self._functions.invoke(route.function, event)
        except TimeoutError:
            return Response.message(503, "Service Unavailable")
        answer = gateway.response(outcome)
        self._log.add(request, route, at, answer, outcome)
        return Response(answer.status, [*answer.headers, ("apigw-requestid", request.id)], answer.body)


async def _read(scope: Mapping[str, Any], receive: Receive) -> Request | None:
    """Read a whole request; None if its body is longer than the gateway takes."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        size += len(message.get("body", b""))
        if size <= _LONGEST:
            parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    if size > _LONGEST:
        return None
    peer = (scope.get("client") or ("127.0.0.1", 0))[0]
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    forwarded = [
        ("x-forwarded-for", peer),
        ("x-forwarded-port", str(scope["server"][1])),
        ("x-forwarded-proto", "http"),
    ]
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=[*headers, *forwarded],
        body=b"".join(parts),
        source_ip=peer,
    )


def _bearer(request: Request) -> str:
    return request.header("authorization").removeprefix("Bearer ").removeprefix("bearer ")


def _cors(cors: Cors, origin: str) -> list[tuple[str, str]]:
    """Return what a browser is told beside an answer."""
    if "*" not in cors.origins and origin not in cors.origins:
        return []
    headers = [("access-control-allow-origin", "*" if "*" in cors.origins else origin)]
    if cors.exposed:
        headers.append(("access-control-expose-headers", ",".join(cors.exposed)))
    if cors.credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _preflight(cors: Cors, origin: str) -> list[tuple[str, str]]:
    """Return what a browser is told before it asks."""
    headers = _cors(cors, origin)
    if headers:
        headers.append(("access-control-allow-methods", ",".join(cors.methods)))
        headers.append(("access-control-allow-headers", ",".join(cors.headers)))
        if cors.max_age is not None:
            headers.append(("access-control-max-age", str(cors.max_age)))
    return headers

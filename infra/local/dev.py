"""What only the local stack has: `/dev/…`, the issuer's public documents, and its sign-in."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.clock import ClockGoesBack, StackClock, moment, stamp
from infra.local.hosted import Hosted
from infra.local.issuer import Issuer
from infra.local.pump import Pump, Stuck
from infra.local.requests import RequestLog
from infra.local.rights import Rights
from infra.local.sign_in import SignIn, TriggerFailed
from infra.local.walk import Walk


class BadRequest(ValueError):
    """The caller sent something that cannot be read."""


@dataclass(slots=True)
class Dev:
    issuer: Issuer
    sign_in: SignIn
    clock: StackClock
    walk: Walk
    pump: Pump
    log: RequestLog
    dead_letters: Callable[[], Awaitable[int]]
    outbox: Callable[[], Awaitable[list[dict[str, Any]]]]
    rights: Rights
    hosted: Hosted
    _reported: int = field(default=0)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                *self.hosted.routes(),
                Route("/dev/tokens", self.post_token, methods=["POST"]),
                Route("/dev/clock", self.get_clock, methods=["GET"]),
                Route("/dev/clock", self.post_clock, methods=["POST"]),
                Route("/dev/idle", self.post_idle, methods=["POST"]),
                Route("/dev/outbox", self.get_outbox, methods=["GET"]),
                Route("/dev/requests", self.get_requests, methods=["GET"]),
                Route("/dev/rights", self.get_rights, methods=["GET"]),
                Route("/.well-known/jwks.json", self.get_jwks, methods=["GET"]),
                Route("/.well-known/openid-configuration", self.get_configuration, methods=["GET"]),
            ],
            exception_handlers={
                BadRequest: _refusal(422),
                ClockGoesBack: _refusal(422),
                Stuck: _refusal(503),
                TriggerFailed: _refusal(502),
            },
        )

    async def post_token(self, request: Request) -> JSONResponse:
        """Make an ID token for anybody; which institution they are staff of is asked where it is not said."""
        asked = await _object(request)
        sub, roles = asked.get("sub"), asked.get("roles", [])
        if not isinstance(sub, str) or not sub or not isinstance(roles, list):
            raise BadRequest("sub is a string, roles is a list")
        claims = {
            "name": asked.get("name"),
            "phone_number": asked.get("phone"),
            "phone_number_verified": True if asked.get("phone") else None,
            "custom:institution_id": asked.get("institution_id"),
            "email": asked.get("email"),
            "email_verified": True if asked.get("email") else None,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        roles = [str(role) for role in roles]
        if "custom:institution_id" not in claims:
            claims = await self.sign_in.claims(sub, roles, claims)
        expires_in = asked.get("expires_in")
        token = self.issuer.token(
            sub=sub,
            roles=roles,
            now=self.clock.now(),
            lives=None if expires_in is None else _seconds(expires_in),
            more=claims,
        )
        return JSONResponse({"access_token": token, "token_type": "Bearer"})

    async def get_clock(self, _: Request) -> JSONResponse:
        return JSONResponse({"now": stamp(self.clock.now())})

    async def post_clock(self, request: Request) -> JSONResponse:
        """Move the clock forward; everything that falls due on the way has happened when this answers."""
        asked = await _object(request)
        await self.walk.move_to(_target(asked, self.clock.now()))
        return JSONResponse({"now": stamp(self.clock.now())})

    async def post_idle(self, _: Request) -> JSONResponse:
        """Drain; `processed` counts since the last time this was asked."""
        await self.walk.settle()
        done = self.pump.delivered + self.walk.fired
        processed, self._reported = done - self._reported, done
        return JSONResponse({"processed": processed, "dead_letters": await self.dead_letters()})

    async def get_outbox(self, _: Request) -> JSONResponse:
        return JSONResponse({"items": await self.outbox(), "next_cursor": None})

    async def get_requests(self, request: Request) -> JSONResponse:
        since = request.query_params.get("since")
        # a bare + of an offset is read as a space
        items = self.log.since(_moment(since.replace(" ", "+")) if since else None)
        return JSONResponse({"items": items, "next_cursor": None})

    async def get_rights(self, _: Request) -> JSONResponse:
        """What each function has asked AWS for so far: action, resource, kind of item."""
        return JSONResponse(self.rights.told())

    async def get_jwks(self, _: Request) -> JSONResponse:
        return JSONResponse(self.issuer.jwks())

    async def get_configuration(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.issuer.trust.issuer,
                "jwks_uri": str(request.url.replace(path="/.well-known/jwks.json")),
                "id_token_signing_alg_values_supported": ["RS256"],
                "subject_types_supported": ["public"],
                "authorization_endpoint": str(request.url.replace(path="/oauth2/authorize")),
                "token_endpoint": str(request.url.replace(path="/oauth2/token")),
                "code_challenge_methods_supported": ["S256"],
                "response_types_supported": ["code"],
            }
        )


def _refusal(status: int) -> Any:
    async def refuse(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"message": str(error)}, status_code=status)

    return refuse


async def _object(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise BadRequest(f"not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise BadRequest("not a JSON object")
    return asked


def _target(asked: dict[str, Any], now: datetime) -> datetime:
    if set(asked) == {"now"}:
        return _moment(asked["now"])
    if set(asked) == {"advance_seconds"}:
        return now + _seconds(asked["advance_seconds"])
    raise BadRequest("either now or advance_seconds")


def _seconds(value: Any) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadRequest("seconds are a number")
    return timedelta(seconds=value)


def _moment(value: Any) -> datetime:
    try:
        return moment(value)
    except (TypeError, ValueError) as error:
        raise BadRequest(f"{value!r} is no RFC 3339 moment") from error

"""The local issuer's hosted sign-in, in Cognito's form: `/oauth2/authorize`, `/oauth2/token`, `/oauth2/revoke`,
`/logout`.

Nobody has a password here: whoever opens the page chooses whom to be. Codes and refresh tokens live in memory.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.local.clock import StackClock
from infra.local.hosted_page import sign_in_page
from infra.local.issuer import Issuer
from infra.local.ready_people import ROLES
from infra.local.settings import CLIENT_ID
from infra.local.sign_in import SignIn

FLOW = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
ID_TOKEN_LIVES = timedelta(hours=1)
"""As the template's user pool client says."""

Institutions = Callable[[], Awaitable[list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Person:
    """Who has signed in."""

    sub: str
    role: str
    claims: dict[str, Any]


@dataclass(slots=True)
class Hosted:
    issuer: Issuer
    sign_in: SignIn
    clock: StackClock
    institutions: Institutions
    _codes: dict[str, tuple[Person, dict[str, str]]] = field(default_factory=dict)
    _renewals: dict[str, Person] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth2/authorize", self.authorize, methods=["GET"]),
            Route("/oauth2/person", self.choose, methods=["GET"]),
            Route("/oauth2/token", self.token, methods=["POST"]),
            Route("/oauth2/revoke", self.revoke, methods=["POST"]),
            Route("/logout", self.logout, methods=["GET"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """Show who can be signed in as."""
        asked = dict(request.query_params)
        if asked.get("response_type") != "code" or asked.get("client_id") != CLIENT_ID or "code_challenge" not in asked:
            return JSONResponse({"error": "invalid_request"}, status_code=400)
        names = {thing["code"]: thing["name"] for thing in await self.institutions()}
        return HTMLResponse(sign_in_page({name: asked.get(name, "") for name in FLOW}, names))

    async def choose(self, request: Request) -> Response:
        """Sign somebody in: send the browser back with a code."""
        asked = dict(request.query_params)
        if asked.get("role") not in ROLES or not asked.get("name"):
            return JSONResponse({"error": "invalid_request"}, status_code=400)
        person = Person(asked.get("sub") or _sub(asked["name"]), asked["role"], await self._claims(asked))
        code = secrets.token_urlsafe(24)
        self._codes[code] = (person, {name: asked.get(name, "") for name in FLOW})
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked.get('state', '')})}"
        return RedirectResponse(back, status_code=303)

    async def token(self, request: Request) -> Response:
        """Give tokens for a code with its verifier, or for a refresh token (RFC 6749, sections 4.1.3 and 6)."""
        form = await _form(request)
        if form.get("grant_type") == "refresh_token":
            person = self._renewals.get(form.get("refresh_token", ""))
            return await self._tokens(person) if person else _invalid_grant()
        person, flow = self._codes.pop(form.get("code", ""), (None, {}))
        proven = flow.get("code_challenge") == _challenge(form.get("code_verifier", ""))
        if person is None or not proven or flow["redirect_uri"] != form.get("redirect_uri"):
            return _invalid_grant()
        renewal = secrets.token_urlsafe(32)
        self._renewals[renewal] = person
        return await self._tokens(person, refresh_token=renewal)

    async def revoke(self, request: Request) -> Response:
        self._renewals.pop((await _form(request)).get("token", ""), None)
        return Response(status_code=200)

    async def logout(self, request: Request) -> Response:
        return RedirectResponse(request.query_params.get("logout_uri", "/"), status_code=303)

    async def _claims(self, asked: dict[str, str]) -> dict[str, Any]:
        claims: dict[str, Any] = {"name": asked["name"]}
        if asked.get("phone"):
            claims |= {"phone_number": asked["phone"], "phone_number_verified": True}
        found = [thing["id"] for thing in await self.institutions() if thing["code"] == asked.get("institution")]
        return claims | ({"custom:institution_id": found[0]} if found else {})

    async def _tokens(self, person: Person, **more: str) -> JSONResponse:
        claims = person.claims
        if "custom:institution_id" not in claims:
            claims = await self.sign_in.claims(person.sub, [person.role], claims)
        token = self.issuer.token(
            sub=person.sub, roles=[person.role], now=self.clock.now(), lives=ID_TOKEN_LIVES, more=claims
        )
        lives = int(ID_TOKEN_LIVES.total_seconds())
        return JSONResponse({"id_token": token, "token_type": "Bearer", "expires_in": lives, **more})


async def _form(request: Request) -> dict[str, str]:
    """Read a form as clients of tokens send it; Starlette's own reader wants one more package."""
    return dict(parse_qsl((await request.body()).decode()))


def _challenge(verifier: str) -> str:
    """Return the S256 challenge that *verifier* answers (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _sub(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "seseorang"


def _invalid_grant() -> JSONResponse:
    return JSONResponse({"error": "invalid_grant"}, status_code=400)

"""The local stack's gateway in this process: its routes, authorizer, events and answers; handlers called directly."""

import asyncio
import importlib
import json
import os
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from infra.local import blueprint, routes
from infra.local.front import Front
from infra.local.gateway import Request, Response
from infra.local.issuer import Issuer, Trust
from infra.local.requests import RequestLog
from infra.local.resources import Resources
from infra.local.routes import Api
from infra.local.runtime_api import Outcome
from infra.local.template import expanded
from lumbung.domain.people import Caller
from lumbung.runtime import clock

ROOT = Path(__file__).parents[2]
Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@cache
def declared() -> tuple[Api, dict[str, str]]:
    """Return the template's HTTP API, and each function's handler."""
    resources = Resources(expanded(ROOT / "template.yaml", {}), "http://127.0.0.1:1")
    return routes.api(resources), {f.name: f.handler for f in blueprint.functions(resources, ROOT)}


class Clock:
    def now(self) -> datetime:
        return clock.now()


@dataclass
class InProcess:
    """Invokes handlers here; what one of them raises is kept, for the test to show."""

    handlers: Mapping[str, str]
    environments: Mapping[str, Mapping[str, str]]
    raised: list[str]

    async def invoke(self, name: str, event: Mapping[str, Any]) -> Outcome:
        handler = self.handlers[name]
        os.environ.update(self.environments[handler])
        module, _, function = handler.rpartition(".")
        try:
            answer = getattr(importlib.import_module(module), function)(json.loads(json.dumps(event)), None)
            return Outcome(json.dumps(answer).encode(), failed=False)
        except Exception as error:  # noqa: BLE001 - Lambda answers whatever a handler raises
            self.raised.append(traceback.format_exc())
            return Outcome.error(type(error).__name__, str(error))


class Gateway:
    """Sends requests through the gateway; `app` is the same as an ASGI application."""

    def __init__(self, environments: Mapping[str, Mapping[str, str]]) -> None:
        self.api, handlers = declared()
        trust = self.api.trust
        assert trust is not None
        self.trust: Trust = trust
        self.issuer = Issuer(trust)
        self.raised: list[str] = []
        functions: Any = InProcess(handlers, environments, self.raised)
        stands: Any = Clock()
        self.app = Front(self.api, functions, self.issuer, stands, RequestLog(), _nothing_of_its_own)
        self._loop = asyncio.new_event_loop()
        self._tokens: dict[tuple[Caller, datetime], str] = {}

    def close(self) -> None:
        self._loop.close()

    def token(self, caller: Caller) -> str:
        """Return a token of *caller*'s; the same while the clock stands, because signing costs more than asking."""
        if (caller, clock.now()) not in self._tokens:
            self._tokens[caller, clock.now()] = self.new_token(caller)
        return self._tokens[caller, clock.now()]

    def new_token(self, caller: Caller, **more: Any) -> str:
        known = {
            "name": caller.name, "phone_number": caller.phone, "email": caller.email,
            "custom:institution_id": caller.institution_id, "phone_number_verified": True if caller.phone else None,
        }  # fmt: skip
        claims = {name: value for name, value in (known | more).items() if value is not None}
        return self.issuer.token(sub=caller.id, roles=sorted(caller.roles), now=clock.now(), more=claims)

    def send(
        self, method: str, path: str, body: Any = None, *, caller: Caller | None = None, key: str | None = None,
        headers: Headers = (),
    ) -> Response:  # fmt: skip
        """Send one request; a body that is no bytes goes as JSON."""
        sent = [*(headers.items() if isinstance(headers, Mapping) else headers)]
        if caller:
            sent.append(("authorization", f"Bearer {self.token(caller)}"))
        if key:
            sent.append(("idempotency-key", key))
        if body is not None and "content-type" not in dict(sent):
            sent.append(("content-type", "application/json"))
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        path, _, query = path.partition("?")
        request = Request(method, path, query, [("host", "api.example"), *sent], raw, "127.0.0.1")
        return self._loop.run_until_complete(self.app.answer(request))


async def _nothing_of_its_own(*_: Any) -> None:
    raise AssertionError("the stack's own paths are not asked here")

"""Between the wire and one provider: note what is asked, then let it answer, or go wrong as ordered."""

import json
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.simulators.clock import Clock, utc
from infra.simulators.faults import Faults, answer_wrongly
from infra.simulators.journal import Asked, Journal

SECRET_HEADERS = {"authorization", "x-biteship-secret", "pass-key", "cookie"}
SECRET_PARAMETERS = {"secretkey"}


class Wire:
    def __init__(self, app: ASGIApp, provider: str, *, clock: Clock, journal: Journal, faults: Faults) -> None:
        self._app = app
        self._provider = provider
        self._clock = clock
        self._journal = journal
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._clock.ready()
        request = Request(scope, receive)
        body = await request.body()
        entry = self._entry(request, body)
        self._journal.asked(entry)
        entry.fault = self._faults.take(self._provider)
        if entry.fault not in (None, "slow"):
            entry.status = await answer_wrongly(entry.fault, scope, receive, send)
            return

        unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def body_again() -> Message:
            return unread.pop() if unread else await receive()

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                if entry.fault == "slow":
                    await self._faults.hold()
            await send(message)

        await self._app(scope, body_again, send_and_note)

    def _entry(self, request: Request, body: bytes) -> Asked:
        return Asked(
            provider=self._provider,
            at=utc(self._clock()),
            method=request.method,
            path=request.url.path,
            query={k: v for k, v in request.query_params.items() if k not in SECRET_PARAMETERS},
            headers={k: v for k, v in request.headers.items() if k not in SECRET_HEADERS},
            body=_readable(body),
        )


def _readable(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:  # noted as it came: what is no JSON is for the provider to refuse
        return body.decode(errors="replace")

"""The couriers' simulators in this process: asked by the real adapters, telling the real webhooks, without a socket."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from dispatch import gosend_webhook, grab_webhook, lalamove_webhook, webhook
from infra.simulators.agenda import Agenda
from infra.simulators.app import create_app
from infra.simulators.clock import Clock
from lumbung.domain.errors import InDoubt
from lumbung.domain.moments import rfc3339
from lumbung.providers.courier_http import CourierHttp
from tests.faults.seam import outside
from tests.integration.conftest import ENVIRONMENTS

HOST, STACK = "http://simulators", "http://127.0.0.1:8080"
WEBHOOKS = {
    "biteship": webhook.handler,
    "lalamove": lalamove_webhook.handler,
    "grab": grab_webhook.handler,
    "gosend": gosend_webhook.handler,
}
ADDRESSES = {
    "BITESHIP_BASE_URL": f"{HOST}/biteship",
    "LALAMOVE_BASE_URL": f"{HOST}/lalamove",
    "GRAB_BASE_URL": f"{HOST}/grab/grab-express-sandbox",
    "GRAB_TOKEN_URL": f"{HOST}/grab/grabid/v1/oauth2/token",
    "GOSEND_BASE_URL": f"{HOST}/gosend",
}


class CourierWire:
    """*told* is what webhooks were answered, in order, and *notified* what they were sent; while `deaf`, to no answer.

    `lose_answers`: of which requests nobody hears the answer (method and path), though they are done.
    """

    def __init__(self, runner: asyncio.Runner) -> None:
        self.told: list[int] = []
        self.notified: list[tuple[str, dict[str, Any]]] = []  # by courier, as API Gateway hands it on
        self.deaf = False
        self.lose_answers = ""
        self._now: datetime
        clock = Clock(elapsed=lambda: 0.0)
        app = create_app(
            clock=clock,
            agenda=Agenda(),
            client=httpx.AsyncClient(transport=httpx.MockTransport(self._tell)),
            stack=STACK,
        )
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST)
        self._runner = runner

    def at(self, now: datetime) -> None:
        """Let it be *now*; what falls due until then is told."""
        self._now = now
        self.control("POST", "/clock", now=rfc3339(now))

    def control(self, method: str, path: str, **body: Any) -> Any:
        answer = self._runner.run(self._client.request(method, path, json=body or None))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def be(self, courier: str, ride: str, status: str, **more: Any) -> Any:
        return self.control("POST", f"/{courier}/simulate", id=ride, status=status, **more)

    def rides(self, courier: str) -> list[dict[str, Any]]:
        return list(self.control("GET", f"/{courier}/rides")["items"])

    def address_everything(self) -> None:
        """Let every function ask the couriers here."""
        for variables in ENVIRONMENTS.values():
            variables.update({name: url for name, url in ADDRESSES.items() if name in variables})

    @contextmanager
    def installed(self) -> Iterator["CourierWire"]:
        """Answer every courier's adapter of this process while the block runs."""
        real = CourierHttp._send

        def send(
            courier: CourierHttp, method: str, path: str, body: str | None, headers: dict[str, str]
        ) -> tuple[int, bytes, Mapping[str, str]]:
            def ask() -> httpx.Response:
                asked = self._client.request(method, courier._base + path, content=body, headers=headers)
                return self._runner.run(asked)

            answer = outside(f"{method} {path}", ask)
            if f"{method} {path}" == self.lose_answers:
                raise InDoubt("lost")
            return answer.status_code, answer.content, answer.headers

        CourierHttp._send = send  # type: ignore[method-assign]  # the one seam that all couriers share
        try:
            yield self
        finally:
            CourierHttp._send = real  # type: ignore[method-assign]  # as it was

    def _tell(self, request: httpx.Request) -> httpx.Response:
        """Hand a courier's webhook to the function behind its address, as API Gateway does."""
        path = urlsplit(str(request.url)).path
        courier, _, secret = path.removeprefix("/v1/webhooks/couriers/").partition("/")
        handler: Callable[[dict[str, Any], Any], dict[str, Any]] = WEBHOOKS[courier]
        event = {
            "rawPath": path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "pathParameters": {"secret": secret},
            "requestContext": {"timeEpoch": int(self._now.timestamp() * 1000), "requestId": "r"},
            "body": request.content.decode(),
        }
        self.notified.append((courier, event))
        if self.deaf:
            raise httpx.ReadTimeout("nobody listens", request=request)
        answer = handler(event, None)
        self.told.append(answer["statusCode"])
        return httpx.Response(answer["statusCode"], text=answer["body"])

"""The simulators without sockets: a stack that answers as told, a clock that moves when told."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from infra.simulators.agenda import Agenda
from infra.simulators.app import create_app
from infra.simulators.clock import Clock, utc
from infra.simulators.faults import Faults

NINE_WIB = datetime(2026, 10, 5, 2, 0, 1, tzinfo=UTC)
MIDTRANS = ("SB-Mid-server-lumbung-local", "")
BITESHIP = {"authorization": "biteship_test.lumbung-local"}


class Stack:
    """Stands where the product's webhooks are; answers the statuses given, then 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.received: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            raise httpx.ReadTimeout("no answer", request=request)
        location = {"location": "/elsewhere"} if 300 <= status < 400 else {}
        return httpx.Response(status, headers=location)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.received]


class Web:
    """Asks the application in one event loop, as a server would, without one."""

    def __init__(self, app: ASGIApp, runner: asyncio.Runner) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://simulators")
        self._runner = runner

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PUT", path, **more)


class Simulators:
    def __init__(self, web: Web, stack: Stack, clock: Clock, pauses: list[float]) -> None:
        self.web = web
        self.stack = stack
        self.clock = clock
        self.pauses = pauses

    def advance(self, **by: float) -> int:
        """Move the clock and return how many notifications fell due."""
        now = self.clock() + timedelta(**by)
        return int(self.web.post("/clock", json={"now": utc(now)}).json()["delivered"])

    def charge(self, order_id: str = "pay_1", amount: int = 265_000, **more: Any) -> httpx.Response:
        """Charge a BCA virtual account unless *more* says otherwise."""
        body = {
            "payment_type": "bank_transfer",
            "bank_transfer": {"bank": "bca"},
            "transaction_details": {"order_id": order_id, "gross_amount": amount},
        }
        return self.midtrans("POST", "/v2/charge", json=body | more)

    def midtrans(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.web.request(method, f"/midtrans{path}", auth=MIDTRANS, **more)

    def status(self, id: str = "pay_1") -> dict[str, Any]:
        answer: dict[str, Any] = self.midtrans("GET", f"/v2/{id}/status").json()
        return answer

    def pay(self, order_id: str = "pay_1", status: str = "settlement", notify: int = 0, **more: Any) -> Any:
        asked = {"order_id": order_id, "transaction_status": status, "notify": notify} | more
        return self.web.post("/midtrans/simulate", json=asked).json()

    def biteship(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.web.request(method, f"/biteship{path}", headers=BITESHIP, **more)

    def ride(self, id: str, status: str, notify: int = 1) -> Any:
        return self.web.post("/biteship/simulate", json={"id": id, "status": status, "notify": notify}).json()


@pytest.fixture
def simulators() -> Iterator[Simulators]:
    stack, pauses = Stack(), []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    clock = Clock(elapsed=lambda: 0.0)
    clock.told(NINE_WIB)
    app = create_app(
        clock=clock,
        agenda=Agenda(),
        client=httpx.AsyncClient(transport=httpx.MockTransport(stack)),
        stack="http://127.0.0.1:8080",
        faults=Faults(pause),
    )
    with asyncio.Runner() as runner:
        yield Simulators(Web(app, runner), stack, clock, pauses)

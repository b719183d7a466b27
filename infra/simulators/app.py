"""One application: every simulator on its provider's paths under `/{provider}`, and their controls."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router

from infra.simulators import controls
from infra.simulators.agenda import Agenda
from infra.simulators.biteship import Biteship
from infra.simulators.clock import Clock, parse_time, utc
from infra.simulators.faults import MODES, Faults
from infra.simulators.journal import Journal
from infra.simulators.lkpp_v5 import LkppV5
from infra.simulators.midtrans import Midtrans
from infra.simulators.webhooks import Webhooks
from infra.simulators.wire import Wire

Control = Callable[[Request], Awaitable[Response]]


class Provider(Protocol):
    """One wire protocol with its own state. A new one is a module, and a line in `create_app`."""

    name: str

    def routes(self) -> list[Route]: ...


def create_app(
    *, clock: Clock, agenda: Agenda, client: httpx.AsyncClient, stack: str, faults: Faults | None = None
) -> Starlette:
    """Return the application; *stack* is the base address that webhooks go to."""
    journal, faults = Journal(), faults or Faults()
    webhooks = Webhooks(client, journal)
    midtrans = Midtrans(clock=clock, agenda=agenda, webhooks=webhooks, stack=stack)
    biteship = Biteship(clock=clock, agenda=agenda, webhooks=webhooks, stack=stack)
    lkpp_v5 = LkppV5()
    providers: list[Provider] = [midtrans, biteship, lkpp_v5]
    names = [provider.name for provider in providers]

    async def simulate_midtrans(request: Request) -> Response:
        await clock.ready()
        return await midtrans.simulate(request)

    async def simulate_biteship(request: Request) -> Response:
        await clock.ready()
        return await biteship.simulate(request)

    async def replace_catalog(request: Request) -> Response:
        source = request.path_params["source"]
        if source != lkpp_v5.name:
            raise HTTPException(404, f"there is no source {source}")
        return JSONResponse({"source": source, "rows": lkpp_v5.replace(await request.body())})

    async def order_faults(request: Request) -> Response:
        asked = await controls.fields(request)
        provider = controls.text(asked, "provider", tuple(names))
        mode, requests = controls.text(asked, "mode", MODES), controls.number(asked, "requests")
        faults.order(provider, mode, requests)
        return JSONResponse({"provider": provider, "mode": mode, "requests": requests})

    async def move_clock(request: Request) -> Response:
        asked = await controls.fields(request)
        try:
            now = parse_time(controls.text(asked, "now"))
        except ValueError as fault:
            raise HTTPException(422, str(fault)) from fault
        clock.told(now)
        return JSONResponse({"now": utc(now), "delivered": await agenda.run_until(now)})

    async def requests(request: Request) -> Response:
        return JSONResponse({"items": journal.requests(request.query_params.get("provider"))})

    async def notifications(request: Request) -> Response:
        return JSONResponse({"items": journal.notifications(request.query_params.get("provider"))})

    async def index(request: Request) -> Response:
        return JSONResponse({"simulators": names})

    routes: list[BaseRoute] = [
        Route("/", index),
        Route("/midtrans/simulate", simulate_midtrans, methods=["POST"]),
        Route("/biteship/simulate", simulate_biteship, methods=["POST"]),
        Route("/catalog/{source}", replace_catalog, methods=["PUT"]),
        Route("/faults", order_faults, methods=["POST"]),
        Route("/clock", move_clock, methods=["POST"]),
        Route("/requests", requests),
        Route("/notifications", notifications),
    ]
    for provider in providers:
        router = Router(provider.routes())
        wire = Wire(router, provider.name, clock=clock, journal=journal, faults=faults)
        routes.append(Mount(f"/{provider.name}", wire))
    return Starlette(routes=routes, exception_handlers={HTTPException: _problem})


async def _problem(request: Request, problem: Any) -> Response:
    return JSONResponse({"message": problem.detail}, problem.status_code)

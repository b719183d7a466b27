"""One application: every simulator on its provider's paths under `/{provider}`, and the controls."""

from typing import Any, Protocol

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router

from infra.simulators import catalog_files
from infra.simulators.agenda import Agenda
from infra.simulators.biteship import Biteship
from infra.simulators.clock import Clock
from infra.simulators.controls import Controls
from infra.simulators.faults import Faults
from infra.simulators.gosend import Gosend
from infra.simulators.grab import Grab
from infra.simulators.inaproc import Inaproc
from infra.simulators.isb import Isb
from infra.simulators.journal import Journal
from infra.simulators.lalamove import Lalamove
from infra.simulators.lkpp_v5 import LkppV5
from infra.simulators.midtrans import Midtrans
from infra.simulators.snap import SnapBank
from infra.simulators.webhooks import Webhooks
from infra.simulators.whatsapp import WhatsApp
from infra.simulators.wire import Wire
from infra.simulators.xendit import Xendit


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
    xendit = Xendit(clock=clock, agenda=agenda, webhooks=webhooks, stack=stack)
    snap = SnapBank(clock=clock, webhooks=webhooks, stack=stack)
    couriers = [
        kind(clock=clock, agenda=agenda, webhooks=webhooks, stack=stack) for kind in (Biteship, Lalamove, Grab, Gosend)
    ]
    sources = (LkppV5(), Inaproc(clock=clock), Isb(), catalog_files.peppol(), catalog_files.sheet())
    whatsapp = WhatsApp(clock=clock)

    providers: tuple[Provider, ...] = (midtrans, xendit, snap, *couriers, whatsapp, *sources)
    names = tuple(provider.name for provider in providers)
    controls = Controls(
        names, {source.name: source for source in sources}, clock=clock, agenda=agenda, journal=journal, faults=faults
    )

    routes: list[BaseRoute] = [
        *controls.routes(),
        Route("/midtrans/simulate", midtrans.simulate, methods=["POST"]),
        Route("/xendit/simulate", xendit.simulate, methods=["POST"]),
        Route("/snap/simulate", snap.simulate, methods=["POST"]),
        *(Route(f"/{courier.name}/simulate", courier.simulate, methods=["POST"]) for courier in couriers),
        *(Route(f"/{courier.name}/rides", courier.rides) for courier in couriers),
        Route("/whatsapp/simulate", whatsapp.simulate, methods=["POST"]),
        Route("/whatsapp/messages", whatsapp.messages),
    ]
    for provider in providers:
        router = Router(provider.routes())
        wire = Wire(router, provider.name, clock=clock, journal=journal, faults=faults)
        routes.append(Mount(f"/{provider.name}", wire))
    return Starlette(routes=routes, exception_handlers={HTTPException: _problem})


async def _problem(request: Request, problem: Any) -> Response:
    return JSONResponse({"message": problem.detail}, problem.status_code)

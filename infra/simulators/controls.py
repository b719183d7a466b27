"""What tests, the replay and the stack itself may do to all simulators."""

from collections.abc import Mapping
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import read
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock, parse_time, utc
from infra.simulators.faults import MODES, Faults
from infra.simulators.journal import Journal


class Source(Protocol):
    """A catalogue whose data can be replaced."""

    def replace(self, raw: bytes) -> int:
        """Serve what *raw* holds from now on, and return how many rows that is."""


class Controls:
    def __init__(
        self,
        providers: tuple[str, ...],
        sources: Mapping[str, Source],
        *,
        clock: Clock,
        agenda: Agenda,
        journal: Journal,
        faults: Faults,
    ) -> None:
        self._providers = providers
        self._sources = sources
        self._clock = clock
        self._agenda = agenda
        self._journal = journal
        self._faults = faults

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/catalog/{source}", self.replace_catalog, methods=["PUT"]),
            Route("/faults", self.order_faults, methods=["POST"]),
            Route("/clock", self.move_clock, methods=["POST"]),
            Route("/requests", self.requests),
            Route("/notifications", self.notifications),
        ]

    async def index(self, request: Request) -> Response:
        return JSONResponse({"simulators": self._providers})

    async def replace_catalog(self, request: Request) -> Response:
        name = request.path_params["source"]
        if name not in self._sources:
            raise HTTPException(404, f"there is no source {name}")
        return JSONResponse({"source": name, "rows": self._sources[name].replace(await request.body())})

    async def order_faults(self, request: Request) -> Response:
        asked = await read.fields(request)
        provider, mode = read.text(asked, "provider", self._providers), read.text(asked, "mode", MODES)
        requests = read.number(asked, "requests")
        self._faults.order(provider, mode, requests)
        return JSONResponse({"provider": provider, "mode": mode, "requests": requests})

    async def move_clock(self, request: Request) -> Response:
        """Deliver what fell due until `now`, in time order, before answering."""
        asked = await read.fields(request)
        try:
            now = parse_time(read.text(asked, "now"))
        except ValueError as fault:
            raise HTTPException(422, str(fault)) from fault
        self._clock.told(now)
        return JSONResponse({"now": utc(now), "delivered": await self._agenda.run_until(now)})

    async def requests(self, request: Request) -> Response:
        return JSONResponse({"items": self._journal.requests(request.query_params.get("provider"))})

    async def notifications(self, request: Request) -> Response:
        return JSONResponse({"items": self._journal.notifications(request.query_params.get("provider"))})

"""Serve the simulators: `python -m infra.simulators --port 8081 --stack http://127.0.0.1:8080`."""

import argparse
import asyncio
import socket
from datetime import datetime
from typing import Any

import httpx
import uvicorn
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from infra.simulators.agenda import Agenda
from infra.simulators.app import create_app
from infra.simulators.clock import Clock, parse_time
from infra.simulators.webhooks import is_loopback

HOST = "127.0.0.1"
MERCHANT_PATIENCE_S = 15.0  # how long Midtrans waits for an answer to a notification
REUSED_FOR_S = 1.0  # shorter than any server keeps an idle connection, so that none is lost to a closing one
KEPT_OPEN_S = 75  # longer than clients reuse one, for the same reason


class ClosableProtocol(H11Protocol):
    """Hands the application its transport, so that a fault can close the connection without an answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "transport": self.transport}, receive, send)

        self.app = with_transport


class AnnouncingServer(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"simulators http://{HOST}:{self.config.port}", flush=True)


async def serve(port: int, stack: str) -> None:
    limits = httpx.Limits(keepalive_expiry=REUSED_FOR_S)
    async with httpx.AsyncClient(timeout=MERCHANT_PATIENCE_S, limits=limits, trust_env=False) as client:

        async def ask_stack() -> datetime:
            try:
                answer = (await client.get(f"{stack}/dev/clock")).raise_for_status().json()
            except httpx.HTTPError as failure:
                raise HTTPException(503, f"the stack does not tell the time: {failure!r}") from failure
            return parse_time(answer["now"])

        clock, agenda = Clock(ask=ask_stack), Agenda()
        app = create_app(clock=clock, agenda=agenda, client=client, stack=stack)
        config = uvicorn.Config(app, host=HOST, port=port, http=ClosableProtocol, log_level="warning", access_log=False)
        async with asyncio.TaskGroup() as tasks:  # whichever fails takes the process down, visibly
            keeping = tasks.create_task(agenda.keep(clock))
            await AnnouncingServer(config).serve()
            keeping.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.simulators", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--stack", default="http://127.0.0.1:8080", help="where webhooks go")
    options = parser.parse_args()
    if not is_loopback(options.stack):
        parser.error("--stack has to be on this machine")
    asyncio.run(serve(options.port, options.stack.rstrip("/")))


if __name__ == "__main__":
    main()

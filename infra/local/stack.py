"""The local stack as a whole: read, wired, started, and stopped in the opposite order."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infra.local import settings
from infra.local.clock import StackClock, system_now
from infra.local.engine import Engine
from infra.local.processes import processes
from infra.local.provision import provision
from infra.local.pump import Pump, Stuck
from infra.local.pump_queues import QueueSource
from infra.local.resources import Resources
from infra.local.server import serving
from infra.local.simulators import Simulators
from infra.local.template import expanded
from infra.local.wiring import Wired, wire
from infra.local.workers import log_file

_DRAIN_BEFORE_STOP = 10.0


class PortTaken(OSError):
    """Somebody else listens on the port."""


@dataclass(frozen=True, slots=True)
class Options:
    template: Path
    port: int
    scratch: Path
    """Where logs go."""
    data: Path | None = None
    """Where everything is remembered between runs."""
    start: datetime | None = None
    simulators: bool = True


@contextlib.asynccontextmanager
async def running(options: Options) -> AsyncIterator[str]:
    """Run what the template declares for as long as the context is open; yield its URL once it answers."""
    async with contextlib.AsyncExitStack() as parts:
        listener = parts.enter_context(_listening(options.port))
        port = listener.getsockname()[1]
        url, simulators_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"

        engine = await Engine.start(options.scratch, options.data)
        parts.push_async_callback(engine.stop)
        started = await processes(parts.enter_context(log_file(options.scratch)))
        parts.push_async_callback(started.close)
        template = expanded(options.template, settings.parameters(url, simulators_url))  # while the engine starts
        resources = Resources(template, engine.url)
        await engine.answering()
        await provision(resources, engine.client)

        clock = StackClock(options.start or system_now(), options.data and options.data / "clock.json")
        parts.callback(clock.keep)
        simulators = Simulators(port + 1, url, options.scratch) if options.simulators else None
        wired = wire(resources, options.template.parent, options.data, engine, clock, simulators, started, url)
        parts.push_async_callback(wired.functions.close)
        if simulators:
            await simulators.start()
            parts.push_async_callback(simulators.stop)
        await parts.enter_async_context(_pumping(wired))
        await parts.enter_async_context(serving(wired.front, listener))
        if simulators:
            await simulators.answering()
        warming = asyncio.create_task(wired.functions.warm())  # in the background: the first callers need not wait
        parts.callback(warming.cancel)
        yield url


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    # the protocol is named: asyncio switches Nagle's delay off only where it reads TCP
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"port {port} is taken; PORT= chooses another") from error
        yield listener


@contextlib.asynccontextmanager
async def _pumping(wired: Wired) -> AsyncIterator[None]:
    """Let events flow and time pass; drain before the end, since the engine forgets its streams."""
    wired.pump.start()
    passing = asyncio.create_task(wired.walk.run())
    passing.add_done_callback(_complain)
    try:
        yield
    finally:
        passing.cancel()
        await _settle(wired.pump)
        await wired.pump.stop()
        for source in wired.pump.sources:
            if isinstance(source, QueueSource):
                await source.give_back()


async def _settle(pump: Pump) -> None:
    try:
        async with asyncio.timeout(_DRAIN_BEFORE_STOP):
            await pump.drained()
    except (TimeoutError, Stuck) as error:
        print(f"stopping with events still under way: {error}", file=sys.stderr)


def _complain(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        print(f"time has stopped: {error!r}", file=sys.stderr, flush=True)

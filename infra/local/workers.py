"""One pool of worker processes per function: started when needed, watched, ended when out of time."""

import asyncio
import os
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from infra.local.blueprint import Function
from infra.local.processes import Process, Processes
from infra.local.runtime_api import Invocation, Outcome, RuntimeApi
from infra.local.settings import REGION, REPOSITORY

Now = Callable[[], datetime]


class Worker:
    """One process that runs one function, and the Runtime API it asks for work."""

    def __init__(self, function: Function, on_idle: Callable[["Worker"], None]) -> None:
        self._function = function
        self._process: Process | None = None
        self._api = RuntimeApi(self._ready)
        self._on_idle = on_idle
        self.was_ready = False

    async def live(self, environment: Mapping[str, str], processes: Processes) -> None:
        """Start the process and return when it has ended, however that comes."""
        address = await self._api.listen()
        self._process = await processes.start({**environment, "AWS_LAMBDA_RUNTIME_API": address})
        code = await self._process.wait()
        self._api.close()
        if self._api.outcome and not self._api.outcome.done():
            message = f"RequestId: {self._function.name} Error: Runtime exited with error: exit status {code}"
            self._api.outcome.set_result(Outcome.error("Runtime.ExitError", message, lost=True))

    async def run(self, invocation: Invocation) -> Outcome:
        """Run one invocation; a worker that is out of time is ended."""
        outcome = self._api.give(invocation)
        if self._process is None or self._process.returncode is not None:
            return Outcome.error("Runtime.ExitError", f"{self._function.name} ended while idle", lost=True)
        try:
            async with asyncio.timeout(invocation.timeout_s):
                return await outcome
        except TimeoutError:
            self.end()
            message = f"Task timed out after {invocation.timeout_s:.2f} seconds"
            return Outcome.error("Sandbox.Timedout", message, lost=True)

    def init_outcome(self) -> Outcome:
        """Return why the worker never became ready."""
        if self._api.init_error:
            return Outcome(self._api.init_error, failed=True)
        return Outcome.error("Runtime.ExitError", f"{self._function.name} ended while starting; see its log")

    def end(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()

    def _ready(self) -> None:
        self.was_ready = True
        self._on_idle(self)


class Pool:
    """The workers of one function."""

    def __init__(self, function: Function, limit: int, engine_url: str, now: Now, processes: Processes) -> None:
        self._function = function
        self._limit = min(limit, function.concurrency or limit)
        self._environment = _environment(function, engine_url)
        self._now = now
        self._processes = processes
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[Worker | Outcome]] = deque()
        self._lives: dict[asyncio.Task[None], Worker] = {}
        self._closed = False

    async def invoke(self, event: bytes) -> Outcome:
        """Run the function on *event* (JSON) in a free worker, as soon as there is one."""
        worker = self._idle.pop() if self._idle else await self._next_free()
        if isinstance(worker, Outcome):
            return worker
        invocation = Invocation(
            id=str(uuid.uuid4()),
            event=event,
            arn=self._function.arn,
            timeout_s=self._function.timeout_s,
            now=self._now().isoformat(),
        )
        return replace(await worker.run(invocation), id=invocation.id, function=self._function.name)

    def warm(self) -> asyncio.Event:
        """Start a first worker if there is none; the event is set once it is ready, or cannot be."""
        warmed = asyncio.Event()
        if self._lives:
            warmed.set()
        else:
            self._start(warmed)
        return warmed

    async def close(self) -> None:
        self._closed = True
        for worker in self._lives.values():
            worker.end()
        await asyncio.gather(*self._lives, return_exceptions=True)

    async def _next_free(self) -> "Worker | Outcome":
        turn: asyncio.Future[Worker | Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        starting = sum(not worker.was_ready for worker in self._lives.values())
        if starting < len(self._waiting) and len(self._lives) < self._limit:
            self._start(asyncio.Event())
        return await turn

    def _start(self, started: asyncio.Event) -> None:
        worker = Worker(self._function, lambda worker: self._freed(worker, started))
        environment = {**self._environment, "LUMBUNG_STACK_NOW": self._now().isoformat()}
        life = asyncio.create_task(worker.live(environment, self._processes))
        self._lives[life] = worker
        life.add_done_callback(lambda life: self._ended(life, started))

    def _freed(self, worker: Worker, started: asyncio.Event) -> None:
        started.set()
        if turn := self._next_turn():
            turn.set_result(worker)
        else:
            self._idle.append(worker)

    def _ended(self, life: "asyncio.Task[None]", started: asyncio.Event) -> None:
        """A worker is gone: whoever waits gets a new one, or hears why none can start."""
        worker = self._lives.pop(life)
        started.set()
        if worker in self._idle:
            self._idle.remove(worker)
        if self._closed:
            return
        if not worker.was_ready and (turn := self._next_turn()):
            turn.set_result(worker.init_outcome())
        if self._waiting and not self._lives:
            self._start(asyncio.Event())

    def _next_turn(self) -> "asyncio.Future[Worker | Outcome] | None":
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # a caller may have gone
                return turn
        return None


def _environment(function: Function, engine_url: str) -> dict[str, str]:
    """Return what a process of *function* sees: Lambda's variables, the engine, and the template's own."""
    path = [str(folder) for folder in (function.code, *function.layers)]
    return {
        "PATH": _inherited("PATH"),
        "HOME": _inherited("HOME"),
        "LANG": "en_US.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": ":".join(path),
        "LUMBUNG_STACK_PATH": str(REPOSITORY),
        "LAMBDA_TASK_ROOT": str(function.code),
        "_HANDLER": function.handler,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": engine_url,
        "AWS_ACCESS_KEY_ID": "LOCAL" + uuid.uuid5(uuid.NAMESPACE_URL, function.name).hex[:15].upper(),
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        **function.environment,
    }


def _inherited(name: str) -> str:

    return os.environ.get(name, "")


def log_file(folder: Path) -> IO[bytes]:
    """Open the file that all functions log to."""
    return (folder / "functions.log").open("ab")

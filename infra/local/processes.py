"""Starts worker processes: forked from one that has the packages loaded, or each on its own."""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import IO, Protocol

from infra.local.settings import REPOSITORY

_DEATH_SIGNAL = 1
"""Linux's prctl option PR_SET_PDEATHSIG."""


class Process(Protocol):
    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...

    def kill(self) -> None: ...


class Processes(Protocol):
    async def start(self, environment: Mapping[str, str]) -> Process: ...

    async def close(self) -> None: ...


async def processes(log: IO[bytes]) -> Processes:
    """Return what starts workers here; forking is safe and watchable on Linux only."""
    if sys.platform != "linux":
        return _Spawned(log)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "infra.local.nursery"),
        cwd=REPOSITORY,
        env={"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "")},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
        start_new_session=True,  # an interrupt from the terminal is for the stack to pass on, in its order
    )
    return _Forked(program)


def die_with_parent() -> Callable[[], None] | None:
    """Return what a new process runs so as not to outlive a stack that was killed; Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_DEATH_SIGNAL, signal.SIGTERM)


class _Spawned:
    def __init__(self, log: IO[bytes]) -> None:
        self._log = log

    async def start(self, environment: Mapping[str, str]) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "infra.local.worker"),
            cwd=REPOSITORY,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    async def close(self) -> None:
        """Nothing to close: each process is its own."""


class _Child:
    """A process of the nursery."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = asyncio.Event()
        self.returncode: int | None = None

    async def wait(self) -> int:
        await self._ended.wait()
        return self.returncode or 0

    def kill(self) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # ended a moment ago
                os.kill(self._pid, signal.SIGKILL)

    def end(self, code: int) -> None:
        self.returncode = code
        self._ended.set()


class _Forked:
    def __init__(self, program: asyncio.subprocess.Process) -> None:
        self._program = program
        self._children: dict[int, _Child] = {}
        self._asked: list[asyncio.Future[_Child]] = []
        self._listening = asyncio.create_task(self._listen())

    async def start(self, environment: Mapping[str, str]) -> Process:
        if self._program.stdin is None or self._listening.done():
            raise RuntimeError("the nursery has ended; see the functions' log")
        answer: asyncio.Future[_Child] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self._program.stdin.write(json.dumps(dict(environment)).encode() + b"\n")
        return await answer

    async def close(self) -> None:
        if self._program.stdin:
            self._program.stdin.close()
        await self._program.wait()
        await self._listening

    async def _listen(self) -> None:
        """Hear of births and deaths, in the order they happen."""
        assert self._program.stdout
        while line := await self._program.stdout.readline():
            heard = json.loads(line)
            if "started" in heard:
                child = self._children[heard["started"]] = _Child(heard["started"])
                self._asked.pop(0).set_result(child)
            else:
                self._children.pop(heard["ended"]).end(heard["code"])
        for child in self._children.values():
            child.end(-signal.SIGKILL)
        for answer in self._asked:
            answer.set_exception(RuntimeError("the nursery has ended; see the functions' log"))

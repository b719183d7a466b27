"""Keeps queues and streams flowing into their functions, and knows when nothing is left to do."""

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable

from infra.local.runtime_api import Outcome
from infra.local.settings import DRAIN_SECONDS

_LOOK_SECONDS = 1.0
"""How often a source is looked at without a hint; what the functions write is hinted at once."""
_GATHER_SECONDS = 0.01
"""How long a source waits after a hint, unless somebody waits for it."""


class Stuck(RuntimeError):
    """A drain did not end; the message names the sources that hold it up."""


class Source(ABC):
    """Something that is read in turns and calls a function."""

    def __init__(self, name: str, watches: str) -> None:
        self.name = name
        self.watches = watches
        """The table or queue that it reads."""
        self.delivered = 0
        self.changed = asyncio.Event()
        self.hurry = asyncio.Event()
        self._hint = asyncio.Event()
        self._turning = False

    @abstractmethod
    async def turn(self) -> None:
        """Take what is there."""

    @property
    @abstractmethod
    def under_way(self) -> int:
        """How many batches are being worked on or wait for another try."""

    def hint(self) -> None:
        """Say that there may be something to read."""
        self._hint.set()

    @property
    def quiet(self) -> bool:
        return not (self._hint.is_set() or self._turning or self.under_way)

    async def run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):  # look anyway: somebody else may have written
                await asyncio.wait_for(self._hint.wait(), _LOOK_SECONDS)
            if not self.hurry.is_set():  # let writes gather: one look takes them all
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.hurry.wait(), _GATHER_SECONDS)
            self._turning = True
            self._hint.clear()
            try:
                await self.turn()
            finally:
                self._turning = False
                self.changed.set()


class Pump:
    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = list(sources)
        self._changed = asyncio.Event()
        self._hurry = asyncio.Event()
        self._draining = 0
        self._tasks: dict[str, asyncio.Task[None]] = {}
        for source in self.sources:
            source.changed = self._changed
            source.hurry = self._hurry

    def start(self) -> None:
        self.hint_all()
        for source in self.sources:
            self._tasks[source.name] = asyncio.create_task(source.run())

    def heard(self, outcome: Outcome) -> None:
        """Look where an invocation wrote; everywhere if it was lost half-way."""
        touched = outcome.meter.get("touched", ())
        for source in self.sources:
            if outcome.lost or source.watches in touched:
                source.hint()

    def hint_all(self) -> None:
        for source in self.sources:
            source.hint()

    @property
    def delivered(self) -> int:
        """How many records and messages have been taken care of so far."""
        return sum(source.delivered for source in self.sources)

    async def drained(self) -> None:
        """Return once nothing is left to read or under way; Stuck, by name, if that takes too long."""
        self._draining += 1
        self._hurry.set()
        try:
            await self._quiet()
        finally:
            self._draining -= 1
            if not self._draining:
                self._hurry.clear()

    async def _quiet(self) -> None:
        end = time.monotonic() + DRAIN_SECONDS
        while busy := [source for source in self.sources if not source.quiet]:
            self._raise_if_dead()
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(1.0, max(0.01, end - time.monotonic())))
            except TimeoutError:
                if time.monotonic() >= end:
                    names = ", ".join(f"{source.name} ({source.under_way} under way)" for source in busy)
                    raise Stuck(f"not drained after {DRAIN_SECONDS:.0f} s: {names}") from None

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _raise_if_dead(self) -> None:
        for name, task in self._tasks.items():
            if task.done():
                raise Stuck(f"{name} has stopped") from task.exception()

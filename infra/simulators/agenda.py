"""What falls due later by the stack's clock: expiries, second notices, notification retries."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime

from infra.simulators.clock import Clock

Task = Callable[[datetime], Awaitable[int]]
"""Called with the time it was due; answers how many notifications it sent."""


class Agenda:
    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Task]] = []
        self._order = itertools.count()
        self._turn = asyncio.Lock()  # two movers of the clock must not deliver past each other

    def add(self, due: datetime, task: Task) -> None:
        heapq.heappush(self._entries, (due, next(self._order), task))

    async def run_until(self, now: datetime) -> int:
        """Do what is due, in time order, including what that puts on the agenda; count notifications."""
        sent = 0
        async with self._turn:
            while self._entries and self._entries[0][0] <= now:
                due, _, task = heapq.heappop(self._entries)
                sent += await task(due)
        return sent

    async def keep(self, clock: Clock, every_s: float = 0.2) -> None:
        """Follow the clock for ever while it runs on by itself."""
        while True:
            await asyncio.sleep(every_s)
            if clock.is_set:
                await self.run_until(clock())

"""All functions of the template: invoked by name, whatever calls them."""

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from infra.local.blueprint import Function
from infra.local.processes import Processes
from infra.local.runtime_api import Outcome
from infra.local.workers import Now, Pool

Heard = Callable[[Outcome], None]


class Functions:
    def __init__(
        self, functions: Iterable[Function], limits: Mapping[str, int], engine_url: str, now: Now, processes: Processes
    ) -> None:
        self.declared = {function.name: function for function in functions}
        self._pools = {
            name: Pool(function, limits[name], engine_url, now, processes) for name, function in self.declared.items()
        }
        self._heard: list[Heard] = []

    def on_outcome(self, heard: Heard) -> None:
        """Tell *heard* of everything that comes of an invocation."""
        self._heard.append(heard)

    async def invoke(self, name: str, event: Mapping[str, Any]) -> Outcome:
        outcome = await self._pools[name].invoke(json.dumps(event, separators=(",", ":")).encode())
        if outcome.failed:
            print(f"{name} failed: {outcome.payload.decode(errors='replace')[:600]}", flush=True)
        for heard in self._heard:
            heard(outcome)
        return outcome

    async def warm(self) -> None:
        """Start a first worker of every function, as many at a time as there are processors to spare."""
        slots = asyncio.Semaphore(max(1, (os.cpu_count() or 2) // 2))

        async def start(pool: Pool) -> None:
            async with slots:
                await pool.warm().wait()

        await asyncio.gather(*(start(pool) for pool in self._pools.values()))

    async def close(self) -> None:
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))

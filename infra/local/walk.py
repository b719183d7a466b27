"""Time passing: schedules fire when they fall due, whether the clock runs or is moved."""

import asyncio
import json
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from infra.local.blueprint import Schedule
from infra.local.clock import ClockGoesBack, StackClock, stamp
from infra.local.expiry import Expiry
from infra.local.failures import FailureQueue
from infra.local.functions import Functions
from infra.local.pump import Pump
from infra.local.pump_queues import QueueSource
from infra.local.schedules import firings, thinned
from infra.local.settings import ACCOUNT, REGION

_TICK_SECONDS = 0.2
_SWEEP = timedelta(hours=12)  # each looks at every item; DynamoDB itself promises only "within a few days"
_BACK_OFF_SECONDS = 0.1

Told = Callable[[datetime], Awaitable[None]]


class Walk:
    """The one who moves the clock, and fires what falls due on the way."""

    def __init__(
        self,
        clock: StackClock,
        schedules: Sequence[Schedule],
        functions: Functions,
        pump: Pump,
        expiry: Expiry,
        failure_queues: dict[str, FailureQueue],
        tell: Told,
    ) -> None:
        self._clock = clock
        self._schedules = schedules
        self._functions = functions
        self._pump = pump
        self._expiry = expiry
        self._failure_queues = failure_queues
        self._tell = tell
        self._queues = [source for source in pump.sources if isinstance(source, QueueSource)]
        self._fired_until = clock.now()
        self._swept_at = clock.now()
        self._moving = asyncio.Lock()
        self.fired = 0
        for schedule in schedules:
            next(firings(schedule, self._fired_until, self._fired_until + timedelta(days=1)), None)

    async def move_to(self, target: datetime) -> None:
        """Move the clock to *target*, stopping wherever something falls due, and drain at every stop."""
        async with self._moving:
            if target < self._clock.now():
                raise ClockGoesBack(f"the clock shows {stamp(self._clock.now())} and never goes back")
            self._pump.hint_all()  # whatever is there already comes before what the move sets off
            with self._clock.standing_still():
                await self._stop_at(self._clock.now(), self._due(self._clock.now()))
                stops = self._stops(target)
                while (instant := self._next(stops, target)) < target:
                    self._clock.move_to(instant)
                    await self._stop_at(instant, stops.pop(instant, ()))
                self._clock.move_to(target)
                await self._stop_at(target, stops.pop(target, ()))
                if target - self._swept_at >= _SWEEP:
                    await self._sweep()
                await self._pump.drained()

    async def settle(self) -> None:
        """Return once everything that was set off is done; nothing new fires meanwhile."""
        async with self._moving:
            self._pump.hint_all()
            await self._pump.drained()

    async def run(self) -> None:
        """Fire schedules as the clock runs by itself."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            async with self._moving:
                now = self._clock.now()
                due = self._due(now)
                self._hint_held(now)
                await self._fire(due)
                if now - self._swept_at >= _SWEEP:
                    await self._sweep()

    async def _stop_at(self, instant: datetime, due: Iterable[tuple[datetime, Schedule]]) -> None:
        self._fired_until = instant
        await self._tell(instant)
        self._hint_held(instant)
        await self._fire(due)
        await self._pump.drained()

    def _due(self, now: datetime) -> list[tuple[datetime, Schedule]]:
        """Return what fell due since the last look, in order."""
        after, self._fired_until = self._fired_until, now
        return sorted(
            ((time, schedule) for schedule in self._schedules for time in firings(schedule, after, now)),
            key=lambda due: due[0],
        )

    def _stops(self, target: datetime) -> dict[datetime, list[tuple[datetime, Schedule]]]:
        stops: dict[datetime, list[tuple[datetime, Schedule]]] = defaultdict(list)
        for schedule in self._schedules:
            for time in thinned(firings(schedule, self._clock.now(), target)):
                stops[time].append((time, schedule))
        return dict(sorted(stops.items()))

    def _next(self, stops: dict[datetime, Any], target: datetime) -> datetime:
        """Return the next moment at which something falls due: a schedule, or a held message."""
        held = [source.next_due for source in self._queues if source.next_due]
        return max(min([target, *held, *([next(iter(stops))] if stops else [])]), self._clock.now())

    def _hint_held(self, now: datetime) -> None:
        for source in self._queues:
            if source.next_due and source.next_due <= now:
                source.hint()

    async def _fire(self, due: Iterable[tuple[datetime, Schedule]]) -> None:
        """Fire in order for each function; different functions run side by side."""
        by_function: dict[str, list[tuple[datetime, Schedule]]] = defaultdict(list)
        for time, schedule in due:
            by_function[schedule.function].append((time, schedule))
        await asyncio.gather(*(self._fire_in_turn(turns) for turns in by_function.values()))

    async def _fire_in_turn(self, turns: list[tuple[datetime, Schedule]]) -> None:
        for time, schedule in turns:
            await self._invoke(schedule, event(schedule, time))
            self.fired += 1

    async def _invoke(self, schedule: Schedule, payload: dict[str, Any]) -> None:
        """Invoke without a caller, as Lambda does: tried again, then set aside."""
        function = self._functions.declared[schedule.function]
        for attempt in range(function.retries + 1):
            outcome = await self._functions.invoke(function.name, payload)
            if not outcome.failed:
                return
            if attempt < function.retries:
                await asyncio.sleep(_BACK_OFF_SECONDS * 2**attempt)
        print(f"schedule {schedule.id}: {function.name} failed for good", flush=True)
        if function.on_failure:
            queue = self._failure_queues[function.on_failure]
            notice = {"requestPayload": payload, "responsePayload": json.loads(outcome.payload)}
            await queue.send(function.arn, "RetriesExhausted", function.retries + 1, outcome, notice)

    async def _sweep(self) -> None:
        self._swept_at = self._clock.now()
        swept = await self._expiry.sweep(self._swept_at)
        for source in self._pump.sources:
            if source.watches in swept:
                source.hint()


def event(schedule: Schedule, time: datetime) -> Any:
    """Return what *schedule* hands to its function when it fires at *time*."""
    scheduled = time.strftime("%Y-%m-%dT%H:%M:%SZ")
    execution = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{schedule.arn} {scheduled}"))
    if schedule.input is not None:
        values = {
            "<aws.scheduler.scheduled-time>": scheduled,
            "<aws.scheduler.schedule-arn>": schedule.arn,
            "<aws.scheduler.execution-id>": execution,
            "<aws.scheduler.attempt-number>": "1",
        }
        text = schedule.input
        for place, value in values.items():
            text = text if schedule.by_rule else text.replace(place, value)
        return json.loads(text)
    return {
        "version": "0",
        "id": execution,
        "detail-type": "Scheduled Event",
        "source": "aws.events" if schedule.by_rule else "aws.scheduler",
        "account": ACCOUNT,
        "time": scheduled,
        "region": REGION,
        "resources": [schedule.arn],
        "detail": {},
    }

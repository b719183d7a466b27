"""SQS queues into functions.

Delays count on the stack's clock: a worker sends a delayed message at once, with a note of when it is due; here it
is held back until the clock shows that, then sent again without the note, so that the engine's count of receives
starts afresh. Redrive to the dead-letter queue is the engine's own.

A message that failed is tried again after a short back-off by the machine's clock instead of the queue's visibility
time-out; one that its handler hid for longer (ChangeMessageVisibility) waits for the stack's clock.
"""

import asyncio
import heapq
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.local import messages
from infra.local.blueprint import EventMapping
from infra.local.clock import StackClock, moment
from infra.local.functions import Functions
from infra.local.patterns import passes
from infra.local.pump import Source
from infra.local.settings import EVENT_WORKERS
from infra.local.sqs import FOREVER, MOST, Message, Queue

_GRACE_SECONDS = 120
"""How much longer than its function's time-out a message stays hidden while it is worked on."""
_FIRST_BACK_OFF = 0.05
_LONGEST_BACK_OFF = 1.0


class QueueSource(Source):
    def __init__(
        self, mapping: EventMapping, queue: Queue, delay: timedelta, functions: Functions, clock: StackClock
    ) -> None:
        super().__init__(f"queue {queue.name} into {mapping.function}", queue.name)
        self._mapping = mapping
        self._queue = queue
        self._delay = delay
        self._functions = functions
        self._clock = clock
        self._slots = asyncio.Semaphore(mapping.concurrency or EVENT_WORKERS)
        self._batches: set[asyncio.Task[None]] = set()
        self._held: list[tuple[datetime, str, Message]] = []
        self._hidden_s = functions.declared[mapping.function].timeout_s + _GRACE_SECONDS

    @property
    def under_way(self) -> int:
        return len(self._batches)

    @property
    def next_due(self) -> datetime | None:
        """When the next held message may go, on the stack's clock."""
        return self._held[0][0] if self._held else None

    async def turn(self) -> None:
        self._raise_failures()
        await self._release_due()
        while True:
            await self._slots.acquire()
            batch = await self._receive()
            if not batch:
                self._slots.release()
                return
            self._batches.add(asyncio.create_task(self._work(batch)))
            if len(batch) < min(MOST, self._mapping.batch):
                return

    async def give_back(self) -> None:
        """Put held messages back into the queue, for the next start to find."""
        for due, _, message in self._held:
            await self._send_again(message, due)
        self._held.clear()

    async def _receive(self) -> list[Message]:
        """Take up to one batch of messages whose time has come; hold the others."""
        ready: list[Message] = []
        while (asked := min(MOST, self._mapping.batch - len(ready))) > 0:
            received = await self._queue.receive(asked, self._hidden_s)
            for message in received:
                due = messages.due_at(message, self._delay, self._clock)
                if due > self._clock.now():
                    await self._hold(message, due)
                else:
                    ready.append(message)
            if len(received) < asked:
                break
        return ready

    async def _hold(self, message: Message, due: datetime) -> None:
        await self._queue.hide(message, FOREVER)
        heapq.heappush(self._held, (due, message["MessageId"], message))

    async def _release_due(self) -> None:
        while self._held and self._held[0][0] <= self._clock.now():
            _, _, message = heapq.heappop(self._held)
            if message.get("failed"):
                await self._queue.hide(message, 0)
            else:
                await self._send_again(message)

    async def _send_again(self, message: Message, due: datetime | None = None) -> None:
        await self._queue.send(message["Body"], messages.to_send_again(message, self._clock, due))
        await self._queue.delete([message])

    async def _work(self, batch: list[Message]) -> None:
        """Have one batch taken; at its end, also of all its back-offs, the source may be quiet."""
        try:
            failed, hidden = await self._offer(batch)
            taken = [message for message in batch if message["MessageId"] not in failed]
            await self._queue.delete(taken)
            self.delivered += len(taken)
        finally:
            self._slots.release()
        await self._again([message for message in batch if message["MessageId"] in failed], hidden)
        task = asyncio.current_task()
        if task:
            self._batches.discard(task)
        self.hint()

    async def _offer(self, batch: list[Message]) -> tuple[set[str], Mapping[str, str]]:
        """Return the ids of the messages that were not taken, and until when the handler hid which of them."""
        records = [messages.record(message, self._queue.arn, self._clock) for message in batch]
        wanted = [record for record in records if self._wants(record)]
        if not wanted:
            return set(), {}
        everything = {str(record["messageId"]) for record in wanted}
        outcome = await self._functions.invoke(self._mapping.function, {"Records": wanted})
        hidden = outcome.meter.get("hidden", {})
        if outcome.failed:
            return everything, hidden
        if not self._mapping.reports_failures:
            return set(), hidden
        answer = json.loads(outcome.payload) or {}
        failures = {str(item.get("itemIdentifier", "")) for item in answer.get("batchItemFailures") or []}
        return (failures if failures <= everything else everything), hidden

    async def _again(self, failed: list[Message], hidden: Mapping[str, str]) -> None:
        """Let failed messages be received again: after a back-off, or when their handler said."""
        soon = []
        for message in failed:
            if message["ReceiptHandle"] in hidden:
                await self._hold({**message, "failed": True}, moment(hidden[message["ReceiptHandle"]]))
            else:
                soon.append(message)
        if soon:
            tries = max(map(messages.receives, soon))
            await asyncio.sleep(min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2 ** (tries - 1)))
            for message in soon:
                await self._queue.hide(message, 0)

    def _raise_failures(self) -> None:
        for batch in self._batches:
            if batch.done():
                batch.result()

    def _wants(self, record: Mapping[str, Any]) -> bool:
        if not self._mapping.patterns:
            return True
        try:
            body = json.loads(record["body"])
        except ValueError:
            body = record["body"]
        return passes(self._mapping.patterns, {**record, "body": body})

"""SQS queues into functions.

Delays count on the stack's clock: a worker sends a delayed message at once, with a note of when it is due
(`meter.DUE`); here it is held back until the clock shows that, then sent again without the note, so that the
engine's count of receives starts afresh. Redrive to the dead-letter queue is the engine's own.

A message that failed is tried again after a short back-off by the machine's clock instead of the queue's visibility
time-out; one that its handler hid for longer (ChangeMessageVisibility) waits for the stack's clock.
"""

import asyncio
import heapq
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.local.aws import Client, EngineError
from infra.local.blueprint import EventMapping
from infra.local.clock import StackClock, moment
from infra.local.functions import Functions
from infra.local.meter import DUE
from infra.local.patterns import passes
from infra.local.pump import Source
from infra.local.settings import EVENT_WORKERS, REGION

_SENT = "lumbung_sent"
_MOST = 10
_HELD_SECONDS = 43_200
"""SQS's longest visibility time-out: for messages that wait for the stack's clock."""
_GRACE_SECONDS = 120
_FIRST_BACK_OFF = 0.05
_LONGEST_BACK_OFF = 1.0

Message = dict[str, Any]


class QueueSource(Source):
    def __init__(
        self, mapping: EventMapping, delay_s: int, engine: Client, functions: Functions, clock: StackClock, url: str
    ) -> None:
        queue = mapping.source.rpartition(":")[2]
        super().__init__(f"queue {queue} into {mapping.function}", queue)
        self._mapping = mapping
        self._delay = timedelta(seconds=delay_s)
        self._engine = engine
        self._functions = functions
        self._clock = clock
        self._url = url
        self._slots = asyncio.Semaphore(mapping.concurrency or EVENT_WORKERS)
        self._batches: set[asyncio.Task[None]] = set()
        self._held: list[tuple[datetime, str, Message]] = []
        self._visibility = functions.declared[mapping.function].timeout_s + _GRACE_SECONDS

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
            messages = await self._receive()
            if not messages:
                self._slots.release()
                return
            batch = asyncio.create_task(self._work(messages))
            self._batches.add(batch)
            if len(messages) < min(_MOST, self._mapping.batch):
                return

    async def give_back(self) -> None:
        """Put held messages back into the queue, for the next start to find."""
        for due, _, message in self._held:
            await self._resend(message, due)
        self._held.clear()

    async def _receive(self) -> list[Message]:
        """Take up to one batch of messages whose time has come; hold the others."""
        ready: list[Message] = []
        while len(ready) < self._mapping.batch:
            asked = min(_MOST, self._mapping.batch - len(ready))
            answer = await self._engine.call(
                "sqs",
                "ReceiveMessage",
                QueueUrl=self._url,
                MaxNumberOfMessages=asked,
                VisibilityTimeout=self._visibility,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            messages = answer.get("Messages", [])
            for message in messages:
                due = self._due(message)
                if due > self._clock.now():
                    await self._hide(message)
                    heapq.heappush(self._held, (due, message["MessageId"], message))
                else:
                    ready.append(message)
            if len(messages) < asked:
                break
        return ready

    def _due(self, message: Message) -> datetime:
        attributes = message.get("MessageAttributes", {})
        if DUE in attributes:
            return moment(attributes[DUE]["StringValue"])
        again = int(message["Attributes"].get("ApproximateReceiveCount", 1)) > 1 or _SENT in attributes
        return self._sent(message) + (timedelta() if again else self._delay)

    def _sent(self, message: Message) -> datetime:
        attributes = message.get("MessageAttributes", {})
        if _SENT in attributes:
            return moment(attributes[_SENT]["StringValue"])
        return self._clock.at_real(int(message["Attributes"]["SentTimestamp"]) / 1000)

    async def _release_due(self) -> None:
        while self._held and self._held[0][0] <= self._clock.now():
            _, _, message = heapq.heappop(self._held)
            if message.get("hidden"):
                await self._show(message)
            else:
                await self._resend(message, None)

    async def _resend(self, message: Message, due: datetime | None) -> None:
        attributes = {
            name: _plain(value) for name, value in message.get("MessageAttributes", {}).items() if name != DUE
        }
        attributes[_SENT] = {"DataType": "String", "StringValue": self._sent(message).isoformat()}
        if due:
            attributes[DUE] = {"DataType": "String", "StringValue": due.isoformat()}
        await self._engine.call(
            "sqs", "SendMessage", QueueUrl=self._url, MessageBody=message["Body"], MessageAttributes=attributes
        )
        await self._delete([message])

    async def _work(self, messages: list[Message]) -> None:
        try:
            records = {message["MessageId"]: self._record(message) for message in messages}
            wanted = [message for message in messages if self._wants(records[message["MessageId"]])]
            failed: set[str] = set()
            hidden: Mapping[str, str] = {}
            if wanted:
                failed, hidden = await self._invoke([records[message["MessageId"]] for message in wanted])
            await self._delete([message for message in messages if message["MessageId"] not in failed])
            self.delivered += len(messages) - len(failed)
        finally:
            self._slots.release()
        await self._again([message for message in messages if message["MessageId"] in failed], hidden)
        self._finished()

    async def _invoke(self, records: list[Mapping[str, Any]]) -> tuple[set[str], Mapping[str, str]]:
        """Return the ids of the messages that failed, and what the handler hid until when."""
        everything = {str(record["messageId"]) for record in records}
        outcome = await self._functions.invoke(self._mapping.function, {"Records": records})
        if outcome.failed:
            return everything, outcome.meter.get("hidden", {})
        if not self._mapping.reports_failures:
            return set(), {}
        answer = json.loads(outcome.payload) or {}
        failures = {str(item.get("itemIdentifier", "")) for item in answer.get("batchItemFailures") or []}
        return (failures if failures <= everything else everything), outcome.meter.get("hidden", {})

    async def _again(self, messages: list[Message], hidden: Mapping[str, str]) -> None:
        """Let failed messages be received again: after a back-off, or when their handler said."""
        soon = []
        for message in messages:
            if message["ReceiptHandle"] in hidden:
                due = moment(hidden[message["ReceiptHandle"]])
                await self._hide(message)
                heapq.heappush(self._held, (due, message["MessageId"], {**message, "hidden": True}))
            else:
                soon.append(message)
        if soon:
            tries = max(int(message["Attributes"]["ApproximateReceiveCount"]) for message in soon)
            await asyncio.sleep(min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2 ** (tries - 1)))
            for message in soon:
                await self._show(message)

    def _finished(self) -> None:
        """Runs at the end of a batch's task: the source is quiet only after this."""
        task = asyncio.current_task()
        if task:
            self._batches.discard(task)
        self.hint()

    def _raise_failures(self) -> None:
        for batch in self._batches:
            if batch.done():
                batch.result()

    async def _hide(self, message: Message) -> None:
        await self._change_visibility(message, _HELD_SECONDS)

    async def _show(self, message: Message) -> None:
        await self._change_visibility(message, 0)

    async def _change_visibility(self, message: Message, seconds: int) -> None:
        await self._engine.call(
            "sqs",
            "ChangeMessageVisibility",
            QueueUrl=self._url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=seconds,
        )

    async def _delete(self, messages: list[Message]) -> None:
        for start in range(0, len(messages), _MOST):
            part = messages[start : start + _MOST]
            entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(part)]
            answer = await self._engine.call("sqs", "DeleteMessageBatch", QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise EngineError(f"{self.name}: DeleteMessageBatch", "Failed", json.dumps(answer["Failed"]))

    def _record(self, message: Message) -> Mapping[str, Any]:
        attributes = {**message["Attributes"], "SentTimestamp": _millis(self._sent(message))}
        first = attributes.get("ApproximateFirstReceiveTimestamp")
        if first:
            attributes["ApproximateFirstReceiveTimestamp"] = _millis(self._clock.at_real(int(first) / 1000))
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": attributes,
            "messageAttributes": {
                name: _attribute(value)
                for name, value in message.get("MessageAttributes", {}).items()
                if name not in (DUE, _SENT)
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._mapping.source,
            "awsRegion": REGION,
        }

    def _wants(self, record: Mapping[str, Any]) -> bool:
        if not self._mapping.patterns:
            return True
        try:
            body = json.loads(record["body"])
        except ValueError:
            body = record["body"]
        return passes(self._mapping.patterns, {**record, "body": body})


def _millis(instant: datetime) -> str:
    return str(int(instant.timestamp() * 1000))


def _plain(attribute: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attribute.items() if key in ("DataType", "StringValue", "BinaryValue")}


def _attribute(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Write a message attribute as Lambda's events do."""
    written = {
        "stringValue": attribute.get("StringValue"),
        "binaryValue": attribute.get("BinaryValue"),
        "dataType": attribute["DataType"],
    }
    return {
        **{key: value for key, value in written.items() if value is not None},
        "stringListValues": [],
        "binaryListValues": [],
    }

"""Counts, inside a worker, what an invocation asks of AWS: calls, capacity units, and what it wrote to.

It also turns SQS delays into notes for the stack, since the engine's own delays run by the machine's clock, and
notes the tags of mails, which the engine does not keep. What it asks AWS for is told once, for `GET /dev/rights`.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from botocore.client import BaseClient

from infra.local.units import READS, WRITES, spent
from infra.local.wire import Wire
from infra.local.worker_clock import WorkerClock
from infra.rights.asked import Ask, asked

DUE = "lumbung_due"
"""Message attribute: when the message may be delivered, on the stack's clock."""


class Meter:
    """Stands between the product's clients and the wire, for one invocation at a time."""

    def __init__(self, clock: WorkerClock, wire: Wire) -> None:
        self._clock = clock
        self._wire = wire
        self._asked: set[Ask] = set()
        self._told: set[Ask] = set()
        self.reset()

    def reset(self) -> None:
        self._calls = 0
        self._read = 0.0
        self._write = 0.0
        self._touched: set[str] = set()
        self._hidden: dict[str, str] = {}
        self._mails: dict[str, dict[str, str]] = {}

    def line(self) -> bytes:
        """Return what was counted since the last reset, as one line of JSON."""
        new = sorted(self._asked - self._told)
        self._told |= self._asked
        counted = {
            "calls": self._calls,
            "read": self._read,
            "write": self._write,
            "touched": sorted(self._touched),
            "hidden": self._hidden,
            "mails": self._mails,
            "asked": new,
        }
        return json.dumps(counted).encode() + b"\n"

    def install(self) -> None:
        """Wrap botocore's one seam, through which every call of every client goes."""
        call = BaseClient._make_api_call

        def measured(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            self._wire.serve(client)
            service = client.meta.service_model.service_name
            self._asked.update(asked(service, operation, arguments))
            if service == "dynamodb" and (operation in READS or operation in WRITES):
                return self._dynamodb(operation, arguments, lambda changed: call(client, operation, changed))
            if service == "sqs":
                arguments = self._sqs(operation, arguments)
            answer = call(client, operation, arguments)
            if service == "sesv2" and operation == "SendEmail":
                self._mails[answer["MessageId"]] = {tag["Name"]: tag["Value"] for tag in arguments.get("EmailTags", ())}
            return answer

        BaseClient._make_api_call = measured

    def _dynamodb(self, operation: str, arguments: dict[str, Any], call: Any) -> Any:
        asked = arguments.get("ReturnConsumedCapacity", "NONE")
        self._calls += 1
        if operation in WRITES:
            self._touched |= _written(operation, arguments)
        answer = call({**arguments, "ReturnConsumedCapacity": "INDEXES" if asked == "NONE" else asked})
        read, write = spent(operation, arguments, answer)
        self._read += read
        self._write += write
        if asked == "NONE":
            answer.pop("ConsumedCapacity", None)
        return answer

    def _sqs(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if operation == "SendMessage":
            self._touched.add(_queue(arguments))
            return self._undelayed(arguments)
        if operation == "SendMessageBatch":
            self._touched.add(_queue(arguments))
            return {**arguments, "Entries": [self._undelayed(entry) for entry in arguments["Entries"]]}
        if operation == "ChangeMessageVisibility":
            self._hide(arguments)
        elif operation == "ChangeMessageVisibilityBatch":
            for entry in arguments["Entries"]:
                self._hide(entry)
        return arguments

    def _undelayed(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the message without its delay, with a note of when it is due instead."""
        if not message.get("DelaySeconds"):
            return dict(message)  # a note would hold it up: the stack's clock stands while it drains
        kept = {key: value for key, value in message.items() if key != "DelaySeconds"}
        due = {"DataType": "String", "StringValue": self._in(message["DelaySeconds"])}
        return {**kept, "MessageAttributes": {**message.get("MessageAttributes", {}), DUE: due}}

    def _hide(self, change: Mapping[str, Any]) -> None:
        self._hidden[change["ReceiptHandle"]] = self._in(change["VisibilityTimeout"])

    def _in(self, seconds: float) -> str:
        return (self._clock.now() + timedelta(seconds=seconds)).isoformat()


def _written(operation: str, arguments: Mapping[str, Any]) -> set[str]:
    if operation == "BatchWriteItem":
        return set(arguments["RequestItems"])
    if operation == "TransactWriteItems":
        return {
            write["TableName"]
            for item in arguments["TransactItems"]
            for kind, write in item.items()
            if kind != "ConditionCheck"
        }
    return {arguments["TableName"]}


def _queue(arguments: Mapping[str, Any]) -> str:
    return str(arguments["QueueUrl"]).rpartition("/")[2]

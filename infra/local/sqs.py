"""One SQS queue of the engine."""

import json
from typing import Any

from infra.local.aws import Client, EngineError
from infra.local.settings import ACCOUNT

MOST = 10
"""Messages in one call, at most."""
FOREVER = 43_200
"""SQS's longest visibility time-out, in seconds: for messages that wait for the stack's clock."""

Message = dict[str, Any]


class Queue:
    def __init__(self, engine_url: str, arn: str, engine: Client) -> None:
        self.arn = arn
        self.name = arn.rpartition(":")[2]
        self._url = f"{engine_url}/{ACCOUNT}/{self.name}"
        self._engine = engine

    async def receive(self, most: int, hidden_s: int) -> list[Message]:
        answer = await self._engine.call(
            "sqs",
            "ReceiveMessage",
            QueueUrl=self._url,
            MaxNumberOfMessages=min(MOST, most),
            VisibilityTimeout=hidden_s,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[Message] = answer.get("Messages", [])
        return messages

    async def send(self, body: str, attributes: dict[str, Any] | None = None) -> None:
        await self._engine.call(
            "sqs", "SendMessage", QueueUrl=self._url, MessageBody=body, MessageAttributes=attributes or {}
        )

    async def hide(self, message: Message, seconds: int) -> None:
        """Let *message* not be received for so long; 0: let it be received at once."""
        await self._engine.call(
            "sqs",
            "ChangeMessageVisibility",
            QueueUrl=self._url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=seconds,
        )

    async def delete(self, messages: list[Message]) -> None:
        for start in range(0, len(messages), MOST):
            part = messages[start : start + MOST]
            entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(part)]
            answer = await self._engine.call("sqs", "DeleteMessageBatch", QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise EngineError(f"{self.name}: DeleteMessageBatch", "Failed", json.dumps(answer["Failed"]))

    async def length(self) -> int:
        """Return how many messages lie in the queue, whatever they wait for."""
        answer = await self._engine.call("sqs", "GetQueueAttributes", QueueUrl=self._url, AttributeNames=["All"])
        counts = answer["Attributes"]
        return sum(int(counts[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))

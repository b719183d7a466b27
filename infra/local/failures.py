"""Where goes what failed for good: failure destinations and dead-letter queues."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any

from infra.local.clock import StackClock, stamp
from infra.local.resources import Resources
from infra.local.runtime_api import Outcome
from infra.local.sqs import Queue


class FailureQueue:
    """Tells a queue of what failed for good, as Lambda's failure destination does."""

    def __init__(self, queue: Queue, clock: StackClock) -> None:
        self._queue = queue
        self._clock = clock

    async def send(
        self, function_arn: str, condition: str, tries: int, outcome: Outcome, more: Mapping[str, Any]
    ) -> None:
        notice = {
            "version": "1.0",
            "timestamp": stamp(self._clock.now()),
            "requestContext": {
                "requestId": outcome.id,
                "functionArn": function_arn,
                "condition": condition,
                "approximateInvokeCount": tries,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                **({"functionError": "Unhandled"} if outcome.failed else {}),
            },
            **more,
        }
        await self._queue.send(json.dumps(notice))


def failure_queue_arns(resources: Resources, others: Iterable[str]) -> set[str]:
    """Return the ARNs of all queues that take failures: those of queues, and *others*."""
    redriven = {
        queue.properties["RedrivePolicy"]["deadLetterTargetArn"]
        for queue in resources.of("AWS::SQS::Queue")
        if "RedrivePolicy" in queue.properties
    }
    return redriven | set(others)


async def count(queues: Iterable[Queue]) -> int:
    """Return how many messages lie in *queues*."""
    return sum(await asyncio.gather(*(queue.length() for queue in queues)))

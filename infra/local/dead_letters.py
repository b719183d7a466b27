"""Counts what lies in dead-letter queues: those that queues, mappings or functions name for their failures."""

import asyncio
from collections.abc import Iterable

from infra.local.aws import Client
from infra.local.resources import Resources


def failure_queue_arns(resources: Resources, others: Iterable[str | None]) -> set[str]:
    """Return the ARNs of all queues that take failures."""
    redriven = {
        queue.properties["RedrivePolicy"]["deadLetterTargetArn"]
        for queue in resources.of("AWS::SQS::Queue")
        if "RedrivePolicy" in queue.properties
    }
    return redriven | {arn for arn in others if arn}


async def count(urls: Iterable[str], engine: Client) -> int:
    """Return how many messages lie in the queues at *urls*."""
    answers = await asyncio.gather(
        *(engine.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]) for url in urls)
    )
    return sum(
        int(answer["Attributes"][f"ApproximateNumberOfMessages{kind}"])
        for answer in answers
        for kind in ("", "NotVisible", "Delayed")
    )

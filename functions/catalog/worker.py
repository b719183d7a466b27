"""Queue entry point: moves sync runs on, some steps a message."""

from functools import cache
from typing import Any

from catalog.take_step import take_steps
from lumbung.runtime import batch, clock, deps, deps_catalog
from lumbung.runtime.log import logger


def move_on(message: dict[str, Any]) -> None:
    run = take_steps(
        message["run"],
        attempt=message.get("attempt", 0),
        feed=cache(deps_catalog.feed),  # one adapter for all steps of a message: a file is fetched once
        products=deps_catalog.products(),
        syncs=deps_catalog.syncs(),
        queue=deps.queue("SYNC_QUEUE"),
        product_ids=deps_catalog.product_ids,
        now=clock.now,
    )
    logger.info("sync moved on", sync_id=run.id, status=run.status, phase=run.phase, counts=run.counts.as_dict())


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, move_on)

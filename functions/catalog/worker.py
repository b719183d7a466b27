"""Queue entry point: moves sync runs on, as many steps a message as there is time for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from catalog.take_step import take_steps
from lumbung.runtime import batch, clock, deps, deps_catalog
from lumbung.runtime.log import logger

LONGEST_STEP_MS = 180_000  # fifty calls to a slow source, with their retries


def move_on(message: dict[str, Any], *, left_ms: Callable[[], int]) -> None:
    run = take_steps(
        message["run"],
        attempt=message.get("attempt", 0),
        feed=deps_catalog.one_feed(),  # one adapter for all steps of a message: a file is fetched once
        products=deps_catalog.products(),
        syncs=deps_catalog.syncs(),
        queue=deps.queue("SYNC_QUEUE"),
        product_ids=deps_catalog.product_ids,
        now=clock.now,
        has_time=lambda: left_ms() > LONGEST_STEP_MS,
    )
    logger.info("sync moved on", sync_id=run.id, status=run.status, phase=run.phase, counts=run.counts.as_dict())


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, partial(move_on, left_ms=context.get_remaining_time_in_millis))

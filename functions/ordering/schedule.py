"""Schedule entry point, every minute: freezes waves whose time has come, and lets unpaid orders expire."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from lumbung.domain.moments import parse
from lumbung.runtime import batch, deps, deps_ordering
from lumbung.runtime.log import logger
from ordering.expire_orders import expire
from ordering.freeze_wave import freeze_wave

GRACE = timedelta(seconds=deps_ordering.ORDERING_TIMEOUT_S + 30)
RESUME_EVERY_MIN = 10  # a closing run that a crash has stopped goes on within this time


def handler(event: dict[str, Any], context: Any) -> None:
    """Freezing comes first: nothing waits for the unpaid orders of a busy minute, or for one that cannot expire."""
    now = parse(event["time"])
    due = deps_ordering.due().at(now)
    failed: list[str] = []
    frozen = batch.each(due["WAVE"], partial(_freeze_or_resume, now=now), failed)
    last = partial(expire, now=now, waves=deps.waves(), orders=deps.orders(), refunds=deps.refunds())
    expired = batch.each(due["ORDER"], last, failed)
    logger.info("clock", expired=expired, frozen=frozen, failed=len(failed))
    if failed:
        raise batch.NotAll(failed)


def _freeze_or_resume(wave_id: str, *, now: datetime) -> bool:
    queue = deps.queue("CLOSING_QUEUE")
    began = freeze_wave(
        wave_id, now=now, grace=GRACE, waves=deps.waves(), shards=deps.shards(),
        closings=deps.closings(), queue=queue,
    )  # fmt: skip
    if not began and now.minute % RESUME_EVERY_MIN == 0:
        queue.send(step="resume", wave=wave_id)
    return began

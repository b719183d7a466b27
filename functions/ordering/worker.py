"""Queue entry point: takes the steps of closing a wave, one message each."""

from functools import cache
from typing import Any

from lumbung.runtime import batch, clock, deps
from lumbung.runtime.log import logger
from ordering.close_wave import Closing


@cache
def closing() -> Closing:
    return Closing(
        waves=deps.waves(), shards=deps.shards(), orders=deps.orders(), refunds=deps.refunds(),
        closings=deps.closings(), goods=deps.goods(), queue=deps.queue("CLOSING_QUEUE"), now=clock.now,
    )  # fmt: skip


def take(message: dict[str, Any]) -> None:
    step, wave_id = message["step"], message["wave"]
    if step == "allocate":
        closing().allocate(wave_id)
    elif step == "resume":
        closing().resume(wave_id)
    else:
        closing().take_step(step, wave_id, message["dropoff"])
    logger.info("closing step taken", step=step, wave_id=wave_id, dropoff_id=message.get("dropoff"))


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, take)

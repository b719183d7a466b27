"""Schedule entry point, every minute: lets unpaid orders expire, and freezes waves whose time has come."""

from datetime import timedelta
from typing import Any

from lumbung.domain.moments import parse
from lumbung.runtime import deps, deps_ordering
from lumbung.runtime.log import logger
from ordering.expire_orders import expire_orders
from ordering.freeze_wave import freeze_wave

GRACE = timedelta(seconds=deps_ordering.ORDERING_TIMEOUT_S + 30)
RESUME_EVERY_MIN = 10  # a closing run that a crash has stopped goes on within this time


def handler(event: dict[str, Any], context: Any) -> None:
    now = parse(event["time"])
    due = deps_ordering.due().at(now)
    expired = expire_orders(due["ORDER"], now=now, waves=deps.waves(), orders=deps.orders(), refunds=deps.refunds())
    queue = deps.queue("CLOSING_QUEUE")
    frozen = 0
    for wave_id in due["WAVE"]:
        began = freeze_wave(
            wave_id, now=now, grace=GRACE, waves=deps.waves(), shards=deps.shards(),
            closings=deps.closings(), queue=queue,
        )  # fmt: skip
        frozen += began
        if not began and now.minute % RESUME_EVERY_MIN == 0:
            queue.send(step="resume", wave=wave_id)
    logger.info("clock", expired=expired, frozen=frozen)

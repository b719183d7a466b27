"""Stream entry point: completes a wave when the last of its orders is at its end."""

from typing import Any

from lumbung.runtime import batch, deps
from lumbung.runtime.log import logger
from lumbung.store.table import Item


def last_order_ended(item: Item) -> None:
    completed = deps.goods().complete_if_done(item["wave"])
    logger.info("drop-off done", wave_id=item["wave"], dropoff_id=item["dropoff"], completed=completed)


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.changes(event, last_order_ended)

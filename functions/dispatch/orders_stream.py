"""Stream entry point: a drop-off that was allocated expects its consignments."""

from typing import Any

from dispatch.expect_consignments import expect_consignments
from lumbung.runtime import batch, deps, deps_dispatch
from lumbung.runtime.log import logger
from lumbung.store.open_orders import from_item
from lumbung.store.table import Item


def expect(item: Item) -> None:
    opened = from_item(item)
    new = expect_consignments(
        opened.wave_id, opened.dropoff_id, opened.packs, waves=deps.waves(), consignments=deps_dispatch.consignments()
    )
    logger.info("consignments expected", wave_id=opened.wave_id, dropoff_id=opened.dropoff_id, new=new)


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.changes(event, expect)

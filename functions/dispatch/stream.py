"""Stream entry point: applies stored courier events."""

from typing import Any

from dispatch.wired import take_event
from lumbung.runtime import batch, clock
from lumbung.runtime.log import logger
from lumbung.store.courier_events import from_item
from lumbung.store.table import Item


def apply(item: Item) -> None:
    event = from_item(item)
    outcome = take_event()(event.id, now=clock.now())
    logger.info("courier event taken", event_id=event.id, event=event.event, outcome=outcome)


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.changes(event, apply)

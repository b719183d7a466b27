"""Stream entry point: what has happened to an order becomes notices in the queue, with ids and rupiah only."""

from dataclasses import asdict
from typing import Any

from lumbung.domain.notice import Notice, notices_of
from lumbung.runtime import batch, deps
from lumbung.runtime.log import logger
from lumbung.store.order_items import from_item
from lumbung.store.table import Item


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.gathered(event, _happened, _send)


def _happened(old: Item | None, new: Item) -> tuple[Notice, ...]:
    return notices_of(from_item(old) if old else None, from_item(new))


def _send(notices: list[Notice]) -> None:
    deps.queue("NOTICE_QUEUE").send_all([asdict(notice) for notice in notices])
    logger.info("notices to be sent", notices=len(notices))

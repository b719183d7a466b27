"""Stream entry point: a product was written, so it is listed anew under what it is found by."""

from typing import Any

from lumbung.domain.product import Product
from lumbung.domain.product_search import listing
from lumbung.runtime import batch, clock, deps_catalog
from lumbung.runtime.log import logger
from lumbung.store.catalog_items import from_item
from lumbung.store.table import Item

Change = tuple[Product | None, Product]


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.gathered(event, _changed, _follow)


def _changed(old: Item | None, new: Item) -> list[Change]:
    before, after = from_item(old) if old else None, from_item(new)
    return [] if before and listing(before) == listing(after) else [(before, after)]


def _follow(changes: list[Change]) -> None:
    current = deps_catalog.products().stored({after.id for _, after in changes})
    writes = deps_catalog.index().follow(changes, current, at=clock.now())
    logger.info("products listed", products=len(current), writes=writes)

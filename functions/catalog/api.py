"""HTTP entry point: products, the runs that bring them in, and the feeds that take them out."""

from typing import Any

from catalog import (
    ceiling_routes,
    feed_routes,
    listing_routes,
    product_routes,
    supplier_routes,
    sync_routes,
    workbook_routes,
)
from lumbung.runtime import deps
from lumbung.runtime.http import Api

api = Api(secret=deps.id_secret, earlier=deps.earlier)
for part in (
    product_routes, sync_routes, feed_routes, ceiling_routes, supplier_routes, listing_routes, workbook_routes,
):  # fmt: skip
    api.include(part.routes)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return api.resolve(event, context)

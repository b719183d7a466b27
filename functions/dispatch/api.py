"""HTTP entry point: goods are received and handed over, and sent home; what that costs."""

from typing import Any

from dispatch import (
    correction_routes,
    desk_routes,
    goods_routes,
    offline_routes,
    quote_routes,
    report_routes,
    ride_routes,
    rider_routes,
    road_routes,
    trip_routes,
)
from lumbung.runtime import deps, readers
from lumbung.runtime.http import Api

api = Api(secret=deps.id_secret, earlier=deps.earlier, begin=readers.begin, end=readers.end)
PARTS = (
    goods_routes,
    desk_routes,
    offline_routes,
    trip_routes,
    quote_routes,
    correction_routes,
    report_routes,
    rider_routes,
    ride_routes,
    road_routes,
)
for part in PARTS:
    api.include(part.routes)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return api.resolve(event, context)

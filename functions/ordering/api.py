"""HTTP entry point: members order from waves; the programme office prepares and closes them."""

from typing import Any

from lumbung.runtime import deps, readers
from lumbung.runtime.http import Api
from ordering import (
    allocation_routes,
    closing_routes,
    data_routes,
    edit_routes,
    erasure_routes,
    join_routes,
    me_routes,
    membership_routes,
    ocds_routes,
    openapi_route,
    order_routes,
    permission_routes,
    reading_routes,
    registry_routes,
    staff_routes,
    village_routes,
    wave_life_routes,
    wave_routes,
)

api = Api(secret=deps.id_secret, earlier=deps.earlier, begin=readers.begin, end=readers.end)
PARTS = (
    order_routes, edit_routes, wave_routes, wave_life_routes, closing_routes, allocation_routes, registry_routes,
    village_routes, staff_routes, membership_routes, join_routes, me_routes,
    erasure_routes, permission_routes, data_routes, reading_routes, ocds_routes,
    openapi_route,
)  # fmt: skip
for part in PARTS:
    api.include(part.routes)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return api.resolve(event, context)

"""HTTP: road distances that the programme office measured around a drop-off, for plans to go by."""

from typing import Annotated

from pydantic import Field

from lumbung.domain.people import OPERATOR
from lumbung.domain.roads import MAX_VILLAGES, roads
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import Request, View, VillageCode

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
Metres = Annotated[int, Field(ge=0, le=1_000_000)]
Row = Annotated[list[Metres], Field(max_length=MAX_VILLAGES + 1)]


class RoadsRequest(Request):
    """*metres*[a][b] by road, 0 being the drop-off and n + 1 the middle of *villages*[n]."""

    villages: Annotated[list[VillageCode], Field(min_length=1, max_length=MAX_VILLAGES)]
    metres: Annotated[list[Row], Field(max_length=MAX_VILLAGES + 1)]


class RoadsView(View):
    dropoff_id: str
    villages: int


@routes.put(
    "/v1/dropoffs/{dropoff_id}/road-distances", roles=(OPERATOR,), body=RoadsRequest, returns=RoadsView, keyed=False
)
def put_roads(call: Call, dropoff_id: str) -> RoadsView:
    """Set them anew, whole; where none is known, a plan takes the straight line times the road factor."""
    deps.dropoffs().get(dropoff_id)
    request = call.parse(RoadsRequest)
    measured = roads(dropoff_id, request.villages, request.metres)
    deps_dispatch.decide()(lambda: (None, [deps_dispatch.roads().save(measured)]))
    return RoadsView(dropoff_id=dropoff_id, villages=len(measured.villages))

"""HTTP: a drop-off's own riders, and the links to their page."""

from dataclasses import replace

from dispatch.goods_routes import dropoff_of
from dispatch.rider_schemas import RiderLinkView, RiderList, RiderPatch, RiderRequest, RiderView
from dispatch.trip_routes import trip_in_charge
from dispatch.trip_schemas import TripView
from dispatch.wired import news
from lumbung.domain import ride
from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR, PIC
from lumbung.domain.rider import VALID, Pass, Rider
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
OF = "/v1/dropoffs/{dropoff_id}/riders"
IN_CHARGE = (PIC, OPERATOR)


@routes.get(OF, roles=IN_CHARGE, returns=RiderList)
def get_riders(call: Call, dropoff_id: str) -> RiderList:
    dropoff_of(call.caller, dropoff_id)
    return RiderList(items=[RiderView.of(rider) for rider in deps_dispatch.riders().of_dropoff(dropoff_id)])


def _shown(call: Call, thing: str) -> RiderView:
    dropoff_id, _, rider_id = thing.partition("/")
    return RiderView.of(_rider(dropoff_id, rider_id))


@routes.post(OF, roles=IN_CHARGE, body=RiderRequest, returns=RiderView, status=201, replay=_shown)
def post_rider(call: Call, dropoff_id: str) -> RiderView:
    dropoff_of(call.caller, dropoff_id)
    request = call.begin(RiderRequest)
    return _save(call, Rider(call.new_id("rdr_"), dropoff_id, request.name, request.phone, request.plate))


@routes.patch(OF + "/{rider_id}", roles=IN_CHARGE, body=RiderPatch, returns=RiderView, replay=_shown)
def patch_rider(call: Call, dropoff_id: str, rider_id: str) -> RiderView:
    dropoff_of(call.caller, dropoff_id)
    before = _rider(dropoff_id, rider_id)
    changes = call.begin(RiderPatch).model_dump(exclude_unset=True, exclude_none=True)
    return _save(call, replace(before, **changes))


@routes.post(OF + "/{rider_id}/link", roles=IN_CHARGE, returns=RiderLinkView, keyed=False)
def post_rider_link(call: Call, dropoff_id: str, rider_id: str) -> RiderLinkView:
    """Make a link that is valid for a day; links made before stay valid for theirs."""
    dropoff_of(call.caller, dropoff_id)
    _rider(dropoff_id, rider_id)
    until = (call.at + VALID).replace(microsecond=0)
    call.notes["rider_id"] = rider_id
    token = Pass(dropoff_id, rider_id, until).sealed(deps.id_secret())
    return RiderLinkView(path=f"/v1/rides/{token}", valid_until=until)


def _trip(call: Call, trip_id: str) -> TripView:
    return TripView.of(deps_dispatch.trips().get(trip_id))


@routes.post("/v1/trips/{trip_id}/release", roles=IN_CHARGE, returns=TripView, replay=_trip)
def post_release(call: Call, trip_id: str) -> TripView:
    """Take a trip from a rider who has not picked it up, and offer it again."""
    trip_in_charge(trip_id, call.caller)
    call.begin_empty()
    call.notes["trip_id"] = trip_id
    told = news()

    def step() -> tuple[TripView, list[object]]:
        before = deps_dispatch.trips().get(trip_id)
        after = ride.release(before, None, at=call.at)
        return TripView.of(after), [deps.remember(call.once, trip_id), *told.writes(before, after, at=call.at)]

    return told.decide(step, call.once)


def _rider(dropoff_id: str, rider_id: str) -> Rider:
    if rider := deps_dispatch.riders().find(dropoff_id, rider_id):
        return rider
    raise NotFound(f"Pengendara {rider_id} tidak ditemukan.")


def _save(call: Call, rider: Rider) -> RiderView:
    thing = f"{rider.dropoff_id}/{rider.id}"
    told = deps.remember(call.once, thing)
    deps_dispatch.decide()(lambda: (None, [told, *deps_dispatch.riders().save(rider)]), call.once)
    call.notes["rider_id"] = rider.id
    return RiderView.of(rider)

"""HTTP: a drop-off sends orders home, and everybody concerned sees how far they are."""

from contextlib import suppress
from typing import Any

from dispatch.cancel_trip import cancel_trip
from dispatch.goods_routes import dropoff_of, is_in_charge
from dispatch.launch_trips import Launch
from dispatch.redispatch_trip import redispatch_trip
from dispatch.schemas import DispatchRequest, DispatchView, PlanView, StayingView
from dispatch.trip_schemas import DeliveryView, TripList, TripView
from dispatch.wired import news
from lumbung.domain.errors import Fault, Invalid, InvalidState, NotFound
from lumbung.domain.moments import to_ms
from lumbung.domain.people import MEMBER, OPERATOR, PIC, Caller, Person
from lumbung.domain.trip import Trip
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def _dispatched(call: Call, thing: str) -> DispatchView:
    dispatch_id, _, dropoff_id = thing.partition("@")
    return _ask_for_plan(call, dispatch_id, call.parse(DispatchRequest), dropoff_id)


@routes.post(
    "/v1/dropoffs/{dropoff_id}/dispatches",
    roles=(PIC, OPERATOR),
    body=DispatchRequest,
    returns=DispatchView,
    status=202,
    replay=_dispatched,
)
def post_dispatch(call: Call, dropoff_id: str) -> DispatchView:
    dropoff_of(call.caller, dropoff_id)
    request = call.begin(DispatchRequest)
    _refuse_unless_served(dropoff_id, request.wave_id)
    dispatch_id = call.new_id("dsp_")
    view = _ask_for_plan(call, dispatch_id, request, dropoff_id)
    deps_dispatch.decide()(lambda: (None, [deps.remember(call.once, f"{dispatch_id}@{dropoff_id}")]), call.once)
    return view


@routes.get("/v1/dropoffs/{dropoff_id}/dispatches/{dispatch_id}", roles=(PIC, OPERATOR), returns=PlanView)
def get_dispatch(call: Call, dropoff_id: str, dispatch_id: str) -> PlanView:
    """Tell which orders stay at the drop-off, and why: `planning` until the planner has come to it."""
    dropoff_of(call.caller, dropoff_id)
    staying = deps_dispatch.plans().staying(dispatch_id, dropoff_id)
    return PlanView(
        id=dispatch_id, dropoff_id=dropoff_id, status="planning" if staying is None else "planned",
        staying=[StayingView(order_id=order_id, reason=reason) for order_id, reason in (staying or {}).items()],
    )  # fmt: skip


@routes.get("/v1/dropoffs/{dropoff_id}/trips", roles=(PIC, OPERATOR), returns=TripList, query=("wave_id!", *PAGED))
def get_trips(call: Call, dropoff_id: str) -> dict[str, Any]:
    dropoff_of(call.caller, dropoff_id)
    limit, start = call.page()
    wave_id = call.required_query("wave_id")
    found, more = deps_dispatch.trips().of_dropoff(wave_id, dropoff_id, limit=limit, start=start)
    return call.listing([TripView.of(trip) for trip in found], more)


@routes.get("/v1/orders/{order_id}/delivery", roles=(MEMBER, PIC, OPERATOR), returns=DeliveryView)
def get_delivery(call: Call, order_id: str) -> DeliveryView:
    order = deps.orders().get(order_id)
    own = call.caller.owns(order.member_id) or call.caller.has(OPERATOR)
    if not own and not is_in_charge(call.caller, order.dropoff_id):
        raise NotFound(f"Pesanan {order_id} tidak ditemukan.")
    parts = deps_dispatch.deliveries().of_order(order_id).parts
    if not parts:
        raise NotFound("Pesanan ini belum dikirim.")
    trip_ids = [part.trip_id for part in parts]
    trips, trackings = deps_dispatch.trips().get_many(trip_ids), deps_dispatch.trackings().of_order(order_id, trip_ids)
    return DeliveryView.of_trips(order_id, trips, trackings)


def _trip(call: Call, trip_id: str) -> TripView:
    return TripView.of(deps_dispatch.trips().get(trip_id))


@routes.post("/v1/trips/{trip_id}/cancellation", roles=(PIC, OPERATOR), returns=TripView, replay=_trip)
def post_cancellation(call: Call, trip_id: str) -> TripView:
    trip_in_charge(trip_id, call.caller)
    call.begin_empty()
    call.notes["trip_id"] = trip_id
    cancelled = cancel_trip(
        trip_id, at=call.at, once=call.once, remember=deps.remember, trips=deps_dispatch.trips(),
        couriers=deps_dispatch.couriers(), news=news(),
    )  # fmt: skip
    return TripView.of(cancelled)


@routes.post("/v1/trips/{trip_id}/redispatch", roles=(PIC, OPERATOR), returns=TripView, replay=_trip)
def post_redispatch(call: Call, trip_id: str) -> TripView:
    trip_in_charge(trip_id, call.caller)
    call.begin_empty()
    launch = Launch(
        decide=deps_dispatch.decide(), trips=deps_dispatch.trips(), orders=deps.orders(),
        deliveries=deps_dispatch.deliveries(), worker=deps.queue("BOOKING_QUEUE"),
    )  # fmt: skip
    new = redispatch_trip(
        trip_id, at=call.at, by=call.caller.id, once=call.once, remember=deps.remember, trips=deps_dispatch.trips(),
        couriers=deps_dispatch.couriers(), news=news(), launch=launch,
    )  # fmt: skip
    call.notes |= {"trip_id": trip_id, "new_trip_id": new.id}
    return TripView.of(new)


def _ask_for_plan(call: Call, dispatch_id: str, request: DispatchRequest, dropoff_id: str) -> DispatchView:
    """Have the planner plan: as often as asked, because a plan made twice sends nothing twice."""
    caller, wave_id = call.caller, request.wave_id
    riders = _riders(dropoff_id, request.by)
    if caller.phone and not deps.people().get(caller.id):
        deps.people().keep_first(Person(caller.id, caller.name, caller.phone))  # whom the couriers call
    deps.queue("PLANNING_QUEUE").send(
        dispatch_id=dispatch_id, wave_id=wave_id, dropoff_id=dropoff_id, riders=riders, at=to_ms(call.at), by=caller.id
    )
    call.notes |= {"dispatch_id": dispatch_id, "wave_id": wave_id}
    return DispatchView(id=dispatch_id, wave_id=wave_id, dropoff_id=dropoff_id, status="planning")


def _riders(dropoff_id: str, by: str | None) -> int:
    """Return how many of the drop-off's own riders are to ride; 0: couriers do. InvalidState when there are none."""
    if by == "couriers":
        return 0
    active = sum(rider.active for rider in deps_dispatch.riders().of_dropoff(dropoff_id))
    if by == "riders" and not active:
        raise InvalidState("Titik ambil ini belum mempunyai pengendara.")
    return active


def _refuse_unless_served(dropoff_id: str, wave_id: str) -> None:
    """Refuse what no wave brings to the drop-off (Invalid), or a cancelled one no longer (InvalidState)."""
    with suppress(NotFound):
        wave = deps.waves().get(wave_id)
        if dropoff_id in wave.dropoff_ids:
            if wave.status == "cancelled":
                raise InvalidState("Gelombang ini dibatalkan.")
            return
    raise Invalid("Gelombang ini tidak memakai titik ambil ini.", [Fault("/wave_id", "tidak memakai titik ambil")])


def trip_in_charge(trip_id: str, caller: Caller) -> Trip:
    """Return a trip from a drop-off that *caller* is in charge of; NotFound."""
    trip = deps_dispatch.trips().get(trip_id)
    if not caller.has(OPERATOR) and not is_in_charge(caller, trip.dropoff_id):
        raise NotFound(f"Perjalanan {trip_id} tidak ditemukan.")
    return trip

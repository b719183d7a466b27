"""HTTP: the page of a drop-off's own rider, reached by a signed link; its forms work without any script."""

from urllib.parse import parse_qs

from dispatch.ride_trip import RideTrip
from dispatch.rider_page import Seen, as_html, refusal
from dispatch.wired import news
from lumbung.domain import rider as riders
from lumbung.domain.errors import Forbidden, Invalid, Refusal
from lumbung.domain.pickup_code import is_right
from lumbung.domain.ride import Received
from lumbung.domain.rider import EXPIRED, Rider
from lumbung.domain.trip import Trip
from lumbung.runtime import deps, deps_dispatch, problems
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
HTML = "text/html; charset=utf-8"
OFFERED = 30  # trips that are shown at once
LONGEST = 100  # letters of a field that a rider fills in
# The link is the rider: nothing from elsewhere runs here, and no other site is told where somebody came from.
GUARDED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@routes.get("/v1/rides/{token}", media=("text/html",), refuses=(403,))
def get_rides(call: Call, token: str) -> Answer:
    """Show what is offered, and how far the rider's own trips are."""
    try:
        return _page(_let_in(call, token), token)
    except Refusal as refused:
        return _refused(refused)


@routes.post(
    "/v1/rides/{token}/{trip_id}",
    keyed=False,
    status=303,
    media=("text/html",),
    reads=("application/x-www-form-urlencoded",),
    refuses=(403, 409),
)
def post_ride(call: Call, token: str, trip_id: str) -> Answer:
    """Take the step that a form says, and show the page again; a step that was taken before changes nothing."""
    try:
        rider = _let_in(call, token)
    except Refusal as refused:
        return _refused(refused)
    said = {name: values[0].strip()[:LONGEST] for name, values in parse_qs(call.text).items()}
    call.notes |= {"trip_id": trip_id, "rider_id": rider.id, "do": said.get("do", "")[:20]}
    try:
        _take_step(call, rider, trip_id, said)
    except Refusal as refused:
        call.notes["code"] = refused.code
        return _page(rider, token, said=refused.detail, status=problems.status_of(refused))
    return Answer("", 303, HTML, {"Location": f"/v1/rides/{token}", **GUARDED})


def _take_step(call: Call, rider: Rider, trip_id: str, said: dict[str, str]) -> Trip:
    rides = RideTrip(
        rider=rider, trips=deps_dispatch.trips(), riders=deps_dispatch.riders(), trackings=deps_dispatch.trackings(),
        handovers=deps_dispatch.handovers(), news=news(),
        is_right=lambda order_id, code: is_right(deps.id_secret(), order_id, code),
    )  # fmt: skip
    order_id = said.get("order_id", "")
    match said.get("do"):
        case "claim":
            return rides.claim(trip_id, at=call.at)
        case "release":
            return rides.release(trip_id, at=call.at)
        case "pick_up":
            return rides.pick_up(trip_id, at=call.at)
        case "deliver":
            received = Received(*(said.get(name, "") for name in ("receiver", "code", "photo")))
            return rides.deliver(trip_id, order_id, received, at=call.at)
        case "fail":
            return rides.fail(trip_id, order_id, said.get("reason", ""), at=call.at)
        case "bring_back":
            return rides.bring_back(trip_id, at=call.at)
    raise Invalid("Langkah ini tidak dikenal.")


def _let_in(call: Call, token: str) -> Rider:
    """Return whose link it is; Forbidden when it is old, not ours, or of somebody who rides no more."""
    known = riders.opened(deps.id_secret(), token, at=call.at)
    rider = deps_dispatch.riders().find(known.dropoff_id, known.rider_id)
    if rider is None or not rider.active:
        raise Forbidden(EXPIRED)
    call.reader = rider.id
    return rider


def _page(rider: Rider, token: str, *, said: str = "", status: int = 200) -> Answer:
    listed = list(deps_dispatch.trips().to_ride(rider.dropoff_id))
    wanted = [trip.id for trip in listed if trip.rider_id == rider.id]
    wanted += [trip.id for trip in listed if trip.status == "searching"][:OFFERED]
    trips = deps_dispatch.trips().get_many(wanted)  # as they are, not as the index has them
    own = [trip for trip in trips if trip.rider_id == rider.id and not trip.ended]
    orders = [stop.order_id for trip in own for stop in trip.stops]
    seen = Seen(
        rider=rider,
        offers=[trip for trip in trips if trip.status == "searching"],
        own=own,
        private=deps.people().private_of(orders),
        names={o.id: {line.offer_id: line.name for line in o.lines} for o in deps.orders().get_many(orders)},
    )
    return Answer(as_html(seen, path=f"/v1/rides/{token}", said=said), status, HTML, GUARDED)


def _refused(refused: Refusal) -> Answer:
    return Answer(refusal(refused.detail), problems.status_of(refused), HTML, GUARDED)

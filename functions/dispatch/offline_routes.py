"""HTTP: a device takes a list along to where there is no network, and tells afterwards what it handed over."""

from dataclasses import asdict

from dispatch.desk_routes import proxies_of
from dispatch.goods_routes import dropoff_of
from dispatch.offline_schemas import PickupKeysView, PickupListView, UploadsRequest, UploadsView
from dispatch.take_uploads import TakeUploads
from dispatch.wired import hand_over
from lumbung.domain.errors import Invalid
from lumbung.domain.moments import rfc3339
from lumbung.domain.offline import HASH, ROUNDS, VALID_FOR, from_the_future, listed
from lumbung.domain.people import PIC
from lumbung.runtime import deps, deps_desk, deps_dispatch
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/pickup-keys", roles=(PIC,), returns=PickupKeysView)
def get_pickup_keys(call: Call) -> PickupKeysView:
    return PickupKeysView(keys=[deps_desk.signer().public_key])


@routes.get("/v1/dropoffs/{dropoff_id}/pickup-list", roles=(PIC,), returns=PickupListView, query=("wave_id!", *PAGED))
def get_pickup_list(call: Call, dropoff_id: str) -> PickupListView:
    dropoff_of(call.caller, dropoff_id)
    wave_id = call.required_query("wave_id")
    limit, start = call.page()
    orders, more = deps.orders().page_of_dropoff(wave_id, dropoff_id, status=None, limit=limit, start=start)
    known = listed(deps.id_secret(), orders, frozenset(proxies_of(orders)))
    until = call.at + VALID_FOR
    said = {
        "wave_id": wave_id, "dropoff_id": dropoff_id, "issued_at": rfc3339(call.at), "valid_until": rfc3339(until),
        "hash": HASH, "rounds": ROUNDS, "orders": [asdict(order) for order in known],
    }  # fmt: skip
    return PickupListView(
        wave_id=wave_id, dropoff_id=dropoff_id, issued_at=call.at, valid_until=until,
        list=deps_desk.signer().sign(said), next_cursor=call.listing([], more)["next_cursor"],
    )  # fmt: skip


@routes.post("/v1/dropoffs/{dropoff_id}/handovers", roles=(PIC,), body=UploadsRequest, returns=UploadsView, keyed=False)
def post_uploads(call: Call, dropoff_id: str) -> UploadsView:
    """Needs no Idempotency-Key: each hand-over has its device's number."""
    dropoff_of(call.caller, dropoff_id)
    request = call.parse(UploadsRequest)
    entries = [entry.to_domain() for entry in request.entries]
    if faults := from_the_future(entries, call.at):
        raise Invalid("Ada penyerahan yang belum terjadi.", faults)
    take = TakeUploads(
        hand_over=hand_over(), orders=deps.orders(), decide=deps_dispatch.decide(), alert=deps_desk.alert
    )
    results = take(dropoff_id, request.device_id, entries, now=call.at, by=call.caller.id)
    outcomes = [result.outcome for result in results]
    call.notes |= {"device": request.device_id, **{name: outcomes.count(name) for name in sorted(set(outcomes))}}
    return UploadsView.of(results)

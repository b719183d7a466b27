"""HTTP: goods change hands at the desk, with a network and without."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from dispatch import manifest
from dispatch.desk_schemas import (
    HandoverRequest,
    HandoverView,
    LeftoversRequest,
    ManifestView,
    PickupCodeView,
    PickupKeysView,
    PickupListView,
    ProxyRequest,
    ProxyView,
    UploadsRequest,
    UploadsView,
)
from dispatch.goods_routes import dropoff_of, is_in_charge
from dispatch.hand_over import HandOver
from dispatch.let_leftovers_go import let_leftovers_go
from dispatch.name_proxy import name_proxy
from dispatch.take_uploads import TakeUploads
from lumbung.domain.errors import Invalid, NotFound
from lumbung.domain.moments import rfc3339
from lumbung.domain.offline import HASH, ROUNDS, VALID_FOR, from_the_future, listed
from lumbung.domain.order import Order
from lumbung.domain.people import MEMBER, OPERATOR, PIC, Proxy
from lumbung.domain.pickup_code import drawn, is_right, pickup_code
from lumbung.runtime import deps, deps_desk, deps_dispatch
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/dropoffs/{dropoff_id}/manifest", roles=(PIC, OPERATOR), returns=ManifestView)
def get_manifest(call: Call, dropoff_id: str) -> ManifestView | Answer:
    dropoff = dropoff_of(call.caller, dropoff_id)
    wave_id = call.required_query("wave_id")
    wave = deps.waves().recent(wave_id)
    orders = [o for o in deps.orders().of_dropoff(wave_id, dropoff_id) if o.fulfilment_status in manifest.SHOWN]
    rows = manifest.rows(orders, deps.people().of_orders(orders), _proxies(orders))
    wanted = call.header("accept") or ""
    if "text/csv" in wanted:
        return Answer(manifest.as_csv(rows), media_type="text/csv; charset=utf-8")
    if "text/html" in wanted:
        return Answer(
            manifest.as_html(rows, title=f"{wave.name}: {dropoff.name}"), media_type="text/html; charset=utf-8"
        )
    return ManifestView.of(wave_id, dropoff_id, rows)


@routes.get("/v1/orders/{order_id}/pickup-code", roles=(MEMBER, PIC), returns=PickupCodeView)
def get_pickup_code(call: Call, order_id: str) -> PickupCodeView:
    order = deps.orders().get(order_id)
    if not call.caller.owns(order.member_id) and call.caller.id != order.placed_by:
        raise _no_order(order_id)
    code = pickup_code(deps.id_secret(), order_id)
    return PickupCodeView(code=code, qr=drawn(order_id, code))


@routes.get("/v1/orders/{order_id}/proxy", roles=(MEMBER,), returns=ProxyView)
def get_proxy(call: Call, order_id: str) -> ProxyView:
    _own_order(call, order_id)
    return ProxyView.of(order_id, deps.people().proxies_of([order_id]).get(order_id))


@routes.put(
    "/v1/orders/{order_id}/proxy",
    roles=(MEMBER,),
    body=ProxyRequest,
    returns=ProxyView,
    replay=get_proxy,
)
def put_proxy(call: Call, order_id: str) -> ProxyView:
    _own_order(call, order_id)
    person = call.begin(ProxyRequest).proxy
    call.notes["order_id"] = order_id
    wanted = Proxy(order_id, person.name if person else None, person.phone if person else None, call.at)
    named = name_proxy(
        wanted, at=call.at, by=call.caller.id, once=call.once, remember=deps.remember, decide=deps_dispatch.decide(),
        orders=deps.orders(), people=deps.people(),
    )  # fmt: skip
    return ProxyView.of(order_id, named)


def _handed_over(call: Call, order_id: str) -> HandoverView:
    return HandoverView.of(deps.orders().get(order_id))


@routes.post(
    "/v1/orders/{order_id}/handover", roles=(PIC,), body=HandoverRequest, returns=HandoverView, replay=_handed_over
)
def post_handover(call: Call, order_id: str) -> HandoverView:
    order = deps.orders().get(order_id)
    if not is_in_charge(call.caller, order.dropoff_id):
        raise _no_order(order_id)
    request = call.begin(HandoverRequest)
    call.notes["order_id"] = order_id
    handed = _hand_over()(
        order_id, request.code, request.taking, at=call.at, by=call.caller.id, once=call.once, remember=deps.remember
    )
    return HandoverView.of(handed)


@routes.post(
    "/v1/orders/{order_id}/leftovers",
    roles=(PIC, OPERATOR),
    body=LeftoversRequest,
    returns=HandoverView,
    replay=_handed_over,
)
def post_leftovers(call: Call, order_id: str) -> HandoverView:
    order = deps.orders().get(order_id)
    if not call.caller.has(OPERATOR) and not is_in_charge(call.caller, order.dropoff_id):
        raise _no_order(order_id)
    request = call.begin(LeftoversRequest)
    call.notes |= {"order_id": order_id, "outcome": request.outcome}
    after = let_leftovers_go(
        order_id, request.outcome, [line.to_domain() for line in request.lines], amount=request.amount, at=call.at,
        by=call.caller.id, once=call.once, remember=deps.remember, bookings=deps_dispatch.bookings(),
        handovers=deps_dispatch.handovers(), waves=deps.waves(), finish=deps_dispatch.finish,
    )  # fmt: skip
    return HandoverView.of(after)


# -- without a network


@routes.get("/v1/pickup-keys", roles=(PIC,), returns=PickupKeysView)
def get_pickup_keys(call: Call) -> PickupKeysView:
    return PickupKeysView(keys=[deps_desk.signer().public_key])


@routes.get("/v1/dropoffs/{dropoff_id}/pickup-list", roles=(PIC,), returns=PickupListView)
def get_pickup_list(call: Call, dropoff_id: str) -> PickupListView:
    dropoff_of(call.caller, dropoff_id)
    wave_id = call.required_query("wave_id")
    limit, start = call.page()
    orders, more = deps.orders().page_of_dropoff(wave_id, dropoff_id, status=None, limit=limit, start=start)
    known = listed(deps.id_secret(), orders, frozenset(_proxies(orders)))
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
        hand_over=_hand_over(), orders=deps.orders(), decide=deps_dispatch.decide(), alert=deps_desk.alert
    )
    results = take(dropoff_id, request.device_id, entries, now=call.at, by=call.caller.id)
    outcomes = [result.outcome for result in results]
    call.notes |= {"device": request.device_id, **{name: outcomes.count(name) for name in sorted(set(outcomes))}}
    return UploadsView.of(results)


def _hand_over() -> HandOver:
    return HandOver(
        is_right=lambda order_id, code: is_right(deps.id_secret(), order_id, code),
        bookings=deps_dispatch.bookings(), handovers=deps_dispatch.handovers(), deliveries=deps_dispatch.deliveries(),
        people=deps.people(), finish=deps_dispatch.finish,
    )  # fmt: skip


def _proxies(orders: Iterable[Order]) -> Mapping[str, Proxy]:
    """Return who may fetch *orders*, by order; most members name nobody, and cost nothing."""
    return deps.people().proxies_of([o.id for o in orders if any(h.event == "proxy_named" for h in o.history)])


def _own_order(call: Call, order_id: str) -> Order:
    order = deps.orders().get(order_id)
    if not call.caller.owns(order.member_id):
        raise _no_order(order_id)
    return order


def _no_order(order_id: str) -> NotFound:
    return NotFound(f"Pesanan {order_id} tidak ditemukan.")

"""HTTP: goods change hands at the desk."""

from collections.abc import Iterable, Mapping

from dispatch import manifest
from dispatch.desk_schemas import (
    HandoverRequest,
    HandoverView,
    LeftoversRequest,
    PickupCodeView,
    ProxyRequest,
    ProxyView,
)
from dispatch.goods_routes import dropoff_of, is_in_charge
from dispatch.let_leftovers_go import let_leftovers_go
from dispatch.manifest_schemas import ManifestView
from dispatch.name_proxy import name_proxy
from dispatch.wired import hand_over
from lumbung.domain.errors import NotFound
from lumbung.domain.order import Order
from lumbung.domain.people import MEMBER, OPERATOR, PIC, Proxy
from lumbung.domain.pickup_code import drawn, pickup_code
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get(
    "/v1/dropoffs/{dropoff_id}/manifest",
    roles=(PIC, OPERATOR),
    returns=ManifestView,
    query=("wave_id!",),
    media=("text/csv", "text/html"),
)
def get_manifest(call: Call, dropoff_id: str) -> ManifestView | Answer:
    dropoff = dropoff_of(call.caller, dropoff_id)
    wave_id = call.required_query("wave_id")
    wave = deps.waves().recent(wave_id)
    orders = [o for o in deps.orders().of_dropoff(wave_id, dropoff_id) if o.fulfilment_status in manifest.SHOWN]
    rows = manifest.rows(orders, deps.people().of_orders(orders), proxies_of(orders))
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
    handed = hand_over()(
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


def proxies_of(orders: Iterable[Order]) -> Mapping[str, Proxy]:
    """Return who may fetch *orders*, by order; most members name nobody, and cost nothing."""
    return deps.people().proxies_of([o.id for o in orders if any(h.event == "proxy_named" for h in o.history)])


def _own_order(call: Call, order_id: str) -> Order:
    order = deps.orders().get(order_id)
    if not call.caller.owns(order.member_id):
        raise _no_order(order_id)
    return order


def _no_order(order_id: str) -> NotFound:
    return NotFound(f"Pesanan {order_id} tidak ditemukan.")

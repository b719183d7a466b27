"""HTTP: goods leave a cooperative, are counted at a drop-off, and change hands at the desk."""

from typing import Any

from dispatch import manifest
from dispatch.depart import depart
from dispatch.hand_over import hand_over
from dispatch.receive_goods import move_orders_on, receive_goods
from dispatch.schemas import (
    ConsignmentList,
    ConsignmentView,
    DepartureRequest,
    HandoverRequest,
    HandoverView,
    ManifestLineView,
    ManifestMemberView,
    ManifestRowView,
    ManifestView,
    PickupCodeView,
    ReceiptRequest,
)
from lumbung.domain.consignment import Consignment
from lumbung.domain.errors import NotFound
from lumbung.domain.order import Order
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC, Caller
from lumbung.domain.pickup_code import drawn, is_right, pickup_code
from lumbung.domain.registry import Dropoff
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/waves/{wave_id}/consignments", roles=(OPERATOR, COOPERATIVE, PIC), returns=ConsignmentList)
def get_consignments(call: Call, wave_id: str) -> dict[str, Any]:
    deps.waves().recent(wave_id)
    limit, start = call.page()
    found, more = deps_dispatch.consignments().of_wave(wave_id, limit=limit, start=start)
    return call.listing([ConsignmentView.of(c) for c in _own(call.caller, found)], more)


def _departed(call: Call, consignment_id: str) -> ConsignmentView:
    return ConsignmentView.of(deps_dispatch.consignments().get(consignment_id))


@routes.post(
    "/v1/consignments/{consignment_id}/departure",
    roles=(COOPERATIVE, OPERATOR),
    body=DepartureRequest,
    returns=ConsignmentView,
    replay=_departed,
)
def post_departure(call: Call, consignment_id: str) -> ConsignmentView:
    consignment = deps_dispatch.consignments().get(consignment_id)
    if not call.caller.has(OPERATOR) and not _is_own_cooperative(call.caller, consignment.cooperative_id):
        raise _no_consignment()
    request = call.begin(DepartureRequest)
    call.notes["consignment_id"] = consignment_id
    departed = depart(
        consignment_id, vehicle=request.vehicle, lot=request.lot, at=call.at, once=call.once,
        remember=deps.remember, decide=deps_dispatch.decide(), consignments=deps_dispatch.consignments(),
        waves=deps.waves(),
    )  # fmt: skip
    return ConsignmentView.of(departed)


def _received(call: Call, consignment_id: str) -> ConsignmentView:
    consignment = deps_dispatch.consignments().get(consignment_id)
    move_orders_on(consignment, deps.queue("BOOKING_QUEUE"))  # the first time may have died before it said so
    return ConsignmentView.of(consignment)


@routes.post(
    "/v1/consignments/{consignment_id}/receipt",
    roles=(PIC,),
    body=ReceiptRequest,
    returns=ConsignmentView,
    replay=_received,
)
def post_receipt(call: Call, consignment_id: str) -> ConsignmentView:
    consignment = deps_dispatch.consignments().get(consignment_id)
    if not is_in_charge(call.caller, consignment.dropoff_id):
        raise _no_consignment()
    request = call.begin(ReceiptRequest)
    call.notes["consignment_id"] = consignment_id
    received = receive_goods(
        consignment_id, [line.to_domain() for line in request.lines], final=request.final, at=call.at,
        once=call.once, remember=deps.remember, decide=deps_dispatch.decide(),
        consignments=deps_dispatch.consignments(), waves=deps.waves(), worker=deps.queue("BOOKING_QUEUE"),
    )  # fmt: skip
    return ConsignmentView.of(received)


@routes.get("/v1/dropoffs/{dropoff_id}/manifest", roles=(PIC, OPERATOR), returns=ManifestView)
def get_manifest(call: Call, dropoff_id: str) -> ManifestView | Answer:
    dropoff = dropoff_of(call.caller, dropoff_id)
    wave_id = call.required_query("wave_id")
    wave = deps.waves().recent(wave_id)
    orders = [o for o in deps.orders().of_dropoff(wave_id, dropoff_id) if o.fulfilment_status in manifest.SHOWN]
    rows = manifest.rows(orders, deps.people().of_orders(orders))
    wanted = call.header("accept") or ""
    if "text/csv" in wanted:
        return Answer(manifest.as_csv(rows), media_type="text/csv; charset=utf-8")
    if "text/html" in wanted:
        return Answer(
            manifest.as_html(rows, title=f"{wave.name}: {dropoff.name}"), media_type="text/html; charset=utf-8"
        )
    return _manifest_view(wave_id, dropoff_id, rows)


@routes.get("/v1/orders/{order_id}/pickup-code", roles=(MEMBER, PIC), returns=PickupCodeView)
def get_pickup_code(call: Call, order_id: str) -> PickupCodeView:
    order = deps.orders().get(order_id)
    if not call.caller.owns(order.member_id) and call.caller.id != order.placed_by:
        raise NotFound(f"Pesanan {order_id} tidak ditemukan.")
    code = pickup_code(deps.id_secret(), order_id)
    return PickupCodeView(code=code, qr=drawn(order_id, code))


def _handed_over(call: Call, order_id: str) -> HandoverView:
    return _handover_view(deps.orders().get(order_id))


@routes.post(
    "/v1/orders/{order_id}/handover", roles=(PIC,), body=HandoverRequest, returns=HandoverView, replay=_handed_over
)
def post_handover(call: Call, order_id: str) -> HandoverView:
    order = deps.orders().get(order_id)
    if not is_in_charge(call.caller, order.dropoff_id):
        raise NotFound(f"Pesanan {order_id} tidak ditemukan.")
    request = call.begin(HandoverRequest)
    call.notes["order_id"] = order_id
    handed = hand_over(
        order_id, code=request.code, is_right=lambda id_, code: is_right(deps.id_secret(), id_, code),
        at=call.at, by=call.caller.id, once=call.once, remember=deps.remember, decide=deps_dispatch.decide(),
        orders=deps.orders(), handovers=deps_dispatch.handovers(), deliveries=deps_dispatch.deliveries(),
        refunds=deps.refunds(), finish=deps_dispatch.finish,
    )  # fmt: skip
    return _handover_view(handed)


def is_in_charge(caller: Caller, dropoff_id: str) -> bool:
    """Whose drop-off it is, is read from the data, so that it can be revoked at once."""
    dropoff = deps.dropoffs().find(dropoff_id)
    return caller.has(PIC) and dropoff is not None and caller.id in dropoff.pic_ids


def dropoff_of(caller: Caller, dropoff_id: str) -> Dropoff:
    """Return the drop-off if *caller* is in charge of it, or is an operator; NotFound."""
    dropoff = deps.dropoffs().find(dropoff_id)
    if dropoff is None or not (caller.has(OPERATOR) or (caller.has(PIC) and caller.id in dropoff.pic_ids)):
        raise NotFound("Titik ambil tidak ditemukan.")
    return dropoff


def _own(caller: Caller, found: list[Consignment]) -> list[Consignment]:
    """Return what *caller* may see: an operator all, a cooperative and a person in charge their own."""
    if caller.has(OPERATOR):
        return found
    dropoffs = deps.dropoffs().get_many([c.dropoff_id for c in found]) if caller.has(PIC) else {}
    cooperatives = deps.cooperatives().get_many([c.cooperative_id for c in found]) if caller.has(COOPERATIVE) else {}
    charge = {d.id for d in dropoffs.values() if caller.id in d.pic_ids}
    own = {c.id for c in cooperatives.values() if caller.id in c.operator_ids}
    return [c for c in found if c.dropoff_id in charge or c.cooperative_id in own]


def _is_own_cooperative(caller: Caller, cooperative_id: str) -> bool:
    cooperative = deps.cooperatives().find(cooperative_id)
    return cooperative is not None and caller.id in cooperative.operator_ids


def _no_consignment() -> NotFound:
    return NotFound("Kiriman tidak ditemukan.")


def _handover_view(order: Order) -> HandoverView:
    return HandoverView(order_id=order.id, status=order.status, fulfilment_status=order.fulfilment_status)


def _manifest_view(wave_id: str, dropoff_id: str, rows: list[manifest.Row]) -> ManifestView:
    return ManifestView(
        wave_id=wave_id,
        dropoff_id=dropoff_id,
        items=[_manifest_row(row) for row in rows],
        totals=[
            ManifestLineView(offer_id=line.offer_id, name=line.name, weight_g=line.weight_g, packs=packs)
            for line, packs in manifest.totals(rows)
        ],
        packs=sum(row.order.granted_packs for row in rows),
        weight_g=sum(row.order.weight_g for row in rows),
    )


def _manifest_row(row: manifest.Row) -> ManifestRowView:
    order, person = row.order, row.person
    return ManifestRowView(
        order_id=order.id,
        member=ManifestMemberView(id=order.member_id, name=person.name, phone=person.phone),
        lines=[
            ManifestLineView(offer_id=line.offer_id, name=line.name, weight_g=line.weight_g, packs=line.granted)
            for line in order.lines
            if line.granted
        ],
        packs=order.granted_packs,
        weight_g=order.weight_g,
        method=order.fulfilment.method,
        fulfilment_status=order.fulfilment_status,
    )

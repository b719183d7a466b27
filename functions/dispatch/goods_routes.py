"""HTTP: goods leave a cooperative, arrive at a drop-off, and are counted there."""

from typing import Any

from dispatch import dispatch_note
from dispatch.depart import arrive, depart
from dispatch.dispatch_note import DispatchNote
from dispatch.goods_schemas import ConsignmentList, ConsignmentView, DepartureRequest, ReceiptRequest
from dispatch.receive_goods import move_orders_on, receive_goods
from lumbung.domain.consignment import Consignment
from lumbung.domain.errors import NotFound
from lumbung.domain.people import COOPERATIVE, OPERATOR, PIC, Caller
from lumbung.domain.registry import Dropoff
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get(
    "/v1/waves/{wave_id}/consignments", roles=(OPERATOR, COOPERATIVE, PIC), returns=ConsignmentList, query=PAGED
)
def get_consignments(call: Call, wave_id: str) -> dict[str, Any]:
    deps.waves().recent(wave_id)
    limit, start = call.page()
    found, more = deps_dispatch.consignments().of_wave(wave_id, limit=limit, start=start)
    return call.listing([ConsignmentView.of(c) for c in _own(call.caller, found)], more)


@routes.get(
    "/v1/consignments/{consignment_id}/dispatch-note",
    roles=(OPERATOR, COOPERATIVE, PIC),
    returns=ConsignmentView,
    media=("text/csv", "text/html"),
)
def get_dispatch_note(call: Call, consignment_id: str) -> ConsignmentView | Answer:
    consignment = deps_dispatch.consignments().get(consignment_id)
    if not _own(call.caller, [consignment]):
        raise _no_consignment(consignment_id)
    wanted = call.header("accept") or ""
    if "text/csv" in wanted:
        return Answer(dispatch_note.as_csv(_note(consignment)), media_type="text/csv; charset=utf-8")
    if "text/html" in wanted:
        return Answer(dispatch_note.as_html(_note(consignment)), media_type="text/html; charset=utf-8")
    return ConsignmentView.of(consignment)


def _moved(call: Call, consignment_id: str) -> ConsignmentView:
    return ConsignmentView.of(deps_dispatch.consignments().get(consignment_id))


@routes.post(
    "/v1/consignments/{consignment_id}/departure",
    roles=(COOPERATIVE, OPERATOR),
    body=DepartureRequest,
    returns=ConsignmentView,
    replay=_moved,
)
def post_departure(call: Call, consignment_id: str) -> ConsignmentView:
    consignment = deps_dispatch.consignments().get(consignment_id)
    if not call.caller.has(OPERATOR) and not _is_own_cooperative(call.caller, consignment.cooperative_id):
        raise _no_consignment(consignment_id)
    request = call.begin(DepartureRequest)
    call.notes["consignment_id"] = consignment_id
    departed = depart(
        consignment_id, request.to_domain(), at=call.at, once=call.once, remember=deps.remember,
        decide=deps_dispatch.decide(), consignments=deps_dispatch.consignments(), waves=deps.waves(),
    )  # fmt: skip
    return ConsignmentView.of(departed)


@routes.post("/v1/consignments/{consignment_id}/arrival", roles=(PIC, OPERATOR), returns=ConsignmentView, replay=_moved)
def post_arrival(call: Call, consignment_id: str) -> ConsignmentView:
    consignment = deps_dispatch.consignments().get(consignment_id)
    if not call.caller.has(OPERATOR) and not is_in_charge(call.caller, consignment.dropoff_id):
        raise _no_consignment(consignment_id)
    call.begin_empty()
    call.notes["consignment_id"] = consignment_id
    arrived = arrive(
        consignment_id, at=call.at, once=call.once, remember=deps.remember, decide=deps_dispatch.decide(),
        consignments=deps_dispatch.consignments(), waves=deps.waves(),
    )  # fmt: skip
    return ConsignmentView.of(arrived)


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
        raise _no_consignment(consignment_id)
    request = call.begin(ReceiptRequest)
    call.notes["consignment_id"] = consignment_id
    received = receive_goods(
        consignment_id, request.to_domain(at=call.at, by=call.caller.id), once=call.once, remember=deps.remember,
        decide=deps_dispatch.decide(), consignments=deps_dispatch.consignments(), waves=deps.waves(),
        worker=deps.queue("BOOKING_QUEUE"),
    )  # fmt: skip
    return ConsignmentView.of(received)


def is_in_charge(caller: Caller, dropoff_id: str) -> bool:
    """Whose drop-off it is, is read from the data, so that it can be revoked at once."""
    dropoff = deps.dropoffs().find(dropoff_id)
    return caller.has(PIC) and dropoff is not None and caller.id in dropoff.pic_ids


def dropoff_of(caller: Caller, dropoff_id: str) -> Dropoff:
    """Return the drop-off if *caller* is in charge of it, or is an operator; NotFound."""
    dropoff = deps.dropoffs().find(dropoff_id)
    if dropoff is None or not (caller.has(OPERATOR) or (caller.has(PIC) and caller.id in dropoff.pic_ids)):
        raise NotFound(f"Titik ambil {dropoff_id} tidak ditemukan.")
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


def _no_consignment(consignment_id: str) -> NotFound:
    return NotFound(f"Kiriman {consignment_id} tidak ditemukan.")


def _note(consignment: Consignment) -> DispatchNote:
    wave = deps.waves().recent(consignment.wave_id)
    dropoff = deps.dropoffs().get(consignment.dropoff_id)
    return DispatchNote(consignment, wave, dropoff, deps.cooperatives().get(consignment.cooperative_id))

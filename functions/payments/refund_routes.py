"""HTTP: refunds that the programme office decides, how they are paid by hand, and how far they are."""

from typing import Any

from lumbung.domain.errors import NotFound
from lumbung.domain.people import MEMBER, OPERATOR, PIC
from lumbung.domain.refund import CASH, Refund
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.http import PAGED, Api, Call
from payments.confirm_refund import Hands
from payments.decide_refund import decide_refund
from payments.pay_refund_by_hand import pay_refund_from_till, transfer_refund
from payments.refund_schemas import (
    FailureRequest,
    RefundDetail,
    RefundList,
    RefundRequest,
    RefundView,
    TransferRequest,
)
from payments.visible import is_in_charge, order_to_see

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def refund_view(call: Call, refund_id: str) -> RefundView:
    return RefundView.of(deps_payments.bookings().refund(refund_id))


@routes.post(
    "/v1/orders/{order_id}/refunds",
    roles=(OPERATOR,), body=RefundRequest, returns=RefundView, status=201, replay=refund_view,
)  # fmt: skip
def post_refund(call: Call, order_id: str) -> RefundView:
    deps.orders().get(order_id)
    request = call.begin(RefundRequest)
    refund = decide_refund(
        order_id,
        request.amount,
        reason=request.reason,
        liable=request.liable,
        party=request.party,
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        bookings=deps_payments.bookings(),
    )
    call.notes |= {"order_id": order_id, "refund_id": refund.id}
    return RefundView.of(refund)


@routes.post(
    "/v1/refunds/{refund_id}/transfer", roles=(OPERATOR,), body=TransferRequest, returns=RefundView, replay=refund_view
)
def post_transfer(call: Call, refund_id: str) -> RefundView:
    refund = deps_payments.bookings().refund(refund_id)
    request = call.begin(TransferRequest)
    refund = transfer_refund(
        refund,
        reference=request.bank_reference,
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        bookings=deps_payments.bookings(),
    )
    return _told(call, refund)


@routes.post("/v1/refunds/{refund_id}/cash", roles=(PIC,), returns=RefundView, replay=refund_view)
def post_cash(call: Call, refund_id: str) -> RefundView:
    refund = deps_payments.bookings().refund(refund_id)
    if not is_in_charge(call.caller, deps.dropoffs().get(deps.orders().get(refund.order_id).dropoff_id)):
        raise _no_refund(refund_id)
    call.begin_empty()
    refund = pay_refund_from_till(
        refund,
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        bookings=deps_payments.bookings(),
        tills=deps_payments.tills(),
        remittances=deps_payments.remittances(),
    )
    return _told(call, refund)


@routes.post("/v1/refunds/{refund_id}/confirmation", roles=(OPERATOR, MEMBER), returns=RefundView, replay=refund_view)
def post_confirmation(call: Call, refund_id: str) -> RefundView:
    """By another operator; cash also by the member who got it."""
    refund = deps_payments.bookings().refund(refund_id)
    if not call.caller.has(OPERATOR):
        _must_be_theirs(call, refund)
    call.begin_empty()
    return _told(call, _hands().confirm(refund, by=call.caller.id, at=call.at, once=call.once))


@routes.post(
    "/v1/refunds/{refund_id}/failure", roles=(OPERATOR,), body=FailureRequest, returns=RefundView, replay=refund_view
)
def post_failure(call: Call, refund_id: str) -> RefundView:
    refund = deps_payments.bookings().refund(refund_id)
    request = call.begin(FailureRequest)
    failed = _hands().fail(refund, reason=request.reason, by=call.caller.id, at=call.at, once=call.once)
    return _told(call, failed)


@routes.get("/v1/refunds/{refund_id}", roles=(OPERATOR,), returns=RefundDetail)
def get_refund(call: Call, refund_id: str) -> RefundDetail:
    refund = deps_payments.bookings().refund(refund_id)
    member = deps.orders().get(refund.order_id).member_id
    return RefundDetail.whole(refund, deps.people().refund_account(member))


@routes.get("/v1/refunds", roles=(OPERATOR,), returns=RefundList, query=("status", "wave_id", *PAGED))
def get_refunds(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    refunds, more = deps_payments.bookings().page_of_refunds(
        status=call.query.get("status"), wave_id=call.query.get("wave_id"), limit=limit, start=start
    )
    return call.listing([RefundView.of(refund) for refund in refunds], more)


@routes.get("/v1/orders/{order_id}/refunds", roles=(MEMBER, PIC, OPERATOR), returns=RefundList)
def get_order_refunds(call: Call, order_id: str) -> dict[str, Any]:
    order_to_see(call.caller, order_id, orders=deps.orders(), dropoffs=deps.dropoffs())
    refunds = sorted(deps_payments.bookings().refunds_of(order_id), key=lambda refund: (refund.decided_at, refund.id))
    return call.listing([RefundView.of(refund) for refund in refunds], None)


def _must_be_theirs(call: Call, refund: Refund) -> None:
    order = deps.orders().get(refund.order_id)
    if not call.caller.owns(order.member_id) or refund.channel != CASH:
        raise _no_refund(refund.id)


def _no_refund(refund_id: str) -> NotFound:
    return NotFound(f"Pengembalian {refund_id} tidak ditemukan.")


def _hands() -> Hands:
    return Hands(deps.remember, deps_payments.bookings(), deps_payments.tills(), deps_payments.remittances())


def _told(call: Call, refund: Refund) -> RefundView:
    call.notes |= {"refund_id": refund.id, "refund_status": refund.status}
    return RefundView.of(refund)

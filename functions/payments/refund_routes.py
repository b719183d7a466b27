"""HTTP: refunds that the programme office decides, and how far they are."""

from typing import Any

from lumbung.domain.people import OPERATOR
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.http import Api, Call
from payments.decide_refund import decide_refund
from payments.schemas import RefundList, RefundRequest, RefundView

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
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        bookings=deps_payments.bookings(),
    )
    call.notes |= {"order_id": order_id, "refund_id": refund.id}
    return RefundView.of(refund)


@routes.get("/v1/refunds", roles=(OPERATOR,), returns=RefundList)
def get_refunds(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    refunds, more = deps_payments.bookings().page_of_refunds(
        status=call.query.get("status"), wave_id=call.query.get("wave_id"), limit=limit, start=start
    )
    return call.listing([RefundView.of(refund) for refund in refunds], more)

"""HTTP: cash in the hands of a person in charge, and its way to the programme office."""

from functools import partial
from typing import Any

from lumbung.domain.cash import Remittance
from lumbung.domain.people import OPERATOR, PIC
from lumbung.domain.registry import Dropoff
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.http import PAGED, Api, Call
from payments.accept_remittance import accept_remittance
from payments.hand_over_cash import hand_over_cash
from payments.payment_routes import payment_view
from payments.schemas import (
    AcceptanceRequest,
    CashReceiptRequest,
    CashView,
    PaymentView,
    RemittanceList,
    RemittanceRequest,
    RemittanceView,
    TillList,
    TillView,
)
from payments.settle_payment import settle_payment
from payments.stop_payment import stop_live_attempt
from payments.take_cash import Receipt, take_cash
from payments.visible import order_at_desk, own_dropoff

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def remittance_view(call: Call, remittance_id: str) -> RemittanceView:
    return RemittanceView.of(deps_payments.remittances().get(remittance_id))


@routes.post(
    "/v1/orders/{order_id}/cash-receipts",
    roles=(PIC,), body=CashReceiptRequest, returns=PaymentView, status=201, replay=payment_view,
)  # fmt: skip
def post_cash_receipt(call: Call, order_id: str) -> PaymentView:
    order, dropoff = order_at_desk(call.caller, order_id, orders=deps.orders(), dropoffs=deps.dropoffs())
    request = call.begin(CashReceiptRequest)
    payment = take_cash(
        order,
        dropoff,
        Receipt(request.amount, call.caller.id, request.receipt_number, request.received_at),
        new_id=call.new_id("pay_"),
        at=call.at,
        once=call.once,
        remember=deps.remember,
        tills=deps_payments.tills(),
        **deps_payments.money(),
    )
    stopped = stop_live_attempt(
        order_id,
        payments=deps_payments.payments(),
        provider=deps_payments.providers(),
        settle=partial(settle_payment, **deps_payments.money()),
    )
    call.notes |= {"order_id": order_id, "payment_id": payment.id, "other_attempt_stopped": stopped}
    return PaymentView.of(payment)


@routes.get("/v1/dropoffs/{dropoff_id}/cash", roles=(PIC, OPERATOR), returns=CashView)
def get_cash(call: Call, dropoff_id: str) -> CashView:
    dropoff = _dropoff_to_see(call, dropoff_id)
    return CashView.of(deps_payments.tills().get(dropoff_id), dropoff.cash_limit)


@routes.get("/v1/cash", roles=(OPERATOR,), returns=TillList, query=PAGED)
def get_tills(call: Call) -> dict[str, Any]:
    """Who owes what: the cash at each drop-off, page by page."""
    limit, start = call.page()
    dropoffs, more = deps.dropoffs().page(limit=limit, start=start)
    tills = deps_payments.tills().get_many([dropoff.id for dropoff in dropoffs])
    return call.listing([TillView.at(dropoff, tills[dropoff.id]) for dropoff in dropoffs], more)


@routes.get("/v1/dropoffs/{dropoff_id}/remittances", roles=(PIC, OPERATOR), returns=RemittanceList, query=PAGED)
def get_remittances(call: Call, dropoff_id: str) -> dict[str, Any]:
    """Every hand-over of a drop-off, newest first: who handed over, who counted, and what was short."""
    _dropoff_to_see(call, dropoff_id)
    limit, start = call.page()
    slips, more = deps_payments.remittances().page(dropoff_id, limit=limit, start=start)
    return call.listing([RemittanceView.of(slip) for slip in slips], more)


@routes.post(
    "/v1/dropoffs/{dropoff_id}/remittances",
    roles=(PIC,), body=RemittanceRequest, returns=RemittanceView, status=201, replay=remittance_view,
)  # fmt: skip
def post_remittance(call: Call, dropoff_id: str) -> RemittanceView:
    own_dropoff(call.caller, dropoff_id, dropoffs=deps.dropoffs())
    request = call.begin(RemittanceRequest)
    remittance = hand_over_cash(
        Remittance(call.new_id("rem_"), dropoff_id, request.amount, request.method, call.caller.id, call.at),
        once=call.once,
        remember=deps.remember,
        remittances=deps_payments.remittances(),
        tills=deps_payments.tills(),
    )
    call.notes |= {"dropoff_id": dropoff_id, "remittance_id": remittance.id}
    return RemittanceView.of(remittance)


@routes.post(
    "/v1/remittances/{remittance_id}/acceptance",
    roles=(OPERATOR,), body=AcceptanceRequest, returns=RemittanceView, status=201, replay=remittance_view,
)  # fmt: skip
def post_acceptance(call: Call, remittance_id: str) -> RemittanceView:
    deps_payments.remittances().get(remittance_id)
    request = call.begin(AcceptanceRequest)
    accepted = accept_remittance(
        remittance_id,
        request.counted,
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        decide=deps_payments.decisions(),
        remittances=deps_payments.remittances(),
        tills=deps_payments.tills(),
        post=deps_payments.post,
    )
    call.notes |= {"remittance_id": remittance_id, "shortage": accepted.shortage}
    return RemittanceView.of(accepted)


def _dropoff_to_see(call: Call, dropoff_id: str) -> Dropoff:
    if call.caller.has(OPERATOR):
        return deps.dropoffs().get(dropoff_id)
    return own_dropoff(call.caller, dropoff_id, dropoffs=deps.dropoffs())

"""HTTP: how to pay for an order."""

from functools import partial
from typing import Any

from lumbung.domain.payment import TPP
from lumbung.domain.people import MEMBER, OPERATOR, PIC
from lumbung.runtime import clock, deps, deps_payments
from lumbung.runtime.http import Api, Call
from payments.ask_for_payment import ask_for_payment
from payments.begin_attempt import Wish
from payments.consent_to_deduct import may_deduct
from payments.schemas import PaymentList, PaymentRequest, PaymentView
from payments.settle_payment import settle_payment
from payments.visible import order_to_pay, order_to_see

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def payment_view(call: Call, payment_id: str) -> PaymentView:
    return PaymentView.of(deps_payments.payments().get(payment_id))


@routes.post(
    "/v1/orders/{order_id}/payments",
    roles=(MEMBER, PIC), body=PaymentRequest, returns=PaymentView, status=201, replay=payment_view,
)  # fmt: skip
def post_payment(call: Call, order_id: str) -> PaymentView:
    order = order_to_pay(call.caller, order_id, orders=deps.orders(), dropoffs=deps.dropoffs())
    request = call.begin(PaymentRequest)
    if request.method == TPP:
        may_deduct(call.caller, order, at=call.at, consents=deps_payments.consents(), payments=deps_payments.payments())
    payment = ask_for_payment(
        order_id,
        Wish(call.new_id("pay_"), request.method, request.bank),
        at=call.at,
        now=clock.now(),
        once=call.once,
        remember=deps.remember,
        orders=deps.orders(),
        payments=deps_payments.payments(),
        providers=deps_payments.providers(),
        merchant=deps_payments.qris_merchant(),
        settle=partial(settle_payment, **deps_payments.money()),
    )
    call.notes |= {"order_id": order_id, "payment_id": payment.id}
    return PaymentView.of(payment)


@routes.get("/v1/orders/{order_id}/payments", roles=(MEMBER, PIC, OPERATOR), returns=PaymentList)
def get_payments(call: Call, order_id: str) -> dict[str, Any]:
    order_to_see(call.caller, order_id, orders=deps.orders(), dropoffs=deps.dropoffs())
    payments = deps_payments.payments().of_order(order_id)
    return call.listing([PaymentView.of(payment) for payment in payments if payment.confirmed], None)

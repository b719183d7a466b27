"""HTTP: where a member's money is sent back to when no provider can do it; kept with the person alone."""

from lumbung.domain.errors import NotFound
from lumbung.domain.people import MEMBER, PIC, BankAccount
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.http import Api, Call
from payments.refund_schemas import RefundAccountRequest, RefundAccountView
from payments.visible import order_to_pay

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def account_of(call: Call, member_id: str) -> RefundAccountView:
    account = deps.people().refund_account(member_id)
    if account is None:
        raise NotFound("Rekening pengembalian belum diisi.")
    return RefundAccountView.masked(account)


@routes.get("/v1/me/refund-account", roles=(MEMBER, PIC), returns=RefundAccountView, refuses=(404,))
def get_own(call: Call) -> RefundAccountView:
    return account_of(call, call.caller.id)


@routes.put(
    "/v1/me/refund-account",
    roles=(MEMBER, PIC), body=RefundAccountRequest, returns=RefundAccountView, replay=account_of,
)  # fmt: skip
def put_own(call: Call) -> RefundAccountView:
    return _keep(call, call.caller.id)


@routes.put(
    "/v1/orders/{order_id}/refund-account",
    roles=(MEMBER, PIC), body=RefundAccountRequest, returns=RefundAccountView, replay=account_of,
)  # fmt: skip
def put_of_order(call: Call, order_id: str) -> RefundAccountView:
    """For whoever the order is for: a person in charge asks those who cannot do it themselves."""
    order = order_to_pay(call.caller, order_id, orders=deps.orders(), dropoffs=deps.dropoffs())
    return _keep(call, order.member_id)


def _keep(call: Call, member_id: str) -> RefundAccountView:
    request = call.begin(RefundAccountRequest)
    account = BankAccount(request.bank, request.account_number, request.account_name)
    kept = deps.people().keep_refund_account(member_id, account)
    deps_payments.bookings().commit(deps.remember(call.once, member_id), *kept)
    return RefundAccountView.masked(account)

"""HTTP: what cooperatives are owed, and paying it out."""

from typing import Any

from lumbung.domain.errors import NotFound
from lumbung.domain.once import request_hash
from lumbung.domain.people import COOPERATIVE, OPERATOR
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call
from payments.pay_out import pay_out
from payments.settlement_schemas import (
    PayoutRequest,
    PayoutView,
    PricedView,
    SettlementList,
    SettlementStatement,
    SettlementView,
)
from payments.settlement_statement import Statement
from payments.visible import cooperative_to_see, may_see

NO_BODY = request_hash("")

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def payout_view(call: Call, payout_id: str) -> PayoutView:
    return PayoutView.of(deps_payments.settlements().payout(payout_id))


@routes.get(
    "/v1/cooperatives/{cooperative_id}/settlements", roles=(COOPERATIVE, OPERATOR), returns=SettlementList, query=PAGED
)
def get_settlements(call: Call, cooperative_id: str) -> dict[str, Any]:
    cooperative_to_see(call.caller, cooperative_id, cooperatives=deps.cooperatives())
    limit, start = call.page()
    settlements, more = deps_payments.settlements().page(cooperative_id, limit=limit, start=start)
    return call.listing([SettlementView.of(settlement) for settlement in settlements], more)


@routes.get(
    "/v1/settlements/{settlement_id}/statement",
    roles=(COOPERATIVE, OPERATOR),
    returns=SettlementStatement,
    media=("text/csv", "text/html"),
)
def get_statement(call: Call, settlement_id: str) -> SettlementStatement | Answer:
    """As JSON, CSV or a page to print, by `Accept`."""
    settlement = deps_payments.settlements().get(settlement_id)
    cooperative = deps.cooperatives().get(settlement.cooperative_id)
    if not may_see(call.caller, cooperative):
        raise NotFound(f"Penyelesaian {settlement_id} tidak ditemukan.")
    payouts = deps_payments.settlements().payouts(settlement.payout_ids)
    statement = Statement(settlement, payouts, deps.waves().recent(settlement.wave_id).name, cooperative.name)
    wanted = call.header("accept") or ""
    if "text/csv" in wanted:
        return Answer(statement.as_csv(), media_type="text/csv; charset=utf-8")
    if "text/html" in wanted:
        return Answer(statement.as_html(), media_type="text/html; charset=utf-8")
    return SettlementStatement(
        wave_name=statement.wave_name,
        cooperative_name=statement.cooperative_name,
        settlement=SettlementView.of(settlement),
        lines=[PricedView.of(line) for line in settlement.received.values()],
        payouts=[PayoutView.of(payout) for payout in payouts],
    )


@routes.post(
    "/v1/settlements/{settlement_id}/payouts",
    roles=(OPERATOR,), body=PayoutRequest, returns=PayoutView, status=201, replay=payout_view,
)  # fmt: skip
def post_payout(call: Call, settlement_id: str) -> PayoutView:
    deps_payments.settlements().get(settlement_id)
    payout = pay_out(
        settlement_id,
        reference=_reference(call),
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        decide=deps_payments.decisions(),
        settlements=deps_payments.settlements(),
        post=deps_payments.post,
    )
    call.notes |= {"settlement_id": settlement_id, "payout_id": payout.id}
    return PayoutView.of(payout)


def _reference(call: Call) -> str | None:
    """The bank's reference, where the request has a body at all."""
    if call.body_hash == NO_BODY:
        call.begin_empty()
        return None
    return call.begin(PayoutRequest).reference

"""HTTP: what treasurers are asked to deduct from allowances (TPP), and what they answer. For operators only."""

from functools import partial
from typing import Any

from lumbung.domain.deduction import Batch
from lumbung.domain.people import OPERATOR
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call
from payments import treasurer_list
from payments.hand_over_deductions import hand_over_deductions
from payments.import_results import import_results
from payments.settle_payment import settle_payment
from payments.tpp_schemas import (
    BatchHead,
    BatchList,
    BatchRequest,
    BatchView,
    DeductionView,
    ResultsRequest,
    ResultsView,
)
from payments.treasurer_list import Answered, Rejected

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def batch_view(call: Call, batch_id: str) -> BatchView:
    batch, deductions = deps_payments.deductions().batch(batch_id), deps_payments.deductions().of_batch(batch_id)
    people = deps.people().profiles(deduction.member_id for deduction in deductions)
    lines = [DeductionView.of(deduction, people.get(deduction.member_id)) for deduction in deductions]
    return BatchView(**BatchHead.of(batch).model_dump(), lines=lines)


@routes.post(
    "/v1/tpp/batches",
    roles=(OPERATOR,), body=BatchRequest, returns=BatchView, status=201, replay=batch_view, refuses=(404,),
)  # fmt: skip
def post_batch(call: Call) -> BatchView:
    request = call.begin(BatchRequest)
    institution = deps.institutions().get(request.institution_id)
    batch = Batch(call.new_id("bat_"), institution.id, request.unit, call.caller.id, call.at)
    handed = hand_over_deductions(
        batch,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        deductions=deps_payments.deductions(),
        consents=deps_payments.consents(),
        payments=deps_payments.payments(),
        orders=deps.orders(),
        provider=deps_payments.providers(),
        settle=partial(settle_payment, **deps_payments.money()),
    )
    call.notes |= {"batch_id": batch.id, "deductions": handed}
    return batch_view(call, batch.id)


@routes.get("/v1/tpp/batches", roles=(OPERATOR,), returns=BatchList, query=PAGED)
def get_batches(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    batches, more = deps_payments.deductions().page_of_batches(limit=limit, start=start)
    return call.listing([BatchHead.of(batch) for batch in batches], more)


@routes.get("/v1/tpp/batches/{batch_id}", roles=(OPERATOR,), returns=BatchView, media=("text/csv", WORKBOOK))
def get_batch(call: Call, batch_id: str) -> BatchView | Answer:
    """As JSON, CSV or a workbook, by `Accept`."""
    call.notes["batch_id"] = batch_id
    wanted = call.header("accept") or ""
    if "text/csv" not in wanted and WORKBOOK not in wanted:
        return batch_view(call, batch_id)
    deps_payments.deductions().batch(batch_id)
    deductions = deps_payments.deductions().of_batch(batch_id)
    rows = treasurer_list.rows(deductions, deps.people().profiles(deduction.member_id for deduction in deductions))
    if "text/csv" in wanted:
        return Answer(treasurer_list.as_csv(rows), media_type="text/csv; charset=utf-8")
    return Answer(deps_payments.as_workbook("Potongan TPP", rows), media_type=WORKBOOK)


def results_view(call: Call, batch_id: str) -> ResultsView:
    """Apply what the request says, again if need be: it changes nothing then."""
    answered, unread = _answered(call)
    settle = partial(settle_payment, **deps_payments.money())
    applied, refused = import_results(
        batch_id, answered, at=call.at, deductions=deps_payments.deductions(), settle=settle
    )
    call.notes |= {"batch_id": batch_id, "applied": len(applied), "rejected": len(refused) + len(unread)}
    return ResultsView.of(batch_id, applied, sorted([*unread, *refused], key=lambda line: line.number))


@routes.post(
    "/v1/tpp/batches/{batch_id}/results",
    roles=(OPERATOR,), body=ResultsRequest, returns=ResultsView, replay=results_view,
    reads=("text/csv",),
)  # fmt: skip
def post_results(call: Call, batch_id: str) -> ResultsView:
    """Lines as JSON, or the treasurer's sheet as `text/csv`; lines that are wrong are named, the others applied."""
    deps_payments.deductions().batch(batch_id)
    call.begin_text()
    results = results_view(call, batch_id)
    deps_payments.deductions().commit(deps.remember(call.once, batch_id))
    return results


def _answered(call: Call) -> tuple[list[Answered], list[Rejected]]:
    if "text/csv" in (call.header("content-type") or ""):
        return treasurer_list.read_csv(call.text)
    return call.parse(ResultsRequest).to_domain(), []

"""HTTP: statements of providers and banks are sent in, and what nothing explains is worked off."""

from hashlib import sha256
from typing import Any

from lumbung.domain import ids
from lumbung.domain.errors import AlreadyDone
from lumbung.domain.people import OPERATOR
from lumbung.domain.statement import Statement
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.http import PAGED, Api, Call
from payments.resolve_line import resolve_line
from payments.statement_schemas import ImportView, LineView, ResolutionRequest, StatementRequest, Worklist

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def import_view(call: Call, statement_id: str) -> ImportView:
    return ImportView.of(deps_payments.statements().get(statement_id))


def line_view(call: Call, line_id: str) -> LineView:
    return LineView.of(deps_payments.statements().line(line_id))


@routes.post(
    "/v1/statements",
    roles=(OPERATOR,), body=StatementRequest, returns=ImportView, status=202, replay=import_view,
)  # fmt: skip
def post_statement(call: Call) -> ImportView:
    """Keep the file; it is explained at once, but not within this request. The same file is the first one again."""
    request = call.begin(StatementRequest)
    raw = request.content.encode()
    id_ = ids.derive("stm_", deps.id_secret(), request.source, sha256(raw).hexdigest())
    statement, statements = Statement(id_, request.source, call.caller.id, call.at), deps_payments.statements()
    try:
        statements.commit(deps.remember(call.once, id_), *statements.add(statement, raw))
    except AlreadyDone as known:
        if known.request_hash:  # the key, not the file
            raise
        statements.commit(deps.remember(call.once, id_))
    call.notes["statement_id"] = id_
    return import_view(call, id_)


@routes.get("/v1/statements/{statement_id}", roles=(OPERATOR,), returns=ImportView)
def get_statement(call: Call, statement_id: str) -> ImportView:
    return import_view(call, statement_id)


@routes.get("/v1/reconciliation/worklist", roles=(OPERATOR,), returns=Worklist, query=PAGED)
def get_worklist(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    entries, more = deps_payments.statements().worklist(limit=limit, start=start)
    return call.listing([LineView.of(entry) for entry in entries], more)


@routes.post(
    "/v1/reconciliation/worklist/{line_id}/resolution",
    roles=(OPERATOR,), body=ResolutionRequest, returns=LineView, replay=line_view,
)  # fmt: skip
def post_resolution(call: Call, line_id: str) -> LineView:
    deps_payments.statements().line(line_id)
    request = call.begin(ResolutionRequest)
    resolved = resolve_line(
        line_id,
        request.reason,
        request.account,
        by=call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        decide=deps_payments.decisions(),
        statements=deps_payments.statements(),
        post=deps_payments.post,
    )
    call.notes |= {"line_id": line_id, "account": request.account}
    return LineView.of(resolved)

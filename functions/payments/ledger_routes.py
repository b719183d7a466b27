"""HTTP: the ledger, and the checks of the whole."""

from typing import Any
from urllib.parse import unquote

from lumbung.domain import ledger
from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR
from lumbung.runtime import clock, deps, deps_payments
from lumbung.runtime.http import PAGED, Api, Call
from payments.reconcile import Books, reconcile_wave
from payments.schemas import (
    EventList,
    EventView,
    ReconciliationView,
    StatementView,
    TrialBalanceView,
    statement,
)

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/ledger/accounts/{account}", roles=(OPERATOR,), returns=StatementView, query=PAGED)
def get_account(call: Call, account: str) -> StatementView:
    name = unquote(account)
    if ledger.kind(name) is None:
        raise NotFound(f"Akun {name} tidak ada dalam buku besar.")
    limit, start = call.page()
    sums = deps_payments.accounts().get(name)
    entries, more = deps_payments.ledger().page(name, limit=limit, start=start)
    return statement(name, sums.debits, sums.credits, entries, call.listing([], more)["next_cursor"])


@routes.get("/v1/ledger/trial-balance", roles=(OPERATOR,), returns=TrialBalanceView)
def get_trial_balance(call: Call) -> TrialBalanceView:
    accounts = deps_payments.accounts().all()
    return TrialBalanceView.of({account.name: (account.debits, account.credits) for account in accounts})


@routes.get("/v1/reconciliation", roles=(OPERATOR,), returns=ReconciliationView, query=("wave_id",), refuses=(404,))
def get_reconciliation(call: Call) -> ReconciliationView:
    if wave_id := call.query.get("wave_id"):
        result = reconcile_wave(deps.waves().get(wave_id), books())
        call.notes |= {"wave_id": wave_id, "findings": len(result.findings)}
        return ReconciliationView.of(result, at=clock.now())
    latest = deps_payments.reconciliations().latest()
    if latest is None:
        raise NotFound("Rekonsiliasi malam belum pernah berjalan.")
    return ReconciliationView.of(latest[1], at=latest[0])


@routes.get("/v1/inbox", roles=(OPERATOR,), returns=EventList, query=("status", *PAGED))
def get_inbox(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    if call.query.get("status", "parked") != "parked":
        return call.listing([], None)
    events, more = deps_payments.events().page_of_parked(limit=limit, start=start)
    return call.listing([EventView.of(event) for event in events], more)


def books() -> Books:
    return Books(**deps_payments.books())

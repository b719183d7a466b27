"""HTTP entry point: payment instructions, cash, remittances, refunds, settlements, the ledger, deductions."""

from typing import Any

from lumbung.runtime import deps, readers
from lumbung.runtime.http import Api
from payments import (
    cash_routes,
    consent_routes,
    ledger_routes,
    payment_routes,
    refund_account_routes,
    refund_routes,
    settlement_routes,
    statement_routes,
    tpp_routes,
)

api = Api(secret=deps.id_secret, earlier=deps.earlier, begin=readers.begin, end=readers.end)
for part in (
    payment_routes,
    cash_routes,
    refund_routes,
    refund_account_routes,
    settlement_routes,
    statement_routes,
    ledger_routes,
    consent_routes,
    tpp_routes,
):
    api.include(part.routes)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return api.resolve(event, context)

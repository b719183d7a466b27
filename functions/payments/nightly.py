"""Schedule entry point, every night: holds everything against each other, and keeps what it found."""

from datetime import timedelta
from typing import Any

from lumbung.domain.moments import parse
from lumbung.domain.reconciliation import Result, check_statements
from lumbung.domain.statement import Entry
from lumbung.domain.wave import Wave
from lumbung.runtime import clock, deps, deps_payments
from lumbung.runtime.log import logger
from payments.recent_waves import recent_waves
from payments.reconcile import Books, check_ledger, check_provider, reconcile_wave

LOOKED_BACK = timedelta(days=60)  # waves delivered before are closed books
ASKED_OF_PROVIDER = 500  # payments a night, of waves that are not completed


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    at = parse(event["time"])
    results = [_ledger(), _statements(), *map(_wave, recent_waves(deps.waves(), at - LOOKED_BACK))]
    findings = tuple(finding for result in results for finding in result.findings)
    open_items = tuple(dict.fromkeys(item for result in results for item in result.open_items))
    deps_payments.reconciliations().keep(Result(findings, open_items), at=at)
    logger.info("reconciled", at=event["time"], findings=len(findings), open_items=len(open_items))
    return {"findings": len(findings), "open_items": len(open_items)}


def _ledger() -> Result:
    balances = {account.name: (account.debits, account.credits) for account in deps_payments.accounts().all()}
    return check_ledger(balances, deps_payments.ledger().all())


def _wave(wave: Wave) -> Result:
    result = reconcile_wave(wave, Books(**deps_payments.books()))
    if wave.status == "completed":
        return result
    asked = check_provider(
        deps_payments.payments().of_wave(wave.id),
        deps_payments.providers(),
        now=clock.now(),
        at_most=ASKED_OF_PROVIDER,
    )
    return Result(result.findings + asked.findings, result.open_items + asked.open_items)


def _statements() -> Result:
    """What statements of providers and banks say that nothing explains."""
    entries, start = list[Entry](), None
    while True:
        page, start = deps_payments.statements().worklist(limit=100, start=start)
        entries += page
        if start is None:
            return check_statements(entries)

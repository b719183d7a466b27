"""Stream entry point: a statement was sent in, so its lines are explained; the only one that reads MT940."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import Any

from lumbung.domain.payment import Payment
from lumbung.domain.statement import BANKS, Expected, Line
from lumbung.runtime import batch, clock, deps, deps_payments
from lumbung.runtime.log import logger
from payments.expect_at_bank import expect_booked, expect_virtual_accounts
from payments.explain_line import OfBank, OfProvider, span
from payments.import_statement import import_statement
from payments.mt940_reader import read_mt940
from payments.recent_waves import recent_waves
from payments.statement_files import read_csv

LONG_NUMBER = re.compile(r"\d{8,}")  # may be a virtual account
LOOKED_BACK = timedelta(days=60)  # waves delivered before are closed books


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.changes(event, _handle)


def _handle(image: dict[str, Any]) -> None:
    statements = deps_payments.statements()
    statement = statements.get(image["pk"].partition("#")[2])
    if statement.status == "imported":
        return
    text = statements.raw(statement.id).decode()
    lines, errors = read_mt940(text) if statement.source == "mt940" else read_csv(text, statement.source)
    explain = _bank(lines) if statement.source in BANKS else _provider(statement.source)
    imported = import_statement(statement, lines, errors, explain=explain, statements=statements)
    statements.save(imported)
    logger.info(
        "statement imported",
        statement_id=statement.id,
        matched=imported.matched,
        unmatched=imported.unmatched,
        known=imported.known,
        errors=len(imported.errors),
    )


def _provider(source: str) -> OfProvider:
    return OfProvider(
        source, payments=deps_payments.payments(), ledger_=deps_payments.ledger(), post=deps_payments.post
    )


def _bank(lines: Sequence[Line]) -> OfBank:
    booked: Iterable[Expected] = ()
    if lines:
        since, until = span(lines)
        booked = expect_booked(
            since,
            until,
            ledger_=deps_payments.ledger(),
            statements=deps_payments.statements(),
            names=cache(_names),
        )
    accounts = {number for line in lines for number in LONG_NUMBER.findall(line.text)}
    paid = expect_virtual_accounts(_recent_payments(), accounts) if accounts else ()
    return OfBank(chain(booked, paid), post=deps_payments.post)


def _recent_payments() -> Iterator[Payment]:
    for wave in recent_waves(deps.waves(), clock.now() - LOOKED_BACK):
        yield from deps_payments.payments().of_wave(wave.id)


def _names(account: str) -> tuple[str, ...]:
    """Return by which names a bank may call whom an account belongs to."""
    kind, _, id_ = account.partition(":")
    if kind == "cooperative":
        cooperative = deps.cooperatives().get(id_)
        return tuple(name for name in (cooperative.name, cooperative.bank.get("account_name")) if name)
    return (deps.dropoffs().get(id_).name,) if kind == "pic" else ()

"""A statement that was sent in is explained line by line; what moved that we did not know of is booked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from lumbung.domain import ids
from lumbung.domain.errors import AlreadyDone, Stale
from lumbung.domain.ledger import Transfer
from lumbung.domain.statement import BadLine, Entry, Line, Statement, line_ids
from payments.explain_line import Explained
from payments.ports import Write


class Statements(Protocol):
    def explain(self, entry: Entry, taken: str | None = None) -> Sequence[Write]: ...
    def commit(self, *writes: Write) -> None: ...


class Explain(Protocol):
    def __call__(self, line_id: str, line: Line) -> Explained: ...
    def left_over(self, lines: Sequence[Line]) -> Iterator[tuple[Transfer, str]]: ...


def import_statement(
    statement: Statement, lines: Sequence[Line], errors: Iterable[BadLine], *, explain: Explain, statements: Statements
) -> Statement:
    """Return the statement with what became of its lines; imported again it changes nothing but says `known`."""
    counts = Counter[str]()
    for line_id, line in line_ids(statement.source, lines):
        counts[_import(statement, line_id, line, explain, statements)] += 1
    for transfer, reason in explain.left_over(lines):
        counts[_miss(statement, transfer, reason, statements)] += 1
    return replace(
        statement,
        status="imported",
        matched=counts["matched"],
        unmatched=counts["unmatched"],
        known=counts["known"],
        errors=tuple(errors),
    )


def _import(statement: Statement, line_id: str, line: Line, explain: Explain, statements: Statements) -> str:
    explained = explain(line_id, line)
    found = explained.match.found
    entry = Entry(
        line_id,
        statement.id,
        statement.source,
        line,
        "matched" if found else "unmatched",
        found.id if found else None,
        explained.match.reason,
        explained.match.detail,
    )
    first = statements.explain(entry, explained.taken)
    try:
        statements.commit(*first, *explained.writes)
    except AlreadyDone as done:
        if done.thing == line_id:
            return "known"
        statements.commit(*first)  # the fee was booked with another line
    except Stale:  # another line is about it already
        detail = f"{entry.about} sudah dijelaskan baris lain."
        entry = replace(entry, status="unmatched", reason="explained_before", detail=detail)
        statements.commit(*statements.explain(entry))
    return entry.status


def _miss(statement: Statement, transfer: Transfer, reason: str, statements: Statements) -> str:
    line = Line(0, transfer.at, transfer.amount, transfer.order_id or "", transfer.reason, what="missing")
    detail = f"Rp {transfer.amount} tercatat, tidak ada dalam laporan {statement.source}."
    id_ = ids.within(transfer.id, "lin_", "missing")
    entry = Entry(id_, statement.id, statement.source, line, "unmatched", transfer.id, reason, detail)
    try:
        statements.commit(*statements.explain(entry))
    except AlreadyDone:
        return "known"
    return "unmatched"

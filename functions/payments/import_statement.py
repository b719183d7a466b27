"""A statement that was sent in is explained line by line; what moved that we did not know of is booked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from lumbung.domain import ids
from lumbung.domain.errors import AlreadyDone, Stale
from lumbung.domain.ledger import Transfer
from lumbung.domain.statement import BadLine, Entry, Line, Statement, line_ids
from payments.explain_line import Explained
from payments.ports import Write


class Statements(Protocol):
    def lines(self, line_ids: Iterable[str]) -> Mapping[str, Entry]: ...
    def line(self, line_id: str) -> Entry: ...
    def explain(self, entry: Entry, taken: str | None = None) -> Sequence[Write]: ...
    def commit(self, *writes: Write) -> None: ...


class Explain(Protocol):
    def __call__(self, line_id: str, line: Line) -> Explained: ...
    def pass_over(self, line: Line) -> None: ...
    def left_over(self, lines: Sequence[Line]) -> Iterator[tuple[Transfer, str]]: ...


def import_statement(
    statement: Statement, lines: Sequence[Line], errors: Iterable[BadLine], *, explain: Explain, statements: Statements
) -> Statement:
    """Return the statement with what became of its lines; begun again after it broke off, it says the same.

    `known` are lines that another file had. They are passed over before any is explained: what one of them is
    about must not be looked for again, or it would take the place of a line that is new.
    """
    counts = Counter[str]()
    told = list(line_ids(statement.source, lines))
    known = statements.lines(line_id for line_id, _ in told)
    for line_id, line in told:
        if before := known.get(line_id):
            explain.pass_over(line)
            counts[_as_before(statement, before)] += 1
        else:
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
            return _as_before(statement, statements.line(line_id))
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
        return _as_before(statement, statements.line(id_))
    return "unmatched"


def _as_before(statement: Statement, entry: Entry) -> str:
    """Return as what a line counts that was explained before, by this very statement or another."""
    if entry.statement_id != statement.id:
        return "known"
    return "matched" if entry.status == "matched" else "unmatched"

"""What people send about statements, and what they are answered."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lumbung.domain.statement import Entry, Statement
from lumbung.runtime.schema import Note, Request, Utc, View
from payments.schemas import Page

BOOKED_AGAINST = r"^(suspense|write_off|provider_fees|gateway:[a-z0-9_]{1,32}|tpp:[a-z0-9_]{1,64})$"


class StatementRequest(Request):
    """`content` is the file as text."""

    source: Literal["midtrans", "xendit", "bank_csv", "mt940"]
    content: Annotated[str, StringConstraints(min_length=1, max_length=250_000)]


class ResolutionRequest(Request):
    """`account`: where a bank's line is booked against, if it is to be booked."""

    reason: Annotated[Note, Field(min_length=1)]
    account: Annotated[str | None, Field(pattern=BOOKED_AGAINST)] = None


class BadLineView(View):
    line: int
    message: str


class ImportView(View):
    """A file that was sent in. `lines` counts those that could be read; `known` of them came with an earlier file."""

    id: str
    source: str
    status: str
    sent_at: Utc
    lines: int
    matched: int
    unmatched: int
    known: int
    errors: list[BadLineView]

    @classmethod
    def of(cls, statement: Statement) -> "ImportView":
        return cls(
            id=statement.id,
            source=statement.source,
            status=statement.status,
            sent_at=statement.sent_at,
            lines=statement.matched + statement.unmatched + statement.known,
            matched=statement.matched,
            unmatched=statement.unmatched,
            known=statement.known,
            errors=[BadLineView(line=error.number, message=error.message) for error in statement.errors],
        )


class LineView(View):
    """A line of a statement that nothing explained; `number` is its place in the file."""

    id: str
    statement_id: str
    source: str
    number: int
    at: Utc
    amount: int
    reference: str
    text: str
    status: str
    reason: str | None
    detail: str
    about: str | None
    resolved_by: str | None
    resolved_at: Utc | None

    @classmethod
    def of(cls, entry: Entry) -> "LineView":
        return cls(
            id=entry.id,
            statement_id=entry.statement_id,
            source=entry.source,
            number=entry.line.number,
            at=entry.line.at,
            amount=entry.line.amount,
            reference=entry.line.reference,
            text=entry.line.text,
            status=entry.status,
            reason=entry.reason,
            detail=entry.detail,
            about=entry.about,
            resolved_by=entry.resolved_by,
            resolved_at=entry.resolved_at,
        )


class Worklist(Page):
    items: list[LineView]

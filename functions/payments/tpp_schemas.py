"""What people send about deductions from allowances, and what they are answered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from lumbung.domain.deduction import AT_ONCE, Batch, Consent, Deduction
from lumbung.domain.people import Person
from lumbung.runtime.schema import Id, Request, Text, Utc, View
from payments.import_results import Applied
from payments.schemas import Counted, Number, Page, Rupiah
from payments.treasurer_list import Answered, Rejected


class ConsentRequest(Request):
    """`max_amount`: at most that much in a calendar month. `text_version`: which text the member has agreed to."""

    unit: Text
    max_amount: Rupiah
    valid_from: date
    valid_until: date
    text_version: Number

    @field_validator("valid_until")
    @classmethod
    def _ends_after_it_begins(cls, until: date, info: ValidationInfo) -> date:
        if until < info.data.get("valid_from", until):
            raise ValueError("sebelum valid_from")
        return until

    def to_domain(self, member_id: str, institution_id: str, *, at: datetime) -> Consent:
        return Consent(
            member_id=member_id,
            institution_id=institution_id,
            unit=self.unit,
            max_amount=self.max_amount,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            text_version=self.text_version,
            given_at=at,
        )


class ConsentView(View):
    """`remaining`: what may still be deducted this month; nothing while the consent does not hold."""

    institution_id: str
    unit: str
    max_amount: int
    valid_from: date
    valid_until: date
    text_version: str
    given_at: Utc
    withdrawn_at: Utc | None
    remaining: int

    @classmethod
    def of(cls, consent: Consent, *, at: datetime) -> "ConsentView":
        return cls(
            institution_id=consent.institution_id,
            unit=consent.unit,
            max_amount=consent.max_amount,
            valid_from=consent.valid_from,
            valid_until=consent.valid_until,
            text_version=consent.text_version,
            given_at=consent.given_at,
            withdrawn_at=consent.withdrawn_at,
            remaining=consent.remaining(at),
        )


class BatchRequest(Request):
    institution_id: Id
    unit: Text


class BatchHead(View):
    id: str
    institution_id: str
    unit: str
    made_by: str
    made_at: Utc

    @classmethod
    def of(cls, batch: Batch) -> "BatchHead":
        return cls(
            id=batch.id,
            institution_id=batch.institution_id,
            unit=batch.unit,
            made_by=batch.made_by,
            made_at=batch.made_at,
        )


class DeductionView(View):
    """`status`: exported, recalled (not to be deducted any more) or applied. `deducted` once the treasurer said so."""

    payment_id: str
    order_id: str
    nip: str | None
    name: str | None
    month: str
    amount: int
    deducted: int | None
    status: str

    @classmethod
    def of(cls, deduction: Deduction, person: Person | None) -> "DeductionView":
        return cls(
            payment_id=deduction.payment_id,
            order_id=deduction.order_id,
            nip=person.nip if person else None,
            name=person.name if person else None,
            month=deduction.month,
            amount=deduction.amount,
            deducted=deduction.deducted,
            status=deduction.status,
        )


class BatchView(BatchHead):
    lines: list[DeductionView]


class BatchList(Page):
    items: list[BatchHead]


class ResultLine(Request):
    payment_id: Id
    deducted: Counted


class ResultsRequest(Request):
    """Or the treasurer's sheet, filled in, as `text/csv`."""

    lines: Annotated[list[ResultLine], Field(min_length=1, max_length=AT_ONCE)]

    def to_domain(self) -> list[Answered]:
        return [Answered(number, line.payment_id, line.deducted) for number, line in enumerate(self.lines, 1)]


class ResultView(View):
    """`outcome`: full, partial, none or too_much."""

    line: int
    payment_id: str
    outcome: str


class RejectedView(View):
    line: int
    message: str


class ResultsView(View):
    """What became of each line; imported again it is the same."""

    batch_id: str
    lines: list[ResultView]
    errors: list[RejectedView]

    @classmethod
    def of(cls, batch_id: str, applied: Sequence[Applied], rejected: Sequence[Rejected]) -> "ResultsView":
        return cls(
            batch_id=batch_id,
            lines=[ResultView(line=line.number, payment_id=line.payment_id, outcome=line.outcome) for line in applied],
            errors=[RejectedView(line=line.number, message=line.message) for line in rejected],
        )

"""What people send to payments, and what they are answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from lumbung.domain import ledger
from lumbung.domain.cash import Remittance, Till
from lumbung.domain.ledger import Transfer
from lumbung.domain.payment import CASH, Payment
from lumbung.domain.provider_event import ProviderEvent
from lumbung.domain.reconciliation import Finding, Result
from lumbung.domain.registry import Dropoff
from lumbung.runtime.schema import Moment, Request, Text, Utc, View

Rupiah = Annotated[int, Field(gt=0, le=10**12)]
Counted = Annotated[int, Field(ge=0, le=10**12)]
Bank = Literal["bca", "bni", "bri", "permata", "cimb", "mandiri"]
Number = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._/-]+$")]


class PaymentRequest(Request):
    method: Literal["virtual_account", "qris", "gopay", "tpp"]
    bank: Annotated[Bank | None, Field(validate_default=True)] = None

    @field_validator("bank")
    @classmethod
    def _fits_the_method(cls, bank: str | None, info: ValidationInfo) -> str | None:
        method = info.data.get("method")
        if method == "virtual_account" and bank is None:
            raise ValueError("wajib diisi untuk virtual_account")
        if method in ("qris", "gopay", "tpp") and bank is not None:
            raise ValueError(f"tidak berlaku untuk {method}")
        return bank


class CashReceiptRequest(Request):
    amount: Rupiah
    receipt_number: Number | None = None
    received_at: Moment | None = None


class RemittanceRequest(Request):
    amount: Rupiah
    method: Text


class AcceptanceRequest(Request):
    counted: Counted


class PaymentView(View):
    """`instructions`: how to pay; none for cash."""

    id: str
    order_id: str
    provider: str
    method: str
    amount: int
    status: str
    expires_at: Utc | None
    instructions: dict[str, str] | None
    receipt_number: str | None = None
    created_at: Utc

    @classmethod
    def of(cls, payment: Payment) -> "PaymentView":
        return cls(
            id=payment.id,
            order_id=payment.order_id,
            provider=payment.provider,
            method=payment.method,
            amount=payment.amount,
            status=payment.status,
            expires_at=payment.expires_at,
            instructions=None if payment.provider == CASH else dict(payment.instructions),
            receipt_number=payment.receipt_number,
            created_at=payment.created_at,
        )


class CashView(View):
    on_hand: int
    limit: int | None
    receipts_total: int
    remitted_total: int

    @classmethod
    def of(cls, till: Till, limit: int | None) -> "CashView":
        return cls(on_hand=till.on_hand, limit=limit, receipts_total=till.collected, remitted_total=till.remitted)


class TillView(View):
    """The cash of a drop-off and who answers for it; `announced` is in hand-overs that nobody has accepted yet."""

    dropoff_id: str
    name: str
    pic_ids: list[str]
    on_hand: int
    announced: int
    limit: int | None

    @classmethod
    def at(cls, dropoff: Dropoff, till: Till) -> "TillView":
        return cls(
            dropoff_id=dropoff.id,
            name=dropoff.name,
            pic_ids=sorted(dropoff.pic_ids),
            on_hand=till.on_hand,
            announced=till.announced,
            limit=dropoff.cash_limit,
        )


class RemittanceView(View):
    """`shortage`: announced and not counted; it stays on hand as the person's debt."""

    id: str
    dropoff_id: str
    amount: int
    method: str
    status: str
    counted: int | None
    shortage: int
    handed_by: str
    handed_at: Utc
    accepted_by: str | None
    accepted_at: Utc | None

    @classmethod
    def of(cls, remittance: Remittance) -> "RemittanceView":
        return cls(
            id=remittance.id,
            dropoff_id=remittance.dropoff_id,
            amount=remittance.amount,
            method=remittance.method,
            status=remittance.status,
            counted=remittance.counted,
            shortage=remittance.shortage,
            handed_by=remittance.handed_by,
            handed_at=remittance.handed_at,
            accepted_by=remittance.accepted_by,
            accepted_at=remittance.accepted_at,
        )


class EntryView(View):
    id: str
    at: Utc
    debit: str
    credit: str
    amount: int
    reason: str
    wave_id: str | None
    order_id: str | None

    @classmethod
    def of(cls, transfer: Transfer) -> "EntryView":
        return cls(
            id=transfer.id,
            at=transfer.at,
            debit=transfer.debit,
            credit=transfer.credit,
            amount=transfer.amount,
            reason=transfer.reason,
            wave_id=transfer.wave_id,
            order_id=transfer.order_id,
        )


class StatementView(View):
    """A page of an account, newest first. `balance` is positive for what is held, spent or owed."""

    account: str
    kind: str
    debits: int
    credits: int
    balance: int
    entries: list[EntryView]
    next_cursor: str | None


class AccountView(View):
    account: str
    debits: int
    credits: int


class TrialBalanceView(View):
    debits: int
    credits: int
    difference: int
    accounts: list[AccountView]

    @classmethod
    def of(cls, balances: Mapping[str, tuple[int, int]]) -> "TrialBalanceView":
        debits, credits = (sum(sums[side] for sums in balances.values()) for side in (0, 1))
        return cls(
            debits=debits,
            credits=credits,
            difference=debits - credits,
            accounts=[
                AccountView(account=name, debits=sums[0], credits=sums[1]) for name, sums in sorted(balances.items())
            ],
        )


class FindingView(View):
    check: str
    subject: str
    detail: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingView":
        return cls(check=finding.check, subject=finding.subject, detail=finding.detail)


class ReconciliationView(View):
    ok: bool
    checked_at: Utc | None
    findings: list[FindingView]
    open_items: list[FindingView]

    @classmethod
    def of(cls, result: Result, *, at: datetime | None) -> "ReconciliationView":
        return cls(
            ok=result.ok,
            checked_at=at,
            findings=[FindingView.of(finding) for finding in result.findings],
            open_items=[FindingView.of(item) for item in result.open_items],
        )


class EventView(View):
    id: str
    provider: str
    subject: str
    said: str
    status: str
    reason: str | None
    tries: int
    received_at: Utc
    next_try_at: Utc

    @classmethod
    def of(cls, event: ProviderEvent) -> "EventView":
        return cls(
            id=event.id,
            provider=event.provider,
            subject=event.payment_id,
            said=event.said,
            status=event.status,
            reason=event.reason,
            tries=event.tries,
            received_at=event.received_at,
            next_try_at=event.next_try,
        )


def statement(
    account: str, debits: int, credits: int, entries: list[Transfer], next_cursor: str | None
) -> StatementView:
    return StatementView(
        account=account,
        kind=ledger.kind(account) or "",
        debits=debits,
        credits=credits,
        balance=ledger.balance(account, debits, credits),
        entries=[EntryView.of(entry) for entry in entries],
        next_cursor=next_cursor,
    )


class Page(View):
    next_cursor: str | None


class PaymentList(Page):
    items: list[PaymentView]


class TillList(Page):
    items: list[TillView]


class RemittanceList(Page):
    items: list[RemittanceView]


class EventList(Page):
    items: list[EventView]

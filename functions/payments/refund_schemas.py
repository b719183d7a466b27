"""What people send about refunds, and what they are answered."""

from typing import Annotated, Any, Literal

from pydantic import Field

from lumbung.domain.people import BankAccount
from lumbung.domain.refund import Refund, Step
from lumbung.runtime.schema import Note, Request, Text, Utc, View
from payments.schemas import Number, Page, Rupiah


class RefundRequest(Request):
    """`party`: which cooperative or courier is liable, where the order does not say."""

    amount: Rupiah
    reason: Annotated[Note, Field(min_length=1)]
    liable: Literal["cooperative", "courier", "pic", "member", "programme"]
    party: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = None


class TransferRequest(Request):
    bank_reference: Number


class FailureRequest(Request):
    reason: Annotated[Note, Field(min_length=1)]


class RefundAccountRequest(Request):
    bank: Text
    account_number: Annotated[str, Field(pattern=r"^\d{5,20}$")]
    account_name: Text


class RefundView(View):
    """`channel`: how it goes back, once asked for: provider, transfer or cash."""

    id: str
    order_id: str
    wave_id: str
    amount: int
    reason: str
    liable: str
    status: str
    channel: str | None
    decided_at: Utc
    done_at: Utc | None

    @classmethod
    def of(cls, refund: Refund) -> "RefundView":
        return cls(**_seen(refund))


class StepView(View):
    what: str
    at: Utc
    by: str
    channel: str | None
    reference: str | None
    reason: str | None

    @classmethod
    def of(cls, step: Step) -> "StepView":
        return cls(
            what=step.what,
            at=step.at,
            by=step.by,
            channel=step.channel,
            reference=step.reference,
            reason=step.reason,
        )


class RefundAccountView(View):
    bank: str
    account_number: str
    account_name: str

    @classmethod
    def of(cls, account: BankAccount) -> "RefundAccountView":
        return cls(bank=account.bank, account_number=account.number, account_name=account.name)

    @classmethod
    def masked(cls, account: BankAccount) -> "RefundAccountView":
        number = "*" * (len(account.number) - 4) + account.number[-4:]
        return cls(bank=account.bank, account_number=number, account_name=account.name)


class RefundDetail(RefundView):
    """Everything about one refund; `account` is where a transfer goes, for operators only."""

    decided_by: str
    borne_by: str | None
    steps: list[StepView]
    account: RefundAccountView | None

    @classmethod
    def whole(cls, refund: Refund, account: BankAccount | None) -> "RefundDetail":
        return cls(
            **_seen(refund),
            decided_by=refund.decided_by,
            borne_by=refund.bearer if refund.borne else None,
            steps=[StepView.of(step) for step in refund.steps],
            account=RefundAccountView.of(account) if account else None,
        )


class RefundList(Page):
    items: list[RefundView]


def _seen(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "order_id": refund.order_id,
        "wave_id": refund.wave_id,
        "amount": refund.amount,
        "reason": refund.reason,
        "liable": refund.liable,
        "status": refund.status,
        "channel": refund.channel,
        "decided_at": refund.decided_at,
        "done_at": refund.done_at,
    }

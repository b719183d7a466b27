"""What cooperatives and the office are told about settlements."""

from lumbung.domain.settlement import Payout, ReceivedLine, Settlement
from lumbung.runtime.schema import Request, Text, Utc, View
from payments.schemas import Page


class PayoutRequest(Request):
    reference: Text | None = None


class ReceivedView(View):
    """`weight_g` of all good packs of an offer together."""

    offer_id: str
    name: str
    packs: int
    weight_g: int

    @classmethod
    def of(cls, line: ReceivedLine) -> "ReceivedView":
        return cls(offer_id=line.offer_id, name=line.name, packs=line.packs, weight_g=line.packs * line.weight_g)


class PricedView(ReceivedView):
    """`price` per pack, `value` of all of them."""

    price: int
    value: int

    @classmethod
    def of(cls, line: ReceivedLine) -> "PricedView":
        seen = ReceivedView.of(line).model_dump()
        return cls(**seen, price=line.price, value=line.packs * line.price)


class DeductionsView(View):
    """Refunds for which the cooperative is liable, the programme's fee, and what another wave left over."""

    refunds: int
    programme_fee: int
    carried_in: int


class SettlementView(View):
    """Owed on what was received. `carried_forward`: deducted beyond that, and taken off another wave's settlement."""

    id: str
    wave_id: str
    cooperative_id: str
    received: list[ReceivedView]
    goods_value: int
    deductions: int
    deducted: DeductionsView
    amount: int
    carried_forward: int
    paid: int
    outstanding: int
    status: str
    days_to_pay: float | None

    @classmethod
    def of(cls, settlement: Settlement) -> "SettlementView":
        return cls(
            id=settlement.id,
            wave_id=settlement.wave_id,
            cooperative_id=settlement.cooperative_id,
            received=[ReceivedView.of(line) for line in settlement.received.values()],
            goods_value=settlement.goods_value,
            deductions=settlement.deductions,
            deducted=DeductionsView(
                refunds=settlement.refunded,
                programme_fee=settlement.fee,
                carried_in=sum(settlement.carried_in.values()),
            ),
            amount=settlement.amount,
            carried_forward=settlement.carried_forward,
            paid=settlement.paid,
            outstanding=settlement.outstanding,
            status=settlement.status,
            days_to_pay=settlement.days_to_pay,
        )


class PayoutView(View):
    id: str
    settlement_id: str
    wave_id: str
    cooperative_id: str
    amount: int
    reference: str | None
    paid_at: Utc

    @classmethod
    def of(cls, payout: Payout) -> "PayoutView":
        return cls(
            id=payout.id,
            settlement_id=payout.settlement_id,
            wave_id=payout.wave_id,
            cooperative_id=payout.cooperative_id,
            amount=payout.amount,
            reference=payout.reference,
            paid_at=payout.paid_at,
        )


class SettlementStatement(View):
    """A settlement as it is sent to its cooperative, with every payout on it."""

    wave_name: str
    cooperative_name: str
    settlement: SettlementView
    lines: list[PricedView]
    payouts: list[PayoutView]


class SettlementList(Page):
    items: list[SettlementView]

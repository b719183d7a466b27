"""What a wave has come to, and what cooperatives will bring, as they are answered. Rupiah and grams."""

from lumbung.runtime.schema import View
from ordering.wave_schemas import SuppliedView


class HandedView(View):
    packs: int
    weight_g: int
    goods_value: int


class SumsView(View):
    """`handed_over`: the part that members have in their hands."""

    orders: int
    packs: int
    weight_g: int
    goods_value: int
    courier_fees: int
    refunded: int
    handed_over: HandedView


class GroupView(SumsView):
    """`id`: none for orders of people without an institution."""

    id: str | None
    name: str | None


class ReceivedView(View):
    packs: int
    weight_g: int


class OwedView(View):
    """What a cooperative is owed for the wave, and has been paid."""

    id: str
    cooperative_id: str
    received: ReceivedView
    goods_value: int
    deductions: int
    amount: int
    paid: int
    carried_forward: int
    status: str
    days_to_pay: float | None


class ReportView(View):
    wave_id: str
    name: str
    totals: SumsView
    by_institution: list[GroupView]
    by_dropoff: list[GroupView]
    by_cooperative: list[GroupView]
    by_product: list[GroupView]
    payments_by_method: dict[str, int]
    settlement: list[OwedView]


class SupplyView(View):
    """`confirmed_by`: the cooperatives that have said what they will bring."""

    wave_id: str
    confirmed_by: list[str]
    lines: list[SuppliedView]

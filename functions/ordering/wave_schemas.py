"""Waves as the contract writes them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from lumbung.domain.caution import Caution
from lumbung.domain.extension import Extension
from lumbung.domain.uncollected import AFTER_HOURS, Uncollected
from lumbung.domain.wave import EXPECTED_PER_S, PriorityGroup, Wave
from lumbung.runtime.schema import Id, Moment, Request, Text, Utc, View
from ordering.copy_wave import Copy
from ordering.plan_wave import MOST_PACKS, MOST_PER_MEMBER, MOST_RUPIAH, OfferPlan, WavePlan

Sku = Annotated[str, Field(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=1, le=MOST_PACKS)]
# Bounds that the domain checks, so that a fault in them is told together with all others.
Packs = Annotated[int, Field(json_schema_extra={"minimum": 1, "maximum": MOST_PACKS})]
PerMember = Annotated[int, Field(json_schema_extra={"minimum": 1, "maximum": MOST_PER_MEMBER})]
Rupiah = Annotated[int, Field(json_schema_extra={"minimum": 1, "maximum": MOST_RUPIAH})]


class OfferRequest(Request):
    product_id: Id
    sku: Sku
    quota: Packs | None
    max_per_member: PerMember | None
    price: Rupiah | None = None
    expected_per_s: Annotated[int, Field(ge=1, le=3_000)] = EXPECTED_PER_S

    def to_domain(self) -> OfferPlan:
        return OfferPlan(self.product_id, self.sku, self.quota, self.max_per_member, self.price, self.expected_per_s)


class PriorityGroupRequest(Request):
    name: Text
    institution_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class UncollectedRequest(Request):
    """What becomes of goods that nobody fetches: when, counted from when they could be, and of the money."""

    after_hours: Annotated[int, Field(ge=2, le=90 * 24)] = AFTER_HOURS
    rule: Literal["refund", "refund_if_sold", "forfeit"] = "refund_if_sold"

    def to_domain(self) -> Uncollected:
        return Uncollected(self.after_hours, self.rule)


class WaveRequest(Request):
    name: Text
    time_zone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    opens_at: Moment
    closes_at: Moment
    payment_due_at: Moment
    payment_window_s: Annotated[int, Field(ge=60, le=30 * 86_400)] | None = None
    delivery_date: date
    minimum_weight_g: Count | None = None
    orders_per_member: Annotated[int, Field(ge=1, le=1000)] | None = 1
    eligible_institution_ids: list[Id] | None
    dropoff_ids: Annotated[list[Id], Field(max_length=5000)]
    allocation_policy: Literal["first_come", "equal_rounds", "pro_rata", "priority"]
    price_zone: Literal["I", "II", "III"] | None = None
    priority_groups: Annotated[list[PriorityGroupRequest], Field(default_factory=list, max_length=20)]
    uncollected: UncollectedRequest | None = UncollectedRequest()
    offers: Annotated[list[OfferRequest], Field(max_length=100)]

    def to_domain(self) -> WavePlan:
        eligible = self.eligible_institution_ids
        return WavePlan(
            name=self.name,
            time_zone=self.time_zone,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            payment_due_at=self.payment_due_at,
            delivery_date=self.delivery_date,
            dropoff_ids=tuple(self.dropoff_ids),
            offers=tuple(o.to_domain() for o in self.offers),
            allocation_policy=self.allocation_policy,
            payment_window_s=self.payment_window_s,
            minimum_weight_g=self.minimum_weight_g,
            orders_per_member=self.orders_per_member,
            eligible_institution_ids=None if eligible is None else frozenset(eligible),
            price_zone=self.price_zone,
            priority_groups=tuple(PriorityGroup(g.name, frozenset(g.institution_ids)) for g in self.priority_groups),
            uncollected=self.uncollected.to_domain() if self.uncollected else None,
        )


class SupplyLine(Request):
    offer_id: Id
    packs: Annotated[int, Field(ge=0, le=100_000_000)]


class SupplyRequest(Request):
    lines: Annotated[list[SupplyLine], Field(min_length=1, max_length=1000)]


class OfferView(View):
    id: str
    product_id: str
    sku: str
    name: str
    cooperative_id: str
    weight_g: int
    price: int
    quota: int | None
    remaining: int | None
    max_per_member: int | None


class CancellationView(View):
    reason: str
    at: Utc


class WarningView(View):
    """Something that speaks against the plan, and forbids nothing."""

    code: str
    pointer: str
    message: str

    @classmethod
    def of(cls, caution: Caution) -> "WarningView":
        return cls(code=caution.code, pointer=caution.pointer, message=caution.message)


class PriorityGroupView(View):
    name: str
    institution_ids: list[str]

    @classmethod
    def all_of(cls, wave: Wave) -> "list[PriorityGroupView]":
        return [cls(name=group.name, institution_ids=sorted(group.institution_ids)) for group in wave.priority_groups]


class UncollectedView(View):
    after_hours: int
    rule: str


class WaveView(View):
    """`ordered_weight_g`: what live orders ask for, where there is a minimum to reach."""

    id: str
    name: str
    state: str
    time_zone: str
    opens_at: Utc
    closes_at: Utc
    payment_due_at: Utc
    payment_window_s: int | None
    delivery_date: date
    minimum_weight_g: int | None
    orders_per_member: int | None
    eligible_institution_ids: list[str] | None
    dropoff_ids: list[str]
    allocation_policy: str
    price_zone: str | None
    ordered_weight_g: int | None
    cancellation: CancellationView | None
    priority_groups: list[PriorityGroupView]
    uncollected: UncollectedView | None
    offers: list[OfferView]

    @classmethod
    def of(
        cls, wave: Wave, *, now: datetime, remaining: Mapping[str, int | None], ordered_weight_g: int | None
    ) -> "WaveView":
        eligible, why, rule = wave.eligible_institution_ids, wave.cancellation, wave.uncollected
        return cls(
            id=wave.id,
            name=wave.name,
            state=wave.state(now),
            time_zone=wave.time_zone,
            opens_at=wave.opens_at,
            closes_at=wave.closes_at,
            payment_due_at=wave.payment_due_at,
            payment_window_s=wave.payment_window_s,
            delivery_date=wave.delivery_date,
            minimum_weight_g=wave.minimum_weight_g,
            orders_per_member=wave.orders_per_member,
            eligible_institution_ids=None if eligible is None else sorted(eligible),
            dropoff_ids=list(wave.dropoff_ids),
            allocation_policy=wave.allocation_policy,
            price_zone=wave.price_zone,
            ordered_weight_g=ordered_weight_g,
            cancellation=CancellationView(reason=why.reason, at=why.at) if why else None,
            priority_groups=PriorityGroupView.all_of(wave),
            uncollected=UncollectedView(after_hours=rule.after_hours, rule=rule.rule) if rule else None,
            offers=[
                OfferView(
                    id=offer.id, product_id=offer.product_id, sku=offer.sku, name=offer.name,
                    cooperative_id=offer.cooperative_id, weight_g=offer.weight_g, price=offer.price,
                    quota=offer.quota, remaining=remaining.get(offer.id), max_per_member=offer.max_per_member,
                )
                for offer in wave.offers
            ],
        )  # fmt: skip


class WaveList(View):
    items: list[WaveView]
    next_cursor: str | None


class PlannedWaveView(WaveView):
    """A wave as the programme office sees it."""

    warnings: list[WarningView]


class PlannedWaveList(View):
    items: list[PlannedWaveView]
    next_cursor: str | None


class CancellationRequest(Request):
    reason: Text


class ExtensionRequest(Request):
    closes_at: Moment
    payment_due_at: Moment | None = None
    delivery_date: date | None = None

    def to_domain(self) -> Extension:
        return Extension(self.closes_at, self.payment_due_at, self.delivery_date)


class CopyRequest(Request):
    name: Text | None = None
    opens_at: Moment
    closes_at: Moment
    payment_due_at: Moment
    delivery_date: date

    def to_domain(self) -> Copy:
        return Copy(self.name, self.opens_at, self.closes_at, self.payment_due_at, self.delivery_date)


class DemandLine(View):
    offer_id: str
    name: str
    cooperative_id: str
    dropoff_id: str
    packs: int
    weight_g: int
    value: int


class DemandSum(View):
    packs: int
    weight_g: int
    value: int


class SuppliedView(View):
    offer_id: str
    packs: int


class DemandView(View):
    """`supply`: what those cooperatives that the caller sees have said they will bring."""

    wave_id: str
    items: list[DemandLine]
    totals: DemandSum
    by_offer: dict[str, DemandSum]
    by_cooperative: dict[str, DemandSum]
    by_dropoff: dict[str, DemandSum]
    supply: list[SuppliedView]
    warnings: list[WarningView]


class StockLine(View):
    offer_id: str
    quota: int | None
    available: int | None
    in_live_orders: int
    difference: int


class StockView(View):
    items: list[StockLine]

"""Waves as the contract writes them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from lumbung.domain.wave import Wave
from lumbung.runtime.schema import Id, Moment, Request, Text, Utc, View
from ordering.plan_wave import OfferPlan, WavePlan

Sku = Annotated[str, Field(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=1, le=100_000_000)]
Rupiah = Annotated[int, Field(ge=1, le=1_000_000_000)]


class OfferRequest(Request):
    product_id: Id
    sku: Sku
    quota: Count | None
    max_per_member: Annotated[int, Field(ge=1, le=1000)] | None
    price: Rupiah | None = None


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
    dropoff_ids: Annotated[list[Id], Field(min_length=1, max_length=5000)]
    allocation_policy: Literal["first_come", "equal_rounds", "pro_rata", "priority"]
    offers: Annotated[list[OfferRequest], Field(min_length=1, max_length=100)]

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
            offers=tuple(OfferPlan(o.product_id, o.sku, o.quota, o.max_per_member, o.price) for o in self.offers),
            allocation_policy=self.allocation_policy,
            payment_window_s=self.payment_window_s,
            minimum_weight_g=self.minimum_weight_g,
            orders_per_member=self.orders_per_member,
            eligible_institution_ids=None if eligible is None else frozenset(eligible),
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


class WaveView(View):
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
    offers: list[OfferView]

    @classmethod
    def of(cls, wave: Wave, *, now: datetime, remaining: Mapping[str, int | None]) -> "WaveView":
        eligible = wave.eligible_institution_ids
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


class DemandView(View):
    wave_id: str
    items: list[DemandLine]
    totals: DemandSum
    by_offer: dict[str, DemandSum]
    by_cooperative: dict[str, DemandSum]
    by_dropoff: dict[str, DemandSum]


class StockLine(View):
    offer_id: str
    quota: int | None
    available: int | None
    in_live_orders: int
    difference: int


class StockView(View):
    items: list[StockLine]

"""A wave as the plan for the next one: all but its times stays."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from lumbung.domain.wave import Wave
from ordering.plan_wave import OfferPlan, WavePlan


@dataclass(frozen=True, slots=True)
class Copy:
    """What is new in the copy; no name: the same again."""

    name: str | None
    opens_at: datetime
    closes_at: datetime
    payment_due_at: datetime
    delivery_date: date


def plan_again(wave: Wave, new: Copy) -> WavePlan:
    """Return the plan of *wave* with new times; a price that was given stays, others follow the product anew."""
    kept = {field.name: getattr(wave, field.name) for field in fields(WavePlan) if field.name != "offers"}
    offers = tuple(
        OfferPlan(o.product_id, o.sku, o.quota, o.max_per_member, o.price if o.price_given else None, o.expected_per_s)
        for o in wave.offers
    )
    changed = {field.name: getattr(new, field.name) for field in fields(Copy)}
    return WavePlan(**kept | changed | {"offers": offers, "name": new.name or wave.name})

"""A wave's closing run, its allocation and its purchase orders as the contract writes them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest

from lumbung.domain.allocation import Rule
from lumbung.domain.correction import Correction
from lumbung.domain.purchase_order import PurchaseLine, PurchaseOrder
from lumbung.domain.wave import Wave
from lumbung.runtime.schema import Utc, View
from ordering.closing_ports import Part, Run
from ordering.share_out import total
from ordering.wave_schemas import PriorityGroupView

LAST = ("done", "cancelled")


class StepView(View):
    step: str
    began_at: Utc
    finished_at: Utc | None


class ClosingView(View):
    """Where a closing run stands. `step` is null before the freeze; `done` once the wave was allocated."""

    wave_id: str
    state: str
    freezes_at: Utc
    step: str | None
    steps: list[StepView]
    pending_dropoff_ids: list[str]
    supply_confirmed_by: list[str]
    supply_awaited_from: list[str]


class RuleView(View):
    """How an offer's packs are shared: see `lumbung.domain.allocation.Rule`. `last_tie` outgrows a JSON number."""

    policy: str
    supply: int
    demand: int
    cut: tuple[int, int] | None
    left: int
    last_tie: str
    last_packs: int
    rounds: int

    @classmethod
    def of(cls, rule: Rule | None) -> "RuleView | None":
        if rule is None:
            return None
        return cls(
            policy=rule.policy, supply=rule.supply, demand=rule.demand, cut=rule.cut, left=rule.left,
            last_tie=str(rule.last_tie), last_packs=rule.last_packs, rounds=rule.level,
        )  # fmt: skip


class AllocatedOfferView(View):
    """Packs. `granted` includes `granted_by_tolerance`; what is `left_over` of the supply nobody gets."""

    offer_id: str
    name: str
    demand: int
    supply: int
    granted: int
    granted_by_tolerance: int
    left_over: int
    rule: RuleView | None
    tolerance_rule: RuleView | None


class OutcomeView(View):
    full: int
    short: int
    none: int


class CorrectionView(View):
    id: str
    order_id: str
    dropoff_id: str
    offer_id: str
    before: int
    packs: int
    amount: int
    reason: str
    liable: str
    at: Utc
    by: str

    @classmethod
    def of(cls, correction: Correction) -> "CorrectionView":
        return cls(**{name: getattr(correction, name) for name in cls.model_fields})


class AllocationView(View):
    """As the run allocated; what was corrected since is listed beside it."""

    wave_id: str
    policy: str
    priority_groups: list[PriorityGroupView]
    orders: OutcomeView
    offers: list[AllocatedOfferView]
    corrections: list[CorrectionView]

    @classmethod
    def of(
        cls, wave: Wave, run: Run, *, demand: Mapping[str, int], supply: Mapping[str, int], parts: Iterable[Part],
        corrections: Iterable[Correction],
    ) -> "AllocationView":  # fmt: skip
        parts = list(parts)
        granted, tolerated = total(part["packs"] for part in parts), total(part["tolerated"] for part in parts)
        orders = Counter[str]()
        for part in parts:
            orders.update(part["told"])
        return cls(
            wave_id=wave.id,
            policy=wave.allocation_policy,
            priority_groups=PriorityGroupView.all_of(wave),
            orders=OutcomeView(full=orders["full"], short=orders["short"], none=orders["none"]),
            offers=[
                AllocatedOfferView(
                    offer_id=o.id, name=o.name, demand=demand.get(o.id, 0), supply=supply.get(o.id, 0),
                    granted=granted[o.id], granted_by_tolerance=tolerated[o.id],
                    left_over=supply.get(o.id, 0) - granted[o.id],
                    rule=RuleView.of(run.rules.get(o.id)), tolerance_rule=RuleView.of(run.spare.get(o.id)),
                )
                for o in wave.offers
            ],
            corrections=[CorrectionView.of(c) for c in sorted(corrections, key=lambda c: (c.at, c.id))],
        )  # fmt: skip


class PurchaseLineView(View):
    dropoff_id: str
    dropoff: str
    address: str
    offer_id: str
    sku: str
    name: str
    packs: int
    weight_g: int
    price: int
    value: int

    @classmethod
    def of(cls, line: PurchaseLine) -> "PurchaseLineView":
        place, offer = line.place, line.offer
        return cls(
            dropoff_id=place.dropoff_id, dropoff=place.name, address=place.address, offer_id=offer.id, sku=offer.sku,
            name=offer.name, packs=line.packs, weight_g=line.weight_g, price=offer.price, value=line.value,
        )  # fmt: skip


class PurchaseSum(View):
    packs: int
    weight_g: int
    value: int


class PurchaseOfferView(PurchaseSum):
    offer_id: str
    name: str


class PurchaseOrderView(View):
    number: str
    revision: int
    ordered_at: Utc
    delivery_date: date
    wave_id: str
    wave: str
    cooperative_id: str
    cooperative: str
    regency: str
    lines: list[PurchaseLineView]
    by_offer: list[PurchaseOfferView]
    totals: PurchaseSum

    @classmethod
    def of(cls, order: PurchaseOrder, wave: Wave) -> "PurchaseOrderView":
        return cls(
            number=order.number,
            revision=order.revision,
            ordered_at=order.at,
            delivery_date=wave.delivery_date,
            wave_id=wave.id,
            wave=wave.name,
            cooperative_id=order.cooperative_id,
            cooperative=order.cooperative,
            regency=order.regency,
            lines=[PurchaseLineView.of(line) for line in order.lines],
            by_offer=[
                PurchaseOfferView(
                    offer_id=offer.id, name=offer.name, packs=packs, weight_g=packs * offer.weight_g,
                    value=packs * offer.price,
                )
                for offer, packs in order.by_offer
            ],
            totals=PurchaseSum(packs=order.packs, weight_g=order.weight_g, value=order.value),
        )  # fmt: skip


def steps_of(steps: Sequence[tuple[str, datetime]]) -> list[StepView]:
    """Return the steps with their ends: each ended when the next one began, and the last at once."""
    ends = [began for _, began in steps[1:]]
    return [
        StepView(step=step, began_at=began, finished_at=began if step in LAST else end)
        for (step, began), end in zip_longest(steps, ends)
    ]

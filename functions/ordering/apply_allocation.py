"""A drop-off tells its orders what they get, and promises back what they do not get."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from lumbung.domain.allocation import Claim, Rule
from lumbung.domain.order import Order
from lumbung.domain.wave import Wave
from ordering.closing_ports import Closings, Run
from ordering.ports import Orders, Refunds, Write


class Goods(Protocol):
    """What is known of the goods of a wave, drop-off by drop-off."""

    def lay_out(self, wave_id: str, dropoff_id: str, *, orders: int, packs: Mapping[str, int]) -> Write: ...
    def complete_if_done(self, wave_id: str) -> bool: ...


def apply_allocation(
    wave: Wave, run: Run, dropoff_id: str, *, now: datetime, rules: Mapping[str, Rule],
    orders: Orders, refunds: Refunds, closings: Closings, goods: Goods,
) -> None:  # fmt: skip
    """Allocate every confirmed order of the drop-off once, then lay out what the drop-off will receive."""
    packs: Counter[str] = Counter()
    served = 0
    for found in orders.of_dropoff(wave.id, dropoff_id):
        if found.status not in ("confirmed", "completed"):
            continue
        order = orders.change(found.id, lambda order: _allocated(order, rules, refunds, now))
        served += order.granted_packs > 0
        for line in order.lines:
            packs[line.offer_id] += line.granted
    part = {"orders": served, "packs": dict(packs)}
    opened = goods.lay_out(wave.id, dropoff_id, orders=served, packs={o: n for o, n in packs.items() if n})
    closings.finish_part(run, dropoff_id, part, opened)


def _allocated(
    order: Order, rules: Mapping[str, Rule], refunds: Refunds, now: datetime
) -> tuple[Order, Sequence[Write]]:
    if order.fulfilment_status != "pending":
        return order, []  # told before
    after = order.allocate(_grants(order, rules), at=now)
    over = after.kept - after.total
    if over <= 0:
        return after, []
    _, after, writes = refunds.decide(
        after, over, cause="allocated", reason="Pasokan kurang", liable="cooperative", at=now, by="clock"
    )
    return after, writes


def _grants(order: Order, rules: Mapping[str, Rule]) -> dict[str, int]:
    asked: Counter[str] = Counter()
    for line in order.lines:
        asked[line.offer_id] += line.quantity
    return {
        offer_id: rules[offer_id].grant(Claim(order.id, packs, order.placed_at)) for offer_id, packs in asked.items()
    }

"""A drop-off tells its orders what they get, and promises back what they do not get."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.allocation import Claim
from lumbung.domain.order import Order
from lumbung.domain.tolerance import fulfilled
from lumbung.domain.wave import Wave
from ordering.closing_ports import Closings, Run
from ordering.look_at_orders import grants_of, wish_claims, wishes
from ordering.ports import Orders, Refunds, Register, Write

AT_ONCE = 5_000  # orders that one message tells: two minutes' work, well within the worker's time


class Goods(Protocol):
    """What is known of the goods of a wave, drop-off by drop-off."""

    def lay_out(self, wave_id: str, dropoff_id: str, *, orders: int, packs: Mapping[str, int]) -> Write: ...
    def complete_if_done(self, wave_id: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Apply:
    """Allocates the orders of drop-offs."""

    orders: Orders
    refunds: Refunds
    closings: Closings
    goods: Goods
    dropoffs: Register
    now: Callable[[], datetime]

    def __call__(self, wave: Wave, run: Run, dropoff_id: str, *, at_most: int = AT_ONCE) -> bool:
        """Allocate every confirmed order of the drop-off once, then lay out what the drop-off will receive.

        False after *at_most* orders: then it is to be called again, and goes on where it was.
        """
        outcome = _Outcome()
        told = 0
        for order in self.orders.of_dropoff(wave.id, dropoff_id):
            if order.status not in ("confirmed", "completed"):
                continue
            if order.fulfilment_status == "pending":
                if told == at_most:
                    return False
                order = self.orders.change(order.id, lambda order: self._allocated(order, wave, run))
                told += 1
            outcome.count(order)
        place = self.dropoffs.get_many([dropoff_id])[dropoff_id]
        part = {**outcome.view(), "name": place.name, "address": place.address}
        opened = self.goods.lay_out(wave.id, dropoff_id, orders=outcome.served, packs=+outcome.packs)
        self.closings.finish_part(run, dropoff_id, part, opened)
        return True

    def _allocated(self, order: Order, wave: Wave, run: Run) -> tuple[Order, Sequence[Write]]:
        if order.fulfilment_status != "pending":
            return order, []  # told before, which the index did not know yet
        at = self.now()
        after = allocated(order, wave, run, at=at)
        over = after.kept - after.total
        if over <= 0:
            return after, []
        _, after, writes = self.refunds.decide(
            after, over, cause="allocated", reason="Pasokan kurang", liable="cooperative", at=at, by="clock"
        )
        return after, writes


def allocated(order: Order, wave: Wave, run: Run, *, at: datetime) -> Order:
    """Return *order* with what it gets: of what it ordered, and of what it would accept instead.

    Nothing further where a payment was reversed since, and the money is no longer there for it.
    """
    grants = grants_of(order, wave, run)
    turns: Mapping[str, Claim] = wish_claims(order, wave, run)
    further = {offer_id: run.spare[offer_id].grant(claim) for offer_id, claim in turns.items()}
    after = order.allocate(grants, at=at, further=fulfilled(wishes(order, wave, run), further, wave))
    return after if after.total <= after.kept else order.allocate(grants, at=at)


class _Outcome:
    """What became of a drop-off's orders."""

    def __init__(self) -> None:
        self.packs: Counter[str] = Counter()
        self.by_tolerance: Counter[str] = Counter()
        self.orders: Counter[str] = Counter()

    def count(self, order: Order) -> None:
        self.packs.update(order.granted_by_offer)
        self.by_tolerance.update({line.offer_id: line.granted for line in order.lines if not line.quantity})
        whole = all(line.granted >= line.quantity for line in order.lines)
        self.orders["full" if whole else "short" if order.granted_packs else "none"] += 1

    @property
    def served(self) -> int:
        return self.orders["full"] + self.orders["short"]

    def view(self) -> dict[str, object]:
        """`orders` that get something, and how many got all they ordered, less, or nothing; packs by offer."""
        told = {name: self.orders[name] for name in ("full", "short", "none")}
        return {"orders": self.served, "told": told, "packs": dict(self.packs), "tolerated": dict(self.by_tolerance)}

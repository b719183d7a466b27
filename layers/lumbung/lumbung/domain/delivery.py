"""How far the home delivery of one order is: its packs may go in several trips, and come back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.courier import DELIVERED, LOST
from lumbung.domain.order import Order

WAITING, UNDER_WAY, BACK, STRANDED = "waiting", "under_way", "back", "stranded"


@dataclass(frozen=True, slots=True)
class Part:
    """Packs of the order (by offer) on one trip: under_way, then delivered, back at the drop-off, or lost.

    waiting: at the drop-off still, for a trip that leaves later. stranded: back, and no courier is left to ask.
    """

    trip_id: str
    packs: Mapping[str, int]
    state: str = UNDER_WAY


@dataclass(frozen=True, slots=True)
class Delivery:
    order_id: str
    parts: tuple[Part, ...] = ()
    version: int = 0  # none yet: nothing of this order was ever sent

    @property
    def waiting(self) -> bool:
        return any(part.state == WAITING for part in self.parts)

    @property
    def under_way(self) -> bool:
        return any(part.state == UNDER_WAY for part in self.parts)

    @property
    def failed_before(self) -> bool:
        return any(part.state in (BACK, STRANDED, LOST) for part in self.parts)

    @property
    def stranded(self) -> bool:
        """Whether a part waits at the drop-off that nobody will bring."""
        return any(part.state == STRANDED for part in self.parts)

    def left(self, order: Order) -> Counter[str]:
        """Return the packs by offer that no trip brings or has brought (lost ones were taken off the order)."""
        left: Counter[str] = Counter()
        for line in order.lines:
            left[line.offer_id] += line.granted
        for part in self.parts:
            if part.state in (WAITING, UNDER_WAY, DELIVERED):
                left.subtract(part.packs)
        return +left

    def send(self, parts: Iterable[Part]) -> "Delivery":
        return replace(self, parts=(*self.parts, *parts))

    def unstrand(self) -> "Delivery":
        """Somebody tries to send what was stranded after all."""
        return replace(self, parts=tuple(replace(p, state=BACK) if p.state == STRANDED else p for p in self.parts))

    def leave(self, trip_id: str) -> "Delivery":
        """Note that *trip_id* waits no longer."""
        return replace(
            self, parts=tuple(replace(p, state=UNDER_WAY) if p.trip_id == trip_id else p for p in self.parts)
        )

    def end(self, trip_id: str, state: str) -> "Delivery":
        """Note how *trip_id* ended: delivered, lost and stranded as such, everything else is back at the drop-off."""
        ended = state if state in (DELIVERED, LOST, STRANDED) else BACK
        return replace(self, parts=tuple(replace(p, state=ended) if p.trip_id == trip_id else p for p in self.parts))

    def part_of(self, trip_id: str) -> Part:
        return next(part for part in self.parts if part.trip_id == trip_id)


def after_trip(order: Order, delivery: Delivery, *, at: datetime, by: str) -> Order:
    """Return the *order* after one of its trips ended.

    parts                  order
    back                   stays at the drop-off, where it never left: its trip was called off while it waited
    delivered under_way    stays dispatched
    delivered waiting      stays dispatched
    delivered delivered    delivered
    delivered back         at the drop-off again, with what came back
    delivered stranded     at the drop-off, and to be fetched from now on
    lost                   as if those packs had never been: see `Order.lose`
    """
    if delivery.under_way or delivery.waiting or order.fulfilment_status in ("at_dropoff", "none"):
        return order
    if not delivery.left(order):
        return order.deliver(at=at, by=by)
    back = order.come_back(at=at, by=by)
    return back.fall_back_to_pickup(at=at, by=by) if delivery.stranded else back

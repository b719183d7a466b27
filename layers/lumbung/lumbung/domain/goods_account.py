"""Where every pack of a drop-off is: nothing may be unexplained (invariant 8).

    expected = received + damaged + missing + still to come
    received = collected + delivered + on the shelf + under way + sold + given + written off

What members would not take, what spoiled, and what couriers lost is written off. Packs that wait for a trip are on
the shelf. Packs of a consignment whose shortage was not shared out yet are there as they were counted: none of its
orders has moved.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lumbung.domain import desk
from lumbung.domain.consignment import RECEIVED, Consignment
from lumbung.domain.courier import DELIVERED, LOST
from lumbung.domain.delivery import UNDER_WAY, Delivery
from lumbung.domain.order import Order
from lumbung.domain.shortage import Losses

COUNTED = ("expected", "received", "damaged", "missing", "to_come")
PLACES = ("collected", "delivered", "on_shelf", "under_way", "sold", "given", "written_off")
WRITTEN_OFF = (desk.REFUSED, desk.SPOILED)


@dataclass(slots=True)
class GoodsAccount:
    """Packs by offer and by what became of them; consignments are added first, then each order once."""

    packs: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _losses: Losses = field(default_factory=dict)
    _unshared: set[str] = field(default_factory=set)

    def add_consignment(self, consignment: Consignment, losses: Losses) -> None:
        """Count what was expected and received; *losses*: how its shortage was shared out, as far as it was."""
        shared = consignment.shares is not None
        left_over = "missing" if consignment.state == RECEIVED else "to_come"
        for line in consignment.lines:
            counted = self.packs[line.offer_id]
            rest = line.expected - line.received - line.damaged
            counted.update(expected=line.expected, received=line.received, damaged=line.damaged, **{left_over: rest})
            if not shared:
                counted["on_shelf"] += line.received
                self._unshared.add(line.offer_id)
        for order_id, lost in losses.items():
            self._losses.setdefault(order_id, {}).update(lost)

    def add_order(self, order: Order, delivery: Delivery) -> None:
        """Count where the packs of *order* are; one that never left for home has an empty *delivery*."""
        for place, packs in _places(order, delivery, self._losses.get(order.id, {})).items():
            for offer_id, count in packs.items():
                if offer_id not in self._unshared:
                    self.packs[offer_id][place] += count

    def unexplained(self) -> dict[str, int]:
        """Return by offer the packs that were received and are nowhere (negative: that nobody received)."""
        found = {offer_id: unexplained(packs) for offer_id, packs in self.packs.items()}
        return {offer_id: packs for offer_id, packs in found.items() if packs}


def unexplained(packs: Mapping[str, int]) -> int:
    return packs.get("received", 0) - sum(packs.get(place, 0) for place in PLACES)


def _places(order: Order, delivery: Delivery, losses: Mapping[str, int]) -> Mapping[str, Counter[str]]:
    """
    order            its packs
    allocated        on the shelf, less what it loses of a shortage
    collected        with the member, less what went another way
    delivered        the same
    otherwise        what went each way; what is with couriers; the rest on the shelf
    """
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for part in delivery.parts:
        if part.state == LOST:
            places["written_off"].update(part.packs)
        elif part.state in (DELIVERED, UNDER_WAY):
            places[part.state].update(part.packs)
    if order.fulfilment_status in ("pending", "none") or not order.live:
        return places
    for way, packs in order.gone.items():
        if way != desk.DELIVERED:  # its courier's part says so
            places[_place_of(way)].update(packs)
    rest = Counter(order.granted_by_offer)
    for place, packs in places.items():
        rest.subtract(packs if place != "written_off" else _written_off(order))
    if order.fulfilment_status == "allocated":
        rest.subtract(losses)
    places[_rest_of(order)].update(rest)
    return places


def _place_of(way: str) -> str:
    if way == desk.HANDED:
        return "collected"
    return "written_off" if way in WRITTEN_OFF else way


def _rest_of(order: Order) -> str:
    status = order.fulfilment_status
    return status if status in ("collected", "delivered") else "on_shelf"


def _written_off(order: Order) -> Counter[str]:
    """Return what was written off at the desk; packs that a courier lost were taken off the order then."""
    packs: Counter[str] = Counter()
    for way in WRITTEN_OFF:
        packs.update(order.gone.get(way, {}))
    return packs

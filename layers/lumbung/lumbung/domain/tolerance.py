"""What members would accept instead of packs that they do not get: asked of them before, and never more.

After the base allocation some offers are short and others have packs to spare. An order that came short and
said what else it would take makes *wishes*: packs of offers with some to spare, paid for out of what its own
shortage leaves free. Wishes are shared out like claims, in the order of placing; a wish that comes short
wishes for nothing else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lumbung.domain.order import Order
from lumbung.domain.order_parts import OrderLine
from lumbung.domain.wave import Wave


@dataclass(frozen=True, slots=True)
class Wish:
    """Packs of an offer that an order would take now; it is granted in whole multiples of `unit` only."""

    offer_id: str
    packs: int
    unit: int = 1


def wishes_of(order: Order, wave: Wave, grants: Mapping[str, int], spare: Collection[str]) -> list[Wish]:
    """Return what *order* would take of the offers with packs to *spare*, given its base *grants* by offer.

    All wishes together cost no more than the packs that it does not get, and keep the limit per member.

    ordered     accepts, per line                granted   to spare   wishes
    1 × 10 kg   instead: 2 × 5 kg                0         5 kg       2 × 5 kg
    3 × 10 kg   instead: 2 × 5 kg                1         5 kg       4 × 5 kg
    1 × 10 kg   instead: 2 × 5 kg, 1 × 20 kg     0         20 kg      nothing: 20 kg costs more than is free
    1 × 10 kg   nothing                          0         5 kg       nothing
    1 × 10 kg, 1 × 5 kg   5 kg: more: 3          0, 1      5 kg       2 × 5 kg: 10 kg leaves money for two
    """
    purse = _Purse(order, wave, spare)
    left = Counter(grants)
    missing = []
    for line in order.lines:
        got = min(line.quantity, left[line.offer_id])
        left[line.offer_id] -= got
        missing.append(line.quantity - got)
        purse.free += line.price * (line.quantity - got)
    for line, packs in zip(order.lines, missing, strict=True):
        if line.tolerance and packs:
            any(purse.wish(offer_id, packs, unit) for offer_id, unit in line.tolerance.instead)
    for line in order.lines:
        if line.tolerance and line.tolerance.more:
            purse.wish(line.offer_id, line.tolerance.more, 1)
    return purse.wishes


def wanted(wishes: Iterable[Wish]) -> Counter[str]:
    """Return the packs by offer that *wishes* come to."""
    packs: Counter[str] = Counter()
    for wish in wishes:
        packs[wish.offer_id] += wish.packs
    return packs


def fulfilled(wishes: Iterable[Wish], grants: Mapping[str, int], wave: Wave) -> tuple[OrderLine, ...]:
    """Return the lines that an order gets for its wishes, whole units only, out of what it is granted by offer.

    They are lines of their own, of which nothing was ordered: `quantity` 0, `allocated` what it gets.
    """
    left, got = Counter(grants), Counter[str]()
    for wish in wishes:
        packs = min(wish.packs, left[wish.offer_id]) // wish.unit * wish.unit
        left[wish.offer_id] -= packs
        got[wish.offer_id] += packs
    offers = wave.offers_by_id
    return tuple(
        OrderLine(o.id, o.name, o.weight_g, 0, o.price, o.cooperative_id, allocated=packs)
        for o, packs in ((offers[offer_id], packs) for offer_id, packs in got.items())
        if packs
    )


class _Purse:
    """Rupiah that an order's shortage leaves `free`, spent wish by wish."""

    def __init__(self, order: Order, wave: Wave, spare: Collection[str]) -> None:
        self._offers = {offer_id: wave.offers_by_id[offer_id] for offer_id in spare}
        self._taken = order.packs_by_offer
        self.free = 0
        self.wishes: list[Wish] = []

    def wish(self, offer_id: str, times: int, unit: int) -> bool:
        """Wish for *times* as many units as can be paid and may be had; say whether that is any."""
        offer = self._offers.get(offer_id)
        if offer is None:
            return False
        units = min(times, self.free // (offer.price * unit))
        if offer.max_per_member is not None:
            units = min(units, max(0, offer.max_per_member - self._taken[offer_id]) // unit)
        if units:
            self.wishes.append(Wish(offer_id, units * unit, unit))
            self.free -= units * unit * offer.price
            self._taken[offer_id] += units * unit
        return units > 0

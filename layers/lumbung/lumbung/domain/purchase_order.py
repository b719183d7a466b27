"""What the programme orders of a cooperative once a wave is allocated: so many packs of this, brought there.

The head is written once, when the wave is allocated; what is ordered follows from what each drop-off was
allocated then, and from corrections made since. So it is the same document however often it is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.correction import Correction, changes
from lumbung.domain.registry import Cooperative
from lumbung.domain.wave import Offer, Wave


@dataclass(frozen=True, slots=True)
class Place:
    """A drop-off as it was when its orders were allocated, and the packs by offer that they got."""

    dropoff_id: str
    name: str
    address: str
    packs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """Packs of one offer for one drop-off."""

    place: Place
    offer: Offer
    packs: int

    @property
    def weight_g(self) -> int:
        return self.packs * self.offer.weight_g

    @property
    def value(self) -> int:
        return self.packs * self.offer.price


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """`revision` counts the corrections since it was written."""

    number: str
    wave_id: str
    cooperative_id: str
    cooperative: str
    regency: str
    at: datetime
    revision: int = 0
    lines: tuple[PurchaseLine, ...] = ()

    @property
    def packs(self) -> int:
        return sum(line.packs for line in self.lines)

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g for line in self.lines)

    @property
    def value(self) -> int:
        return sum(line.value for line in self.lines)

    @property
    def by_offer(self) -> list[tuple[Offer, int]]:
        """Return the packs of each offer, all drop-offs together."""
        packs: Counter[str] = Counter()
        for line in self.lines:
            packs[line.offer.id] += line.packs
        offers = {line.offer.id: line.offer for line in self.lines}
        return [(offers[offer_id], count) for offer_id, count in sorted(packs.items())]

    def ordering(self, wave: Wave, places: Iterable[Place], corrections: Sequence[Correction]) -> "PurchaseOrder":
        """Return the order with its lines: what *places* were allocated, as it was corrected since."""
        own = [offer for offer in wave.offers if offer.cooperative_id == self.cooperative_id]
        changed = changes(corrections)
        lines = tuple(
            PurchaseLine(place, offer, packs)
            for place in places
            for offer in own
            if (packs := place.packs.get(offer.id, 0) + changed[place.dropoff_id, offer.id])
        )
        revision = sum(correction.offer_id in {offer.id for offer in own} for correction in corrections)
        return replace(self, lines=lines, revision=revision)


def purchase_order(wave: Wave, cooperative: Cooperative, *, at: datetime) -> PurchaseOrder:
    """Return the head of the order of *cooperative*; its number follows from wave and cooperative."""
    tail = ids.within(wave.id, "", cooperative.id)[:8].upper()
    number = f"PO-{wave.delivery_date:%Y%m%d}-{tail}"
    return PurchaseOrder(number, wave.id, cooperative.id, cooperative.name, cooperative.regency, at)

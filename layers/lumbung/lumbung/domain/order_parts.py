"""What an order is made of: lines of packs, how they reach the member, where they were taken from, what happened."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain.hours import Window

PICKUP, COURIER = "pickup", "courier"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a member would accept, should packs run short. Nothing of it is used without being short.

    `instead`: for one pack of this line that is not had, so many packs of that offer; the first that has some.
    `more`: up to so many further packs of this line's offer, should other lines come short.
    """

    instead: tuple[tuple[str, int], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Packs of one offer. Rupiah per pack, grams per pack; `allocated` is None until the wave is allocated.

    A line with `quantity` 0 was granted by tolerance.
    """

    offer_id: str
    name: str
    weight_g: int
    quantity: int
    price: int
    cooperative_id: str
    allocated: int | None = None
    tolerance: Tolerance | None = None

    @property
    def subtotal(self) -> int:
        return self.price * self.quantity

    @property
    def granted(self) -> int:
        """Packs that the member gets, as far as is known today."""
        return self.quantity if self.allocated is None else self.allocated


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How the goods reach the member. For a courier: trips and metres by straight line, fixed when placed.

    `window`: when somebody is at home, if the member said so.
    """

    method: str = PICKUP
    trips: int = 0
    distance_m: int = 0
    quote_id: str | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Packs that an order took from one shard of an offer's quota."""

    offer_id: str
    shard: int
    packs: int


@dataclass(frozen=True, slots=True)
class PaidFor:
    """What an order was, with the rupiah *kept* for it, before an edit that costs more."""

    lines: tuple[OrderLine, ...]
    fulfilment: Fulfilment
    courier_fee: int
    kept: int


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of an order's history."""

    at: datetime
    event: str
    by: str


def packs_of(parts: Iterable[OrderLine | Hold]) -> Counter[str]:
    """Return the packs of *parts*, by offer."""
    packs: Counter[str] = Counter()
    for part in parts:
        packs[part.offer_id] += part.packs if isinstance(part, Hold) else part.quantity
    return packs

"""What food costs a kilogram, as purchases show it: per commodity and grade, from a sample that does not grow.

Purchases of the sixth catalogue name no place, so the market is one for the whole country; the regulated ceiling is
what knows zones (`price_ceiling`).
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low

from lumbung.domain.ids import tie_break

SAMPLE = 201  # purchases of one kind: their median strays from the true one by some three per cent of rank
ENOUGH = 5  # purchases, before a median is anything to go by

Kind = tuple[str, str | None]  # commodity, grade


@dataclass(frozen=True, slots=True)
class Observed:
    """Rupiah per kilogram that one kind of food was bought for: *seen* times, of which *sample* are kept."""

    commodity: str
    grade: str | None
    seen: int
    sample: tuple[int, ...]

    @property
    def median(self) -> int | None:
        """The middle of what was paid; None where too little was bought to tell.

        11,000 11,000 11,500 12,000 90,000   11,500
        11,000 90,000                        None
        """
        return median_low(self.sample) if len(self.sample) >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class Market:
    """What prices are held against: *medians* in rupiah per kilogram, and the ceilings of a day (None: no ceilings)."""

    on: date | None = None
    medians: Mapping[Kind, int] = field(default_factory=dict)

    @classmethod
    def of(cls, observed: Iterable[Observed], *, on: date) -> "Market":
        return cls(on, {(one.commodity, one.grade): one.median for one in observed if one.median})


NO_MARKET = Market()


class Sampler:
    """Keeps of each kind the purchases whose hashes are smallest: the same ones, in whatever order they come."""

    def __init__(self) -> None:
        self._kept: dict[Kind, list[tuple[int, int]]] = {}
        self._seen: dict[Kind, int] = {}

    def note(self, commodity: str, grade: str | None, per_kg: int, purchase: str) -> None:
        kind = (commodity, grade)
        self._seen[kind] = self._seen.get(kind, 0) + 1
        kept = self._kept.setdefault(kind, [])
        one = (-tie_break(purchase), per_kg)
        if len(kept) < SAMPLE:
            heapq.heappush(kept, one)
        else:
            heapq.heappushpop(kept, one)

    def observed(self) -> tuple[Observed, ...]:
        kinds = sorted(self._kept, key=lambda kind: (kind[0], kind[1] or ""))
        return tuple(
            Observed(*kind, self._seen[kind], tuple(sorted(price for _, price in self._kept[kind]))) for kind in kinds
        )

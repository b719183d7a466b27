"""A correction of an allocation: a record of its own, which a repeat of the run keeps."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """An order gets *packs* of an offer instead of *before*. `amount`: rupiah promised back by it (negative: taken)."""

    id: str
    wave_id: str
    dropoff_id: str
    order_id: str
    offer_id: str
    before: int
    packs: int
    amount: int
    reason: str
    liable: str
    at: datetime
    by: str

    @property
    def change(self) -> int:
        return self.packs - self.before


def changes(corrections: Iterable[Correction]) -> Counter[tuple[str, str]]:
    """Return by how many packs each (drop-off, offer) was changed."""
    packs: Counter[tuple[str, str]] = Counter()
    for correction in corrections:
        packs[correction.dropoff_id, correction.offer_id] += correction.change
    return packs

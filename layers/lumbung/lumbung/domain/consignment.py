"""A consignment: what one cooperative brings to one drop-off of a wave, and what was counted there.

    expected → in_transit → received

Its truck arrives while it is in transit, and is unloaded in as many receipts as it takes. They add up; the final one
turns what is missing into a shortage. Packs received are good ones, damaged ones were refused at the door: both
together are never more than what was expected.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.errors import Fault, Invalid, InvalidState, LimitExceeded
from lumbung.domain.wave import Wave

EXPECTED, IN_TRANSIT, RECEIVED = "expected", "in_transit", "received"
MOST_RECEIPTS = 30  # of one consignment: they lie in its item


@dataclass(frozen=True, slots=True)
class ConsignmentLine:
    """Packs of one offer. Grams and rupiah per pack."""

    offer_id: str
    name: str
    weight_g: int
    price: int
    expected: int
    received: int = 0
    damaged: int = 0

    @property
    def missing(self) -> int:
        """Packs that nobody can be given: never came, or came damaged."""
        return self.expected - self.received


@dataclass(frozen=True, slots=True)
class Count:
    """What a receipt says about one offer."""

    offer_id: str
    received: int
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """One count at the door; `photo` is a reference to where the pictures of it lie."""

    at: datetime
    by: str
    final: bool
    counts: tuple[Count, ...]
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class WeightClass:
    """Packs of one weight, whatever is in them: what a truck is loaded and unloaded by."""

    weight_g: int
    expected: int
    received: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Departure:
    """`load_g`: grams that the truck was loaded with, as it was weighed or declared."""

    vehicle: str | None = None
    lot: str | None = None
    load_g: int | None = None


@dataclass(frozen=True, slots=True)
class Consignment:
    """`shares`: in how many parts its shortage was shared out; None: not yet. `moved_on`: orders know of it.

    `look_at`: when goods of its drop-off that were not fetched are to be looked after.
    """

    id: str
    wave_id: str
    dropoff_id: str
    cooperative_id: str
    lines: tuple[ConsignmentLine, ...]
    state: str = EXPECTED
    departure: Departure = Departure()
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    received_at: datetime | None = None
    receipts: tuple[Receipt, ...] = ()
    shares: int | None = None
    moved_on: bool = False
    look_at: datetime | None = None
    version: int = 1

    @property
    def packs(self) -> int:
        return sum(line.expected for line in self.lines)

    @property
    def weight_g(self) -> int:
        return sum(line.expected * line.weight_g for line in self.lines)

    @property
    def missing(self) -> Mapping[str, int]:
        """Packs by offer that the drop-off's orders cannot be given, once everything was counted."""
        return {line.offer_id: line.missing for line in self.lines if line.missing}

    @property
    def classes(self) -> list[WeightClass]:
        """Return the packs of each weight, the lightest first."""
        sums: dict[int, Counter[str]] = {}
        for line in self.lines:
            one = sums.setdefault(line.weight_g, Counter())
            one.update(expected=line.expected, received=line.received, damaged=line.damaged)
        return [WeightClass(weight_g, **one) for weight_g, one in sorted(sums.items())]

    def depart(self, departure: Departure, *, at: datetime) -> "Consignment":
        self._must(EXPECTED)
        return replace(self, state=IN_TRANSIT, departure=departure, departed_at=at)

    def arrive(self, *, at: datetime) -> "Consignment":
        """Note that its truck is there: once, before anything of it was counted; nobody may have said that it left."""
        self._must(EXPECTED, IN_TRANSIT)
        if self.arrived_at:
            raise InvalidState("Kiriman ini sudah tiba.")
        return replace(self, state=IN_TRANSIT, arrived_at=at)

    def correct(self, offer_id: str, change: int) -> "Consignment":
        """Expect *change* more packs of an offer (fewer, if negative); only before anything left or was counted."""
        self._must(EXPECTED)
        if offer_id not in {line.offer_id for line in self.lines}:
            raise InvalidState("Kiriman ini tidak membawa penawaran itu.")
        lines = [replace(li, expected=li.expected + change) if li.offer_id == offer_id else li for li in self.lines]
        return replace(self, lines=tuple(lines))

    def receive(self, receipt: Receipt) -> "Consignment":
        """Add what was counted; Invalid with all faults where that is more than was expected, or was never expected.

        expected   received before   counted (good, damaged)   then
        10         0                 6 0                        6 received, 4 to come
        10         6                 3 1                        9 received, 1 damaged: nothing to come
        10         6                 5 0                        Invalid
        10         6                 0 0                        Invalid, unless it is the final one
        """
        self._must(EXPECTED, IN_TRANSIT)
        if len(self.receipts) >= MOST_RECEIPTS:
            raise LimitExceeded(f"Kiriman ini sudah dihitung {MOST_RECEIPTS} kali.")
        if faults := [*self._faults(receipt)]:
            raise Invalid("Penerimaan ini tidak cocok dengan kiriman.", faults)
        counted = {count.offer_id: count for count in receipt.counts}
        lines = tuple(_add(line, counted.get(line.offer_id)) for line in self.lines)
        state, at = (RECEIVED, receipt.at) if receipt.final else (IN_TRANSIT, None)
        arrived = self.arrived_at or receipt.at
        receipts = (*self.receipts, receipt)
        return replace(self, lines=lines, state=state, arrived_at=arrived, received_at=at, receipts=receipts)

    def _faults(self, receipt: Receipt) -> Iterator[Fault]:
        lines = {line.offer_id: line for line in self.lines}
        seen = Counter(count.offer_id for count in receipt.counts)
        if not receipt.final and not any(count.received or count.damaged for count in receipt.counts):
            yield Fault("/lines", "Tidak ada yang dihitung.")
        for n, count in enumerate(receipt.counts):
            line = lines.get(count.offer_id)
            if line is None or seen[count.offer_id] > 1:
                yield Fault(f"/lines/{n}/offer_id", "Penawaran ini tidak ada dalam kiriman, atau disebut dua kali.")
            elif (left := line.expected - line.received - line.damaged) < count.received + count.damaged:
                yield Fault(f"/lines/{n}/received", f"Yang masih ditunggu {left} dari {line.expected} kemasan.")

    def _must(self, *allowed: str) -> None:
        if self.state not in allowed:
            raise InvalidState(f"Kiriman ini berstatus {self.state}.")


def _add(line: ConsignmentLine, count: Count | None) -> ConsignmentLine:
    if count is None:
        return line
    return replace(line, received=line.received + count.received, damaged=line.damaged + count.damaged)


def consignment_id(wave_id: str, cooperative_id: str, dropoff_id: str) -> str:
    return ids.within(wave_id, "con_", cooperative_id, dropoff_id)


def consignments_for(wave: Wave, dropoff_id: str, packs: Mapping[str, int]) -> list[Consignment]:
    """Return one consignment per cooperative for the *packs* (by offer) that a drop-off was allocated."""
    lines: dict[str, list[ConsignmentLine]] = {}
    for offer in wave.offers:
        if expected := packs.get(offer.id, 0):
            line = ConsignmentLine(offer.id, offer.name, offer.weight_g, offer.price, expected)
            lines.setdefault(offer.cooperative_id, []).append(line)
    return [
        Consignment(
            consignment_id(wave.id, cooperative_id, dropoff_id), wave.id, dropoff_id, cooperative_id, tuple(own)
        )
        for cooperative_id, own in sorted(lines.items())
    ]

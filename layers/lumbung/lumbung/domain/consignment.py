"""A consignment: what one cooperative brings to one drop-off of a wave, and what was counted there.

    expected → in_transit → received

Receipts add up; the final one turns what is missing into a shortage. Packs received are good ones, damaged
ones were refused at the door: neither is ever more than what was expected.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.wave import Wave

EXPECTED, IN_TRANSIT, RECEIVED = "expected", "in_transit", "received"


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
class Consignment:
    """`shares`: in how many parts its shortage was shared out; None: not yet. `moved_on`: orders know of it."""

    id: str
    wave_id: str
    dropoff_id: str
    cooperative_id: str
    lines: tuple[ConsignmentLine, ...]
    state: str = EXPECTED
    vehicle: str | None = None
    lot: str | None = None
    departed_at: datetime | None = None
    received_at: datetime | None = None
    shares: int | None = None
    moved_on: bool = False
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

    def depart(self, *, vehicle: str | None, lot: str | None, at: datetime) -> "Consignment":
        self._must(EXPECTED)
        return replace(self, state=IN_TRANSIT, vehicle=vehicle, lot=lot, departed_at=at)

    def correct(self, offer_id: str, change: int) -> "Consignment":
        """Expect *change* more packs of an offer (fewer, if negative); only before anything left or was counted."""
        self._must(EXPECTED)
        if offer_id not in {line.offer_id for line in self.lines}:
            raise InvalidState("Kiriman ini tidak membawa penawaran itu.")
        lines = [replace(li, expected=li.expected + change) if li.offer_id == offer_id else li for li in self.lines]
        return replace(self, lines=tuple(lines))

    def receive(self, counts: Sequence[Count], *, final: bool, at: datetime) -> "Consignment":
        """Add what was counted; Invalid where that is more than was expected, or was never expected.

        expected   received before   counted (good, damaged)   then
        10         0                 6 0                        6 received, 4 to come
        10         6                 3 1                        9 received, 1 damaged: nothing to come
        10         6                 5 0                        Invalid
        """
        self._must(EXPECTED, IN_TRANSIT)
        self._refuse_strangers(counts)
        lines = tuple(self._add(line, counts) for line in self.lines)
        state = RECEIVED if final else IN_TRANSIT
        return replace(self, lines=lines, state=state, received_at=at if final else None)

    def _refuse_strangers(self, counts: Sequence[Count]) -> None:
        known, seen = {line.offer_id for line in self.lines}, Counter(count.offer_id for count in counts)
        faults = [
            Fault(f"/lines/{n}/offer_id", "Penawaran ini tidak ada dalam kiriman, atau disebut dua kali.")
            for n, count in enumerate(counts)
            if count.offer_id not in known or seen[count.offer_id] > 1
        ]
        if faults:
            raise Invalid("Penawaran tidak dikenal dalam kiriman ini.", faults)

    def _add(self, line: ConsignmentLine, counts: Sequence[Count]) -> ConsignmentLine:
        for n, count in enumerate(counts):
            if count.offer_id != line.offer_id:
                continue
            after = replace(line, received=line.received + count.received, damaged=line.damaged + count.damaged)
            if after.received + after.damaged > line.expected:
                fault = Fault(f"/lines/{n}/received", f"Yang ditunggu {line.expected} kemasan.")
                raise Invalid("Jumlah yang diterima melebihi jumlah yang ditunggu.", [fault])
            return after
        return line

    def _must(self, *allowed: str) -> None:
        if self.state not in allowed:
            raise InvalidState(f"Kiriman ini berstatus {self.state}.")


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

"""What fits on a motorcycle: a pack has a weight and, by its weight class, a size.

What couriers carry is configuration (protocol notes, E.6): 20 kg, 40 × 40 × 40 cm and 30 km hold for every one known;
their own quote is the final judge.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lumbung.domain.errors import TooFar, TooHeavy

FILLED_PCT = 80  # of a box's room: sacks and crates leave gaps
_WORDS = re.compile(r"(?:(\d+)kg|(\d+)x(\d+)x(\d+)cm|(\d+)km|(\d+)stops?)")


@dataclass(frozen=True, slots=True)
class Box:
    """Sides in whole centimetres."""

    length: int
    width: int
    height: int

    @property
    def room_cm3(self) -> int:
        return self.length * self.width * self.height

    def takes(self, pack: "Box") -> bool:
        """Whether *pack* goes in, turned as it needs to be."""
        return all(ours >= its for ours, its in zip(self._sides, pack._sides, strict=True))

    @property
    def _sides(self) -> list[int]:
        return sorted((self.length, self.width, self.height))

    def __str__(self) -> str:
        return f"{self.length}×{self.width}×{self.height} cm"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one trip carries, how far by road, and at how many places it stops. Grams, metres."""

    weight_g: int = 20_000
    box: Box = Box(40, 40, 40)
    distance_m: int = 30_000
    stops: int = 1

    @property
    def room_cm3(self) -> int:
        return self.box.room_cm3 * FILLED_PCT // 100

    def must_reach(self, road_m: int) -> None:
        """TooFar when the way is longer than a trip may be."""
        if road_m > self.distance_m:
            raise TooFar(f"Jarak {road_m / 1000:.1f} km melebihi batas kurir {self.distance_m // 1000} km.")


DEFAULT = Capacity()
# Up to how many grams a pack has which size: sacks of rice, and what is as dense as they are.
SIZES: Mapping[int, Box] = {
    250: Box(15, 10, 4),
    1_000: Box(20, 12, 6),
    2_500: Box(25, 16, 8),
    5_000: Box(30, 22, 10),
    10_000: Box(40, 25, 13),
    20_000: Box(40, 36, 18),
    25_000: Box(40, 40, 20),
    50_000: Box(75, 45, 18),
}


@dataclass(slots=True)
class Filled:
    """One motorcycle's packs, by what they were called."""

    weight_g: int
    volume_cm3: int
    packs: Counter[str]


def size_of(weight_g: int, sizes: Mapping[int, Box] = SIZES) -> Box:
    """Return the size of the smallest class that a pack belongs to; TooHeavy beyond the last."""
    for up_to_g in sorted(sizes):
        if weight_g <= up_to_g:
            return sizes[up_to_g]
    raise TooHeavy(f"Kemasan {weight_g / 1000:g} kg lebih berat dari yang dapat dibawa sepeda motor.")


def fill(
    packs: Mapping[str, int], weights: Mapping[str, int], capacity: Capacity, *,
    sizes: Mapping[int, Box] = SIZES, at_most: int | None = None,
) -> list[Filled]:  # fmt: skip
    """Spread *packs* over motorcycles, none above *capacity*: first fit, heaviest first. Packs and grams by name.

    packs (kg)      limit   motorcycles (kg)
    5 5 5 5            20   20         exactly full
    20 5               20   20, 5      a full pack goes alone
    10 10 5 5          20   20, 10
    25                 20   –          TooHeavy: no trip can carry it
    100 × 0.1          20   8.5, 1.5   the box is full before its weight is reached

    TooHeavy also when a pack is larger than the box, or more than *at_most* motorcycles are needed.
    """
    filled: list[Filled] = []
    room = capacity.room_cm3
    for name in sorted(packs, key=lambda name: (-weights[name], name)):
        grams = weights[name]
        volume = _checked(grams, capacity, sizes).room_cm3
        first = 0  # what did not take this pack will not take the next of its kind
        for _ in range(packs[name]):
            while first < len(filled) and not (
                filled[first].weight_g + grams <= capacity.weight_g and filled[first].volume_cm3 + volume <= room
            ):
                first += 1
            if first == len(filled):
                if len(filled) == at_most:
                    raise too_many(at_most, capacity)
                filled.append(Filled(0, 0, Counter()))
            here = filled[first]
            here.weight_g, here.volume_cm3 = here.weight_g + grams, here.volume_cm3 + volume
            here.packs[name] += 1
    return filled


def capacities(text: str) -> dict[str, Capacity]:
    """Return what each courier carries, as configuration says it; what is not said is the default. ValueError.

    biteship=20kg 40x40x40cm 30km 1stop; riders=60kg 60x50x50cm 15km 8stops
    """
    return {name.strip(): _capacity(words) for name, words in _pairs(text)}


def sizes(text: str) -> dict[int, Box]:
    """Return the sizes of weight classes, as configuration says them: ``5000=30x22x10cm; 20000=40x36x18cm``."""
    return {int(grams): _capacity(box).box for grams, box in _pairs(text)}


def too_many(trips: int, capacity: Capacity) -> TooHeavy:
    limit = f"{capacity.weight_g // 1000} kg dalam kotak {capacity.box}"
    return TooHeavy(f"Lebih dari {trips} perjalanan: satu sepeda motor membawa paling banyak {limit}.")


def _checked(grams: int, capacity: Capacity, known: Mapping[int, Box]) -> Box:
    if grams > capacity.weight_g:
        raise TooHeavy(f"Satu kemasan {grams / 1000:g} kg melebihi batas kurir {capacity.weight_g / 1000:g} kg.")
    size = size_of(grams, known)
    if not capacity.box.takes(size) or size.room_cm3 > capacity.room_cm3:
        raise TooHeavy(f"Satu kemasan {grams / 1000:g} kg ({size}) tidak muat dalam kotak kurir {capacity.box}.")
    return size


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    for part in filter(str.strip, text.split(";")):
        name, found, said = part.partition("=")
        if not found:
            raise ValueError(f"no = in {part!r}")
        yield name, said


def _capacity(words: str) -> Capacity:
    weight, box, distance, stops = DEFAULT.weight_g, DEFAULT.box, DEFAULT.distance_m, DEFAULT.stops
    for word in words.split():
        said = _WORDS.fullmatch(word)
        if said is None:
            raise ValueError(f"no limit: {word!r}")
        kilos, length, width, height, kilometres, times = said.groups()
        if kilos:
            weight = int(kilos) * 1000
        elif length:
            box = Box(int(length), int(width), int(height))
        elif kilometres:
            distance = int(kilometres) * 1000
        else:
            stops = int(times)
    return Capacity(weight, box, distance, stops)


def by_weight(packs_g: Sequence[int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return packs and weights for `fill` where packs have no other name than their weight."""
    counted = Counter(packs_g)
    return {str(grams): count for grams, count in counted.items()}, {str(grams): grams for grams in counted}

"""What a plan of trips must satisfy, and how loads become trips. Which route is best is the solver's question.

A load is what one motorcycle can carry of one order. A route is a sequence of loads: from the drop-off to the
first, to the next; the motorcycle does not come back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2
from typing import Protocol

from lumbung.domain.errors import LimitExceeded
from lumbung.domain.geo import road_m, straight_line_m

Route = Sequence[int]  # numbers of loads


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one trip. Grams, metres by road, stops."""

    weight_g: int
    distance_m: int
    stops: int


@dataclass(frozen=True, slots=True)
class Load:
    """Packs of one order (by offer) that go together, and where to; `number` among the order's loads."""

    order_id: str
    number: int
    packs: Mapping[str, int]
    weight_g: int
    lat: float
    lng: float


class Solver(Protocol):
    """Finds routes: *metres*[a][b] between places, 0 is the drop-off, n + 1 the place of load n."""

    def __call__(self, metres: Sequence[Sequence[int]], weights: Sequence[int], limits: Limits) -> list[Route]: ...


def loads_of(
    order_id: str, packs: Mapping[str, int], weights: Mapping[str, int], limit_g: int, lat: float, lng: float
) -> list[Load]:
    """Split *packs* (by offer) into loads of at most *limit_g*: first fit, heaviest first.

    packs (kg)      limit   loads (kg)
    5 5 5           20      15
    20 5            20      20, 5
    10 10 5         20      20, 5
    25              20      LimitExceeded
    """
    bins: list[tuple[int, Counter[str]]] = []
    for offer_id in sorted(packs, key=lambda offer: (-weights[offer], offer)):
        weight = weights[offer_id]
        if weight > limit_g:
            raise LimitExceeded(f"Satu kemasan {weight // 1000} kg melebihi batas kurir {limit_g // 1000} kg.")
        for _ in range(packs[offer_id]):
            for n, (free, held) in enumerate(bins):
                if weight <= free:
                    held[offer_id] += 1
                    bins[n] = free - weight, held
                    break
            else:
                bins.append((limit_g - weight, Counter({offer_id: 1})))
    return [Load(order_id, n, dict(held), limit_g - free, lat, lng) for n, (free, held) in enumerate(bins)]


def metres_between(lat: float, lng: float, loads: Sequence[Load], road_factor_pct: int) -> list[list[int]]:
    """Return the metres by road between all places; 0 is the drop-off at *lat*, *lng*, to which nobody returns."""
    places = [(lat, lng), *((load.lat, load.lng) for load in loads)]
    return [
        [0 if b == 0 or a == b else road_m(straight_line_m(*places[a], *places[b]), road_factor_pct) for b in
         range(len(places))]
        for a in range(len(places))
    ]  # fmt: skip


def districts(lat: float, lng: float, loads: Sequence[Load], at_most: int) -> list[list[Load]]:
    """Cut *loads* into groups of at most *at_most*, by their bearing from the drop-off: each is planned alone."""
    around = sorted(loads, key=lambda load: (atan2(load.lat - lat, load.lng - lng), load.order_id, load.number))
    return [around[start : start + at_most] for start in range(0, len(around), at_most)]


def legs(route: Route, metres: Sequence[Sequence[int]]) -> list[int]:
    places = [0, *(number + 1 for number in route)]
    return [metres[a][b] for a, b in pairwise(places)]


def faults_of(
    routes: Sequence[Route], loads: Sequence[Load], metres: Sequence[Sequence[int]], limits: Limits
) -> list[str]:
    """Return what is wrong with a plan; nothing when it may be driven."""
    faults = []
    carried = Counter(number for route in routes for number in route)
    if carried != Counter(range(len(loads))):
        faults.append("every load is to be carried once")
    for n, route in enumerate(routes):
        if sum(loads[number].weight_g for number in route) > limits.weight_g:
            faults.append(f"route {n} is too heavy")
        if sum(legs(route, metres)) > limits.distance_m:
            faults.append(f"route {n} is too long")
        if len(route) > limits.stops:
            faults.append(f"route {n} has too many stops")
    return faults


def bound_together(routes: Iterable[Route], loads: Sequence[Load]) -> list[list[Route]]:
    """Group routes that share an order: they are dispatched together or not at all."""
    groups: list[tuple[set[str], list[Route]]] = []
    for route in routes:
        orders, together = {loads[number].order_id for number in route}, [route]
        for group in [group for group in groups if group[0] & orders]:
            groups.remove(group)
            orders |= group[0]
            together = [*group[1], *together]
        groups.append((orders, together))
    return [together for _, together in groups]

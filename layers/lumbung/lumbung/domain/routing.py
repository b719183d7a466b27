"""What a plan of trips must satisfy, and how loads become trips. Which route is best is the solver's question.

A load is what one motorcycle can carry of one order. A route is a sequence of loads: from the drop-off to the
first, to the next. A courier's motorcycle does not come back; a rider of the drop-off's own does, for the next trip.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2

from lumbung.domain.geo import road_m, straight_line_m
from lumbung.domain.packing import SIZES, Box, Capacity, fill

Route = Sequence[int]  # numbers of loads
Metres = Sequence[Sequence[int]]  # by road between places: 0 is the drop-off, n + 1 the place of load n
Span = tuple[int, int]  # seconds from now: not before, not after

SPEED_M_PER_MIN = 333  # 20 km/h door to door
AT_A_DOOR_S = 300  # to find it, hand over and leave
LOADING_S = 300  # a rider who is back, until the next trip
ALL_DAY: Span = (0, 24 * 3600)


@dataclass(frozen=True, slots=True)
class Load:
    """Packs of one order (by offer) that go together, and where to; `number` among the order's loads.

    `village_code`: for a road distance that somebody measured. `window`: when it may be handed over.
    `approximate`: only its village is known.
    """

    order_id: str
    number: int
    packs: Mapping[str, int]
    weight_g: int
    lat: float
    lng: float
    volume_cm3: int = 0
    village_code: str | None = None
    window: Span = ALL_DAY
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Loads to be brought from a drop-off, by trips that leave it within *leaving*.

    *riders*: so many ride, each as often as it takes, and come back; None: there are motorcycles enough, one a trip.
    """

    loads: Sequence[Load]
    metres: Metres
    capacity: Capacity
    leaving: Span = ALL_DAY
    riders: int | None = None


Solver = Callable[[Problem], list[Route]]  # short and few routes that carry every load once within the limits
Between = Callable[[str, str], int | None]  # metres by road between two places that were measured


def loads_of(
    order_id: str, packs: Mapping[str, int], weights: Mapping[str, int], capacity: Capacity, lat: float, lng: float, *,
    sizes: Mapping[int, Box] = SIZES, village_code: str | None = None, window: Span = ALL_DAY,
    approximate: bool = False,
) -> list[Load]:  # fmt: skip
    """Split *packs* (by offer) into loads that a motorcycle carries, as `packing.fill` does; TooHeavy."""
    return [
        Load(order_id, n, dict(one.packs), one.weight_g, lat, lng, one.volume_cm3, village_code, window, approximate)
        for n, one in enumerate(fill(packs, weights, capacity, sizes=sizes))
    ]


def metres_between(
    lat: float, lng: float, loads: Sequence[Load], road_factor_pct: int, *,
    measured: Between | None = None, here: str = "", back: bool = False,
) -> list[list[int]]:  # fmt: skip
    """Return the metres by road between all places; 0 is the drop-off at *lat*, *lng*.

    *measured* knows some of them by village, and the drop-off as *here*. To it nobody returns, unless *back*.
    """
    places = [(lat, lng), *((load.lat, load.lng) for load in loads)]
    names = [here, *(load.village_code or "" for load in loads)]

    def metres(a: int, b: int) -> int:
        if a == b or (b == 0 and not back):
            return 0
        if measured and names[a] != names[b] and (known := measured(names[a], names[b])) is not None:
            return known
        return road_m(straight_line_m(*places[a], *places[b]), road_factor_pct)

    return [[metres(a, b) for b in range(len(places))] for a in range(len(places))]


def districts(lat: float, lng: float, loads: Sequence[Load], at_most: int) -> list[list[Load]]:
    """Cut *loads* into groups of the same size, of about *at_most* at most: each is planned alone.

    By their bearing from the drop-off (a sweep), so that a trip's places lie together; an order's loads stay together.
    """
    around = sorted(loads, key=lambda load: (atan2(load.lat - lat, load.lng - lng), load.order_id, load.number))
    parts = -(-len(around) // at_most)
    cuts = [_between_orders(around, len(around) * part // parts) for part in range(parts + 1)] if parts else []
    return [around[start:end] for start, end in pairwise(cuts) if start < end]


def _between_orders(around: Sequence[Load], cut: int) -> int:
    while 0 < cut < len(around) and around[cut].order_id == around[cut - 1].order_id:
        cut += 1
    return cut


def at_home_and_later(loads: Sequence[Load]) -> tuple[list[Load], list[Load]]:
    """Return whose window is open, and whose is not yet: nobody is to wait for hours because a neighbour is out."""
    now = [load for load in loads if load.window[0] == 0]
    return now, [load for load in loads if load.window[0] > 0]


def legs(route: Route, metres: Metres) -> list[int]:
    places = [0, *(number + 1 for number in route)]
    return [metres[a][b] for a, b in pairwise(places)]


def seconds_for(metres: int) -> int:
    return metres * 60 // SPEED_M_PER_MIN


def timed(route: Route, problem: Problem) -> tuple[int, list[int]] | None:
    """Return when a trip leaves, and when it is at each door: as early as it need not wait; None: it comes too late.

    leaving     way      window      leaves   at the door
    0–24 h      10 min   –                0   0:10
    0–24 h      10 min   1:00–2:00     0:50   1:00
    0–24 h      90 min   0:00–1:00        –   –             too far for its window
    3:00–8:00   10 min   –             3:00   3:10
    """
    ways = [seconds_for(leg) + AT_A_DOOR_S * bool(n) for n, leg in enumerate(legs(route, problem.metres))]
    after, elapsed = [], 0
    for way in ways:
        elapsed += way
        after.append(elapsed)
    windows = [problem.loads[number].window for number in route]
    latest = min(problem.leaving[1], *(end - s for (_, end), s in zip(windows, after, strict=True)))
    wanted = max(problem.leaving[0], *(begin - s for (begin, _), s in zip(windows, after, strict=True)))
    leaves = max(problem.leaving[0], min(wanted, latest))
    at, doors = leaves, []
    for way, (begin, end) in zip(ways, windows, strict=True):
        at = max(at + way, begin)
        if at > end or leaves > problem.leaving[1]:
            return None
        doors.append(at)
    return leaves, doors


def faults_of(routes: Sequence[Route], problem: Problem) -> list[str]:
    """Return what is wrong with a plan; nothing when it may be driven."""
    faults = []
    carried = Counter(number for route in routes for number in route)
    if carried != Counter(range(len(problem.loads))):
        faults.append("every load is to be carried once")
    return faults + [f"route {n} {fault}" for n, route in enumerate(routes) for fault in _faults(route, problem)]


def _faults(route: Route, problem: Problem) -> Iterable[str]:
    loads, capacity = [problem.loads[number] for number in route], problem.capacity
    if sum(load.weight_g for load in loads) > capacity.weight_g:
        yield "is too heavy"
    if sum(load.volume_cm3 for load in loads) > capacity.room_cm3:
        yield "is too bulky"
    if sum(legs(route, problem.metres)) > capacity.distance_m:
        yield "is too long"
    if len(route) > capacity.stops:
        yield "has too many stops"
    if timed(route, problem) is None:
        yield "comes too late"


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

"""What a plan must satisfy."""

import pytest

from lumbung.domain.errors import LimitExceeded
from lumbung.domain.packing import Capacity
from lumbung.domain.roads import Roads
from lumbung.domain.routing import (
    ALL_DAY,
    Load,
    Problem,
    bound_together,
    districts,
    faults_of,
    legs,
    loads_of,
    metres_between,
    timed,
)

WEIGHTS = {"kg5": 5_000, "kg10": 10_000, "kg20": 20_000, "kg25": 25_000}
HOUR = 3600


@pytest.mark.parametrize(
    ("packs", "kilos"),
    [
        ({"kg5": 3}, [15]),
        ({"kg5": 1, "kg20": 1}, [20, 5]),
        ({"kg5": 1, "kg10": 2}, [20, 5]),
        ({"kg5": 4}, [20]),
        ({"kg20": 3}, [20, 20, 20]),
    ],
)
def test_an_order_is_split_into_loads_that_a_motorcycle_carries(packs, kilos):
    loads = loads_of("ord_1", packs, WEIGHTS, Capacity(), 0.0, 0.0)

    assert [load.weight_g // 1000 for load in loads] == kilos
    assert {o: sum(load.packs.get(o, 0) for load in loads) for o in packs} == packs
    assert all(load.volume_cm3 > 0 for load in loads)


def test_a_pack_that_is_too_heavy_is_no_load():
    with pytest.raises(LimitExceeded):
        loads_of("ord_1", {"kg25": 1}, WEIGHTS, Capacity(), 0.0, 0.0)


def a_load(order: str, number: int = 0, weight_g: int = 5_000, lat: float = 0.0, lng: float = 0.0, **more) -> Load:
    return Load(order, number, {"kg5": 1}, weight_g, lat, lng, 6_600, **more)


def a_problem(loads, metres=None, *, leaving=ALL_DAY, **capacity) -> Problem:
    return Problem(loads, metres or metres_between(0.0, 0.0, loads, 130), Capacity(**capacity), leaving)


def test_nobody_rides_back_to_the_drop_off():
    loads = [a_load("a", lat=0.01), a_load("b", lat=0.02)]
    metres = metres_between(0.0, 0.0, loads, 130)

    assert metres[1][0] == metres[2][0] == 0
    assert 1_440 < metres[0][1] < 1_450, "1.11 km by straight line, 1.3 times as much by road"
    assert legs([0, 1], metres) == [metres[0][1], metres[1][2]]
    assert metres_between(0.0, 0.0, loads, 130, back=True)[1][0] == metres[0][1], "but who loads again"


def test_a_road_that_was_measured_counts_before_the_straight_line():
    loads = [a_load("a", lat=0.01, village_code="v1"), a_load("b", lat=0.011, village_code="v1"), a_load("c", lat=0.02)]
    roads = Roads("drp_1", ("v1",), [[0, 9_000], [8_000, 0]])

    metres = metres_between(0.0, 0.0, loads, 100, measured=roads.between, here="drp_1")

    assert metres[0][1] == metres[0][2] == 9_000
    assert metres[1][2] == 111, "within a village nobody measured"
    assert metres[0][3] == 2_224, "nor to one that is not known"


@pytest.mark.parametrize(
    ("routes", "limits", "fault"),
    [
        ([[0]], {"stops": 9}, "every load"),
        ([[0, 1], [1]], {"stops": 9}, "every load"),
        ([[0, 1]], {"weight_g": 9_000, "stops": 9}, "too heavy"),
        ([[0, 1]], {"distance_m": 2_000, "stops": 9}, "too long"),
        ([[0, 1]], {"stops": 1}, "too many stops"),
        ([[0, 1, 2, 3, 4, 5, 6, 7]], {"weight_g": 99_000, "stops": 9}, "too bulky"),
        ([[0, 1]], {"stops": 2, "leaving": (10 * HOUR, 20 * HOUR)}, "too late"),
    ],
)
def test_a_plan_that_may_not_be_driven_is_found_out(routes, limits, fault):
    loads = [a_load(name, lat=0.01 * n, window=(0, 9 * HOUR)) for n, name in enumerate("abcdefgh", 1)]
    if max(map(max, routes)) < 2:
        loads = loads[:2]

    assert fault in " ".join(faults_of(routes, a_problem(loads, **limits)))


def test_a_good_plan_has_no_faults():
    assert not faults_of([[0, 1]], a_problem([a_load("a", lat=0.01), a_load("b", lat=0.02)], stops=2))


@pytest.mark.parametrize(
    ("leaving", "windows", "expected"),
    [
        ((0, 24), [(0, 24)], (0, [600])),
        ((0, 24), [(1, 2)], (3_000, [3_600])),
        ((3, 8), [(0, 24)], (10_800, [11_400])),
        ((0, 24), [(0, 24), (1, 2)], (2_700, [3_300, 4_200 - 600])),
        ((0, 0.5), [(0, 24), (1, 2)], (1_800, [2_400, 3_600])),
        ((0, 24), [(0, 1), (3, 4)], (3_000, [3_600, 10_800])),
        ((2, 8), [(0, 1)], None),
        ((0, 24), [(0, 0.1)], None),
    ],
    ids=[
        "at once", "so that nobody waits", "once it is open", "for the second door", "not after closing",
        "waiting at the second door", "too late already", "too far for its window",
    ],
)  # fmt: skip
def test_when_a_trip_leaves(leaving, windows, expected):
    def span(hours):
        return round(hours[0] * HOUR), round(hours[1] * HOUR)

    loads = [a_load(f"o{n}", window=span(window)) for n, window in enumerate(windows)]
    metres = [[0, 3_330, 9_990], [0, 0, 0], [0, 0, 0]]  # ten minutes; the second door is next to the first

    assert timed(range(len(loads)), a_problem(loads, metres, leaving=span(leaving))) == expected


def test_trips_that_share_an_order_go_together():
    loads = [a_load("a"), a_load("a", 1), a_load("b"), a_load("c"), a_load("c", 1)]

    groups = bound_together([[0], [1, 2], [3], [4]], loads)

    assert sorted(sorted(group) for group in groups) == [[[0], [1, 2]], [[3], [4]]]


def test_a_big_drop_off_is_cut_by_direction_and_nothing_is_lost():
    loads = [a_load(f"o{n}", lat=(-1) ** n * 0.01 * n, lng=0.01 * (n % 5 - 2)) for n in range(23)]

    cut = districts(0.0, 0.0, loads, 10)

    assert [len(district) for district in cut] == [7, 8, 8]
    assert sorted(load.order_id for district in cut for load in district) == sorted(load.order_id for load in loads)
    assert districts(0.0, 0.0, loads[::-1], 10) == cut, "whatever the order of reading"
    assert districts(0.0, 0.0, [], 10) == []


def test_an_order_is_not_cut():
    loads = [a_load("a", n, lat=0.01) for n in range(5)] + [a_load("b", lat=0.01, lng=-0.01)]

    assert [[load.order_id for load in district] for district in districts(0.0, 0.0, loads, 3)] == [["a"] * 5, ["b"]]

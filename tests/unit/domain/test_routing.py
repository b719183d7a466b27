"""What a plan must satisfy."""

import pytest

from lumbung.domain.errors import LimitExceeded
from lumbung.domain.routing import Limits, Load, bound_together, districts, faults_of, legs, loads_of, metres_between

WEIGHTS = {"kg5": 5_000, "kg10": 10_000, "kg20": 20_000, "kg25": 25_000}


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
    loads = loads_of("ord_1", packs, WEIGHTS, 20_000, 0.0, 0.0)

    assert [load.weight_g // 1000 for load in loads] == kilos
    assert {o: sum(load.packs.get(o, 0) for load in loads) for o in packs} == packs


def test_a_pack_that_is_too_heavy_is_no_load():
    with pytest.raises(LimitExceeded):
        loads_of("ord_1", {"kg25": 1}, WEIGHTS, 20_000, 0.0, 0.0)


def a_load(order: str, number: int = 0, weight_g: int = 5_000, lat: float = 0.0, lng: float = 0.0) -> Load:
    return Load(order, number, {"kg5": 1}, weight_g, lat, lng)


def test_nobody_rides_back_to_the_drop_off():
    metres = metres_between(0.0, 0.0, [a_load("a", lat=0.01), a_load("b", lat=0.02)], 130)

    assert metres[1][0] == metres[2][0] == 0
    assert 1_440 < metres[0][1] < 1_450, "1.11 km by straight line, 1.3 times as much by road"
    assert legs([0, 1], metres) == [metres[0][1], metres[1][2]]


@pytest.mark.parametrize(
    ("routes", "limits", "fault"),
    [
        ([[0]], Limits(20_000, 30_000, 9), "every load"),
        ([[0, 1], [1]], Limits(20_000, 30_000, 9), "every load"),
        ([[0, 1]], Limits(9_000, 30_000, 9), "too heavy"),
        ([[0, 1]], Limits(20_000, 2_000, 9), "too long"),
        ([[0, 1]], Limits(20_000, 30_000, 1), "too many stops"),
    ],
)
def test_a_plan_that_may_not_be_driven_is_found_out(routes, limits, fault):
    loads = [a_load("a", lat=0.01), a_load("b", lat=0.02)]

    assert fault in " ".join(faults_of(routes, loads, metres_between(0.0, 0.0, loads, 130), limits))


def test_a_good_plan_has_no_faults():
    loads = [a_load("a", lat=0.01), a_load("b", lat=0.02)]

    assert not faults_of([[0, 1]], loads, metres_between(0.0, 0.0, loads, 130), Limits(20_000, 30_000, 2))


def test_trips_that_share_an_order_go_together():
    loads = [a_load("a"), a_load("a", 1), a_load("b"), a_load("c"), a_load("c", 1)]

    groups = bound_together([[0], [1, 2], [3], [4]], loads)

    assert sorted(sorted(group) for group in groups) == [[[0], [1, 2]], [[3], [4]]]


def test_a_big_drop_off_is_cut_by_direction_and_nothing_is_lost():
    loads = [a_load(f"o{n}", lat=(-1) ** n * 0.01 * n, lng=0.01 * (n % 5 - 2)) for n in range(23)]

    cut = districts(0.0, 0.0, loads, 10)

    assert [len(district) for district in cut] == [10, 10, 3]
    assert sorted(load.order_id for district in cut for load in district) == sorted(load.order_id for load in loads)
    assert districts(0.0, 0.0, loads[::-1], 10) == cut, "whatever the order of reading"

"""PyVRP under our limits, and the use case around it."""

import random

import pytest

from dispatch.solver import find_routes
from lumbung.domain.routing import Limits, Load, faults_of, legs, metres_between


def loads(number: int, seed: int = 1) -> list[Load]:
    dice = random.Random(seed)
    return [
        Load(f"ord_{n}", 0, {"a": 1}, dice.choice([5_000, 10_000, 20_000]),
             -6.2196 + dice.gauss(0, 0.03), 106.83 + dice.gauss(0, 0.03))
        for n in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize("stops", [1, 4])
@pytest.mark.parametrize("number", [1, 2, 30])
def test_a_plan_can_be_driven_and_is_always_the_same(number, stops):
    to_bring, limits = loads(number), Limits(20_000, 30_000, stops)
    metres = metres_between(-6.2196, 106.83, to_bring, 130)
    weights = [load.weight_g for load in to_bring]

    routes = find_routes(metres, weights, limits)

    assert faults_of(routes, to_bring, metres, limits) == []
    assert find_routes(metres, weights, limits) == routes


def test_with_one_stop_a_trip_each_load_rides_alone():
    to_bring = loads(10)
    metres = metres_between(-6.2196, 106.83, to_bring, 130)

    routes = find_routes(metres, [load.weight_g for load in to_bring], Limits(20_000, 30_000, 1))

    assert sorted(routes) == [[n] for n in range(10)]


def test_several_stops_save_trips_and_metres():
    to_bring = loads(40)
    metres = metres_between(-6.2196, 106.83, to_bring, 130)
    weights = [load.weight_g for load in to_bring]
    alone, shared = (find_routes(metres, weights, Limits(20_000, 30_000, stops)) for stops in (1, 4))

    assert len(shared) < len(alone)
    assert sum(sum(legs(r, metres)) for r in shared) < 0.85 * sum(sum(legs(r, metres)) for r in alone)


def test_nothing_to_bring_needs_no_plan():
    assert find_routes([[0]], [], Limits(20_000, 30_000, 1)) == []

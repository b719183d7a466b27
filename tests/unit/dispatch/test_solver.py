"""PyVRP under our limits: what a plan costs, and that it can be driven."""

import random
from dataclasses import replace

import pytest

from dispatch.solver import find_routes
from lumbung.domain.packing import Capacity
from lumbung.domain.routing import Load, Problem, faults_of, legs, metres_between, timed

LAT, LNG = -6.2196, 106.83
FEW = 300  # iterations: enough for some dozens of loads
HOUR = 3600


def loads(number: int, seed: int = 1) -> list[Load]:
    dice = random.Random(seed)
    return [
        Load(f"ord_{n}", 0, {"a": 1}, dice.choice([5_000, 10_000, 20_000]),
             LAT + dice.gauss(0, 0.03), LNG + dice.gauss(0, 0.03), 6_600)
        for n in range(number)
    ]  # fmt: skip


def a_problem(to_bring: list[Load], *, riders: int | None = None, **capacity: int) -> Problem:
    metres = metres_between(LAT, LNG, to_bring, 130, back=riders is not None)
    return Problem(to_bring, metres, Capacity(**capacity), riders=riders)


def way(routes, problem) -> int:
    return sum(sum(legs(route, problem.metres)) for route in routes)


@pytest.mark.parametrize("stops", [1, 4])
@pytest.mark.parametrize("number", [0, 1, 2, 30])
def test_a_plan_can_be_driven_and_is_always_the_same(number, stops):
    problem = a_problem(loads(number), stops=stops)

    routes = find_routes(problem, iterations=FEW)

    assert faults_of(routes, problem) == []
    assert find_routes(problem, iterations=FEW) == routes


def test_with_one_stop_a_trip_each_load_rides_alone():
    assert sorted(find_routes(a_problem(loads(10)))) == [[n] for n in range(10)]


def test_several_stops_save_trips_and_metres():
    to_bring = loads(40)
    alone, shared = a_problem(to_bring), a_problem(to_bring, stops=4)
    one, four = find_routes(alone), find_routes(shared, iterations=FEW)

    assert len(four) < len(one)
    assert way(four, shared) < 0.85 * way(one, alone)


def test_bulky_packs_fill_a_box_before_its_weight_is_reached():
    bulky = [replace(load, weight_g=1_000, volume_cm3=20_000) for load in loads(6)]

    routes = find_routes(a_problem(bulky, stops=6), iterations=FEW)

    assert max(map(len, routes)) == 2, "of 51,200 cm³"


def test_few_riders_ride_several_trips_each():
    problem = a_problem(loads(20), riders=2, stops=4)

    routes = find_routes(problem, iterations=FEW)

    assert len(routes) > 2
    assert faults_of(routes, problem) == []


def test_what_too_few_riders_cannot_do_in_time_is_planned_as_if_there_were_enough():
    soon = [replace(load, window=(0, HOUR)) for load in loads(20)]
    problem = a_problem(soon, riders=1, stops=4)

    routes = find_routes(problem, iterations=FEW)

    assert faults_of(routes, problem) == []
    assert all(timed(route, problem) for route in routes)


def test_members_are_met_when_they_are_at_home():
    to_bring = [replace(load, window=(n % 3 * 2 * HOUR, (n % 3 * 2 + 2) * HOUR)) for n, load in enumerate(loads(18))]
    problem = a_problem(to_bring, stops=4)

    routes = find_routes(problem, iterations=FEW)

    assert faults_of(routes, problem) == []
    for route in routes:
        _, doors = timed(route, problem)
        assert all(a <= at <= b for at, (a, b) in zip(doors, (to_bring[n].window for n in route), strict=True))

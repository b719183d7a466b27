"""The planner and a drop-off's own riders: every call failing in every way, and everything inside everything else."""

from collections.abc import Iterator

import pytest

from dispatch import ride_routes, rider_routes, road_routes
from tests.faults.dispatch_scenarios import DISPATCH, PHASES, PLANNER
from tests.faults.dispatch_world import World, a_world
from tests.faults.matrix import Matrix, Outcome
from tests.faults.scenario import Phase
from tests.faults.seam import stride

EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
NOT_COVERED = {"POST /v1/dropoffs/{dropoff_id}/riders/{rider_id}/link": "it writes nothing"}


@pytest.fixture(scope="module")
def dispatch() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def world(dispatch: World) -> Iterator[World]:
    again = dispatch.keep()
    yield dispatch
    again()


def test_every_route_of_riders_and_the_planner_have_a_scenario_or_a_reason() -> None:
    covered = {scenario.covers for phase in PHASES for scenario in phase.scenarios}
    routes = [route for part in (rider_routes, ride_routes, road_routes) for route in part.routes.routes]
    writing = {f"{route.method} {route.path}" for route in routes if route.method != "GET"}

    assert writing | {DISPATCH, PLANNER} <= covered | NOT_COVERED.keys()


@EACH_PHASE
def test_whatever_call_fails_the_end_is_the_same(world: World, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(20)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)

    assert outcome.points
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_the_end_is_that_of_one_after_the_other(world: World, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(20)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points
    assert outcome.wrong == []

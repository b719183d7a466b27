"""The day of hand-out: every call, every way to fail; and every step inside every call of every other."""

from collections.abc import Iterator

import pytest

from dispatch import desk_routes, goods_routes, offline_routes
from tests.faults.desk_scenarios import CLOCK, PHASES, STREAM, WORKER
from tests.faults.desk_world import DeskWorld, a_desk
from tests.faults.matrix import Matrix, Outcome
from tests.faults.scenario import Phase
from tests.faults.seam import stride

EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)


@pytest.fixture
def desk() -> Iterator[DeskWorld]:
    with a_desk() as made:
        yield made


def test_every_handler_of_the_desk_has_a_scenario() -> None:
    routes = [route for part in (goods_routes, desk_routes, offline_routes) for route in part.routes.routes]
    writing = {f"{route.method} {route.path}" for route in routes if route.method != "GET"}

    assert writing | {WORKER, CLOCK, STREAM} == {s.covers for phase in PHASES for s in phase.scenarios if s.covers}


@EACH_PHASE
def test_whatever_call_fails_the_end_is_the_same(desk: DeskWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(desk, phase, stride(40)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)

    assert outcome.points
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_the_end_is_that_of_one_after_the_other(desk: DeskWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(desk, phase, stride(80)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points
    assert outcome.wrong == []

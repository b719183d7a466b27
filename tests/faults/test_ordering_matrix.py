"""Ordering: every handler, every call, every way to fail; and every handler inside every call of every other."""

import pytest

from ordering import api
from tests.faults.matrix import Matrix, Outcome
from tests.faults.ordering_scenarios import PHASES
from tests.faults.ordering_world import World
from tests.faults.scenario import Phase
from tests.faults.seam import stride
from tests.integration.conftest import template

EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
NOT_COVERED: dict[str, str] = {}  # what no scenario covers, with the reason


def handlers() -> set[str]:
    """Return what the template starts of ordering, and of its HTTP handler each route that may write."""
    of_template = {
        resource["Properties"]["Handler"]
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    of_ordering = {handler for handler in of_template if handler.startswith("ordering.")}
    writing = {f"{route.method} {route.path}" for route in api.api.routes if route.method != "GET"}
    return of_ordering - {"ordering.api.handler", "ordering.worker.handler"} | writing


def test_every_handler_of_the_template_has_a_scenario_or_a_reason() -> None:
    covered = {scenario.covers for phase in PHASES for scenario in phase.scenarios}

    assert handlers() - covered <= NOT_COVERED.keys()
    assert not covered & NOT_COVERED.keys()


def test_every_step_of_the_closing_worker_has_a_scenario(world: World) -> None:
    """The steps are those that a short wave is seen to take; the clock and supply send two more."""
    covered = {scenario.covers for phase in PHASES for scenario in phase.scenarios}
    left_over = next(phase for phase in PHASES if phase.name == "packs left over")
    left_over.prepare(world)

    seen = {message["step"] for message in world.drain()}

    assert seen | {"aggregate", "resume", "cancel"} <= covered
    assert seen >= {"tally", "ties", "wishes", "turns", "apply"}


@EACH_PHASE
def test_whatever_call_fails_the_end_is_the_same(world: World, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(3)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)
        matrix.small_pages(scenario, outcome)

    assert outcome.points > len(phase.scenarios)
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_the_end_is_that_of_one_after_the_other(world: World, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(5)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points > len(phase.scenarios)
    assert outcome.wrong == []

"""Every function of the template is reached by the matrices: a new one without a scenario fails here.

`pytest tests/faults/test_every_function.py -s` prints the scenarios that reach each, and the points where it may fail.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.faults.everything import PARTS, Part
from tests.faults.matrix import Matrix
from tests.faults.ordering_world import Failed
from tests.faults.reached import Reached, functions
from tests.faults.scenario import Phase
from tests.faults.seam import seam, stride

WITHOUT_A_CALL = {"payments.snap_token_webhook.handler"}  # it signs with what it has read at its first call


@pytest.fixture
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def run_through(part: Part, reached: Reached) -> None:
    """Run every scenario once, undisturbed; every day only phases that promise what was not reached before."""
    with part.world() as world:
        begin = world.keep()
        for phase in part.phases:
            if stride(2) > 1 and not promised(phase) - reached.scenarios.keys():
                continue
            begin()
            matrix = Matrix(world, phase)
            for scenario in phase.scenarios:
                matrix.begin()
                name = f"{phase.name}: {scenario.name}"
                with seam(), suppress(Failed):
                    reached.see(name, lambda scenario=scenario: scenario.act(world))


def promised(phase: Phase) -> set[str]:
    """Return which handlers the phase's scenarios say that they cover."""
    covered = {scenario.covers for scenario in phase.scenarios if scenario.covers}
    return {covers if "." in covers else "ordering.worker.handler" for covers in covered if " " not in covers}


def test_every_function_of_the_template_is_reached_and_may_fail_at_each_of_its_calls(quiet: None) -> None:
    reached = Reached()
    for part in PARTS:
        run_through(part, reached)

    print("\n" + reached.table())  # noqa: T201 - the table is what `-s` is for
    assert set(reached.scenarios) == functions()
    assert functions() - {handler for handler, points in reached.points.items() if points} == WITHOUT_A_CALL

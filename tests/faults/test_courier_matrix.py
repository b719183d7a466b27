"""What couriers tell: every call failing in every way, and each thing inside each call of each other."""

import pytest

from tests.faults.courier_scenarios import PHASES
from tests.faults.courier_world import CourierWorld
from tests.faults.matrix import Matrix, Outcome
from tests.faults.scenario import Phase
from tests.faults.seam import stride

EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)


@EACH_PHASE
def test_whatever_call_fails_the_end_is_the_same(couriers: CourierWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(couriers, phase, stride(5)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)

    assert outcome.points
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_the_end_is_that_of_one_after_the_other(couriers: CourierWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(couriers, phase, stride(3)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points
    assert outcome.wrong == []

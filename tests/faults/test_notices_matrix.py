"""Notices: every call failing in every way, channels too, and every step inside every call of every other."""

from collections.abc import Iterator

import pytest

from tests.faults.matrix import Matrix, Outcome
from tests.faults.notice_scenarios import PHASES
from tests.faults.notice_world import NoticeWorld, a_notice_world
from tests.faults.scenario import Phase
from tests.faults.seam import stride

EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)


@pytest.fixture(scope="module")
def notices() -> Iterator[NoticeWorld]:
    with a_notice_world() as made:
        yield made


@pytest.fixture
def world(notices: NoticeWorld) -> Iterator[NoticeWorld]:
    again = notices.keep()
    yield notices
    again()


@EACH_PHASE
def test_whatever_call_fails_everybody_is_told(world: NoticeWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(10)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)

    assert outcome.points
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_everybody_is_told(world: NoticeWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(6)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points
    assert outcome.wrong == []

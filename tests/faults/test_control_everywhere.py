"""A store without conditions fails in every part of the system: the matrices see what they are there to see."""

import logging
from collections.abc import Iterator

import pytest

from tests.faults.everything import PARTS, Part
from tests.faults.matrix import Matrix, Outcome
from tests.faults.ordering_world import Failed
from tests.mutants.sites import careless


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_without_any_condition_two_at_once_break_an_invariant(part: Part) -> None:
    with part.world() as world:
        begin = world.keep()
        assert any(breaks(Matrix(world, phase), phase.scenarios) for phase in part.phases if begin() is None)


def breaks(matrix: Matrix, scenarios: tuple) -> bool:
    """Say whether two of *scenarios* at once, or a repeat, come to something that must not be."""
    for first in scenarios:
        for second in scenarios:
            outcome = Outcome()
            with careless():
                try:
                    matrix.rivals(first, second, outcome)
                except (AssertionError, Failed):
                    return True
            if outcome.wrong:
                return True
    return False

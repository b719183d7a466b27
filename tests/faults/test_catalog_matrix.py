"""The catalogue: every call failing in every way, and every step inside every call of every other."""

from collections.abc import Iterator

import pytest

from catalog import api
from tests.faults.catalog_scenarios import PHASES
from tests.faults.catalog_world import CatalogWorld, a_catalog_world
from tests.faults.matrix import Matrix, Outcome
from tests.faults.scenario import Phase
from tests.faults.seam import stride

EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)


@pytest.fixture(scope="module")
def catalog() -> Iterator[CatalogWorld]:
    with a_catalog_world() as made:
        yield made


@pytest.fixture
def world(catalog: CatalogWorld) -> Iterator[CatalogWorld]:
    again = catalog.keep()
    yield catalog
    again()


def test_every_route_that_writes_has_a_scenario() -> None:
    writing = {f"{route.method} {route.path}" for route in api.api.routes if route.method != "GET"}

    assert writing <= {scenario.covers for phase in PHASES for scenario in phase.scenarios}


@EACH_PHASE
def test_whatever_call_fails_the_end_is_the_same(world: CatalogWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(40)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)

    assert outcome.points
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_the_end_is_that_of_one_after_the_other(world: CatalogWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(world, phase, stride(40)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points
    assert outcome.wrong == []

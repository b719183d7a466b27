"""Mutants in the crash and rival matrices: every call of the scenarios that reach one, and everybody inside each call.

What `make faults` does to everything, narrowed down to what a mutant can change.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from tests.faults.everything import PARTS, Part
from tests.faults.matrix import Matrix, Outcome
from tests.faults.ordering_world import Failed
from tests.faults.scenario import Phase, Scenario
from tests.faults.seam import seam
from tests.mutants.sites import Mutant, watched, weakened

MOST_S = 120.0  # for one mutant


@dataclass(frozen=True)
class Place:
    """Where a mutant is reached: *scenarios* of one phase."""

    part: Part
    phase: Phase
    scenarios: tuple[Scenario, ...]


def places() -> Mapping[Mutant, Sequence[Place]]:
    """Run every scenario once, and return where each mutant is reached."""
    logging.getLogger("lumbung").disabled = True  # a line for each of a million requests
    found: dict[Mutant, list[Place]] = defaultdict(list)
    for part in PARTS:
        for phase in part.phases:
            for mutant, scenarios in reached(part, phase).items():
                found[mutant].append(Place(part, phase, tuple(scenarios)))
    return found


def reached(part: Part, phase: Phase) -> Mapping[Mutant, list[Scenario]]:
    found: dict[Mutant, list[Scenario]] = defaultdict(list)
    with part.world() as world:
        matrix = Matrix(world, phase)
        for scenario in phase.scenarios:
            seen: set[Mutant] = set()
            matrix.begin()
            with watched(seen.add), seam(), suppress(Failed):
                scenario.act(world)
            for mutant in seen:
                found[mutant].append(scenario)
    return found


def noticed(mutant: Mutant, where: Sequence[Place]) -> str | None:
    """Return what goes wrong under *mutant*, and where; None if nothing does."""
    until = time.monotonic() + MOST_S
    for place in where:
        with place.part.world() as world:
            matrix = Matrix(world, place.phase)
            with weakened(mutant):
                for outcome in _outcomes(matrix, place):
                    if outcome.wrong:
                        return outcome.wrong[0]
                    if time.monotonic() > until:
                        return None
    return None


def _outcomes(matrix: Matrix, place: Place) -> Iterator[Outcome]:
    """Yield what comes of each pair and each scenario; first those of which both reach the mutant."""
    reaching, others = place.scenarios, [one for one in place.phase.scenarios if one not in place.scenarios]
    for pair in product(reaching, reaching):
        yield _outcome(lambda outcome, pair=pair: matrix.rivals(*pair, outcome))
    for scenario in reaching:
        yield _outcome(lambda outcome, scenario=scenario: matrix.crashes(scenario, outcome))
    for pair in (*product(reaching, others), *product(others, reaching)):
        yield _outcome(lambda outcome, pair=pair: matrix.rivals(*pair, outcome))


def _outcome(try_out: Callable[[Outcome], None]) -> Outcome:
    outcome = Outcome()
    try:
        try_out(outcome)
    except (AssertionError, Failed) as broken:
        outcome.wrong.append(f"alone: {broken}")
    return outcome

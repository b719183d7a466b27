"""Two matrices over a context's scenarios: each call failing in each way, and each rival inside each call.

Whatever happens, who was not answered comes again with the same key or message. Then all invariants hold, and
the end is the one that an undisturbed run, or two in a row, would have come to.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.faults.modes import MODES, RIVAL, Fault
from tests.faults.ordering_world import Failed, World
from tests.faults.scenario import Phase, Scenario
from tests.faults.seam import Seam, seam

TRIES = 3  # a single fault is over by the second


@dataclass
class Outcome:
    """How many points were tried, and what went wrong at which."""

    points: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, where: str, findings: list[str]) -> None:
        self.points += 1
        self.wrong += [f"{where}: {finding}" for finding in findings]


class Matrix:
    """One phase of a world, begun again for each point; *stride* takes each so-manieth point only."""

    def __init__(self, world: World, phase: Phase, stride: int = 1) -> None:
        self.world, self.phase, self._stride = world, phase, stride
        phase.prepare(world)
        self.begin = world.keep()
        self._seen = 0
        self._calls: dict[str, int] = {}
        self._ends: dict[tuple[str, ...], dict[str, Any]] = {}

    def crashes(self, scenario: Scenario, outcome: Outcome) -> None:
        """Let each call of *scenario* fail in each way."""
        points = [(at, mode) for at in range(1, self.calls(scenario) + 1) for mode in MODES if not self._skipped()]
        expected = [self._end([scenario])] if points else []
        for at, mode in points:
            self.begin()
            if self.attempt(scenario, Fault(at, mode)).struck:
                self._repeat([scenario])
                where = f"{self.phase.name}, {scenario.name}, call {at}, {mode}"
                outcome.note(where, self._differing(expected))

    def rivals(self, first: Scenario, second: Scenario, outcome: Outcome) -> None:
        """Let *second* happen whole inside each call of *first*; *one_by_one*, the end is as after the two in a row."""
        points = [at for at in range(1, self.calls(first) + 1) if not self._skipped()]
        rows = [[first, second], [second, first]] if points and self.phase.one_by_one else []
        expected = [self._end(row) for row in rows]
        for at in points:
            self.begin()
            if self.attempt(first, Fault(at, RIVAL, lambda: self._elsewhere(second))).struck:
                self._repeat([first, second])
                where = f"{self.phase.name}, {second.name} within {first.name}, call {at}"
                outcome.note(where, self._differing(expected))

    def small_pages(self, scenario: Scenario, outcome: Outcome) -> None:
        """Let every query and scan answer one item at a time."""
        expected = self._end([scenario])
        self.begin()
        with seam(page_size=1):
            scenario.act(self.world)
            self._repeat([scenario])
        outcome.note(f"{self.phase.name}, {scenario.name}, pages of one", self._differing([expected]))

    def calls(self, scenario: Scenario) -> int:
        if scenario.name not in self._calls:
            self._calls[scenario.name] = len(self.clean(scenario).calls)
        return self._calls[scenario.name]

    def clean(self, scenario: Scenario) -> Seam:
        """Run *scenario* undisturbed from the beginning, and return what it asked of AWS."""
        self.begin()
        with seam() as calls:
            scenario.act(self.world)
        return calls

    def _end(self, scenarios: list[Scenario]) -> dict[str, Any]:
        names = tuple(scenario.name for scenario in scenarios)
        if names not in self._ends:
            self._ends[names] = self._lived(scenarios)
        return self._ends[names]

    def _lived(self, scenarios: list[Scenario]) -> dict[str, Any]:
        self.begin()
        for scenario in scenarios:
            self._elsewhere(scenario)
        self._repeat(scenarios)
        assert not self.world.broken(), f"{self.phase.name}, {[s.name for s in scenarios]}: {self.world.broken()}"
        return self.world.end_state()

    def attempt(self, scenario: Scenario, fault: Fault) -> Seam:
        with seam(fault=fault) as calls, suppress(Failed):
            scenario.act(self.world)
        return calls

    def _repeat(self, scenarios: list[Scenario]) -> None:
        for scenario in scenarios:
            until_answered(lambda scenario=scenario: self._elsewhere(scenario))
        self.world.settle()

    def _elsewhere(self, scenario: Scenario) -> None:
        self.world.fresh()
        scenario.act(self.world)

    def _differing(self, expected: list[dict[str, Any]]) -> list[str]:
        found = self.world.broken()
        end = self.world.end_state()
        if expected and end not in expected:
            nearest = min((list(_differences(end, other)) for other in expected), key=len)
            found += [f"ends with {difference}" for difference in nearest]
        return found

    def _skipped(self) -> bool:
        self._seen += 1
        return self._seen % self._stride != 0


def until_answered(act: Callable[[], Any]) -> None:
    """Do *act* as its caller or its trigger would: again when there was no answer."""
    for _ in range(TRIES - 1):
        with suppress(Failed):
            act()
            return
    act()


def _differences(end: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    for name in {**expected, **end}:
        if end.get(name) != expected.get(name):
            yield f"{name} {end.get(name)} instead of {expected.get(name)}"

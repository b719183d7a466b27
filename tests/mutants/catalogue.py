"""What is known of mutants: which tests reach each, how long those take, and which mutants change nothing."""

import json
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.sites import Mutant, Site

HERE = Path(__file__).parent
MAP = HERE / "map.json"  # of one machine and one day: not kept
REDUNDANT = HERE / "redundant.txt"


@dataclass(frozen=True)
class Reach:
    takes_s: float
    mutants: frozenset[Mutant]


class Catalogue:
    def __init__(self, reach: Mapping[str, Reach]) -> None:
        self._reach = reach

    @property
    def mutants(self) -> list[Mutant]:
        """Return all of them, in an order that does not change."""
        return sorted({mutant for reach in self._reach.values() for mutant in reach.mutants})

    def names(self) -> Mapping[str, list[Mutant]]:
        """Return mutants by name: one name stands for what is written alike in one function."""
        found: dict[str, list[Mutant]] = {}
        for mutant in self.mutants:
            found.setdefault(mutant.name, []).append(mutant)
        return found

    def tests_of(self, mutant: Mutant, there: Container[str], *, most_s: float) -> tuple[list[str], float]:
        """Return the tests that reach *mutant*, the fastest first, and how long they take in all, *most_s* at most."""
        reaching = [(r.takes_s, test) for test, r in self._reach.items() if mutant in r.mutants and test in there]
        tests, takes = [], 0.0
        for takes_s, test in sorted(reaching):
            if tests and takes + takes_s > most_s:
                break
            tests.append(test)
            takes += takes_s
        return tests, takes

    # -- on disk

    def save(self) -> None:
        numbers = {mutant: n for n, mutant in enumerate(self.mutants)}
        mutants = [[m.site.module, m.site.function, m.site.line, m.site.role, m.how] for m in numbers]
        tests = {t: [round(r.takes_s, 3), sorted(numbers[m] for m in r.mutants)] for t, r in self._reach.items()}
        MAP.write_text(json.dumps({"mutants": mutants, "tests": tests}))

    @classmethod
    def load(cls) -> "Catalogue":
        known = json.loads(MAP.read_text())
        mutants = [Mutant(Site(*site), how) for *site, how in known["mutants"]]
        return cls({t: Reach(takes, frozenset(mutants[n] for n in ns)) for t, (takes, ns) in known["tests"].items()})


def redundant() -> dict[str, str]:
    """Return the mutants that change nothing, each with the reason."""
    lines = [line for line in REDUNDANT.read_text().splitlines() if line and not line.startswith("#")]
    pairs = [line.rsplit(" — ", 1) for line in lines]
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    assert not twice, twice
    return dict(pairs)

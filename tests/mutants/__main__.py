"""Weaken each condition of the stores in turn: `make mutants`.

python -m tests.mutants map      which tests reach which mutants (once, and after tests or stores changed)
python -m tests.mutants run      every mutant, on from where the last run was cut off
python -m tests.mutants again    those that were not noticed, with all tests that reach them
"""

import json
import logging
import sys
from functools import partial

import pytest

from tests.mutants import hunt
from tests.mutants.catalogue import HERE, Catalogue, redundant
from tests.mutants.plugin import Map, Run, forked
from tests.mutants.sites import Mutant

VERDICTS = HERE / "verdicts.json"
TESTS = ["tests/unit", "tests/integration", "tests/faults"]
QUIETLY = ["-q", "--no-header", "--no-summary"]
MOST_S = 20.0  # of tests, for each mutant


def make_map(tests: list[str]) -> None:
    seen = Map()
    pytest.main(["-q", *(tests or TESTS)], plugins=[seen])
    Catalogue(seen.reach).save()


def run() -> None:
    catalogue, verdicts = Catalogue.load(), known()
    wanted = [mutant for mutant in catalogue.mutants if mutant.name not in verdicts]
    logging.disable(logging.CRITICAL)
    pytest.main([*QUIETLY, *TESTS], plugins=[Run(catalogue, wanted, tell=partial(tell, verdicts), most_s=MOST_S)])


def hunt_on() -> None:
    verdicts = known()
    for mutant, places in hunt.places().items():
        if verdicts.get(mutant.name, "") is None:
            tell(verdicts, mutant, forked(lambda mutant=mutant, places=places: hunt.noticed(mutant, places), None))


def known() -> dict[str, str | None]:
    return dict(json.loads(VERDICTS.read_text())) if VERDICTS.exists() else {}


def tell(verdicts: dict[str, str | None], mutant: Mutant, noticed: str | None) -> None:
    """Say and keep what came of a mutant. Of two that are called alike, both must be noticed."""
    verdicts[mutant.name] = noticed and verdicts.get(mutant.name, noticed) and noticed
    VERDICTS.write_text(json.dumps(verdicts, indent=1))
    print(f"{mutant.name}\n    {noticed or 'NOT NOTICED'}", flush=True)  # noqa: T201 - a program


def summary(verdicts: dict[str, str | None]) -> None:
    allowed = redundant()
    survived = [name for name, noticed in verdicts.items() if noticed is None]
    unexpected = [name for name in survived if name not in allowed]
    wrongly = [name for name in allowed if verdicts.get(name, "gone") is not None]
    print(f"{len(verdicts)} mutants, {len(verdicts) - len(survived)} noticed, "  # noqa: T201 - a program
          f"{len(survived) - len(unexpected)} change nothing, {len(unexpected)} survive")  # fmt: skip
    for name in unexpected:
        print(f"survives: {name}")  # noqa: T201 - a program
    for name in wrongly:
        print(f"listed as changing nothing, and noticed or gone: {name}")  # noqa: T201 - a program
    sys.exit(bool(unexpected or wrongly))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["map", *tests]:
            make_map(tests)
        case ["run"]:
            run()
        case ["hunt"]:
            hunt_on()
            summary(known())
        case _:
            sys.exit(__doc__)

"""Weaken each condition of the stores in turn: `make mutants`.

python -m tests.mutants map      which tests reach which mutants (once, and after tests or stores changed)
python -m tests.mutants run      every mutant, on from where the last run was cut off
python -m tests.mutants again    those that were not noticed, with all tests that reach them
"""

import json
import logging
import sys

import pytest

from tests.mutants.catalogue import HERE, Catalogue, redundant
from tests.mutants.plugin import Map, Run
from tests.mutants.sites import Mutant

VERDICTS = HERE / "verdicts.json"
TESTS = ["tests/unit", "tests/integration", "tests/faults"]
QUIETLY = ["-q", "--no-header", "--no-summary", "-p", "no:logging"]
FIRST_S, AGAIN_S = 60.0, 1200.0  # of tests, for each mutant


def make_map(tests: list[str]) -> None:
    seen = Map()
    pytest.main(["-q", *(tests or TESTS)], plugins=[seen])
    Catalogue(seen.reach).save()


def run(*, again: bool) -> None:
    catalogue = Catalogue.load()
    verdicts: dict[str, str | None] = json.loads(VERDICTS.read_text()) if VERDICTS.exists() else {}
    wanted = [m for m in catalogue.mutants if (verdicts.get(m.name, "") is None if again else m.name not in verdicts)]

    def tell(mutant: Mutant, noticed: str | None, tests: int) -> None:
        verdicts[mutant.name] = noticed
        VERDICTS.write_text(json.dumps(verdicts, indent=1))
        print(f"{mutant.name}\n    {noticed or f'NOT NOTICED by any of {tests}'}", flush=True)  # noqa: T201 - a program

    logging.disable(logging.CRITICAL)
    running = Run(catalogue, wanted, tell=tell, most_s=AGAIN_S if again else FIRST_S)
    pytest.main([*QUIETLY, *TESTS], plugins=[running])
    summary(verdicts)


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
        case ["run" | "again" as what]:
            run(again=what == "again")
        case _:
            sys.exit(__doc__)

"""A few mutants of each part, every day: the rival matrix notices them. `make mutants` tries all."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.everything import PARTS
from tests.mutants import hunt
from tests.mutants.catalogue import redundant

ROOTS = (Path("layers/lumbung/lumbung"), Path("functions"))
SAMPLE = {
    "ordering: an open wave": "store.orders.Orders.save | when | without version = :was",
    "ordering: a draft": "store.waves.Waves.save | when | without version = :was",
    "payments: a till": "store.tills.Tills.announce | when | without free >= :n",
    "riders: a trip on offer": "store.trips._save | when | without version = :was",
    "desk: goods at the desk": "store.handovers.Handovers.told | when | without attribute_not_exists(pk)",
    "catalogue: a run that reads": "store.catalog.Products.save | when | without version = :was",
    "notices: notices in the queue": "store.notices.Notices._put | when | without attribute_not_exists(pk)",
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    log = logging.getLogger("lumbung")
    log.disabled = True
    yield
    log.disabled = False


@pytest.mark.parametrize("where", SAMPLE)
def test_a_weaker_condition_is_noticed_where_two_meet(where: str) -> None:
    of_part, _, name = where.partition(": ")
    part = next(part for part in PARTS if part.name == of_part)
    phase = next(phase for phase in part.phases if phase.name == name)
    reached = {mutant.name: (mutant, scenarios) for mutant, scenarios in hunt.reached(part, phase).items()}
    mutant, scenarios = reached[SAMPLE[where]]
    assert hunt.noticed(mutant, [hunt.Place(part, phase, tuple(scenarios))])


def test_what_is_listed_as_changing_nothing_is_still_there_and_has_a_reason() -> None:
    for name, reason in redundant().items():
        place = name.split(" | ")[0].split(".")
        module = next(
            here for here in (".".join(place[:n]) for n in range(len(place), 0, -1)) if _source(here).exists()
        )
        assert f"def {place[-1]}(" in _source(module).read_text(), f"{name} is gone"
        assert len(reason) > 10, f"{name} has no reason"


def _source(module: str) -> Path:
    """Return the file of a module of the layer or of a function."""
    path = Path(*module.split(".")).with_suffix(".py")
    return next((there for root in ROOTS if (there := root / path).exists()), path)

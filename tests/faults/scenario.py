"""What a matrix is made of: a phase brings a world to a moment, its scenarios are single invocations there.

A scenario may fail at any call and then come again, or meet another one. `covers` names the route, the trigger
or the step of the closing queue that it shows to be safe.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.ordering_world import World

Act = Callable[[World], Any]


@dataclass(frozen=True)
class Scenario:
    name: str
    act: Act
    covers: str | None = None  # None: only met as a rival, covered by its own context


@dataclass(frozen=True)
class Phase:
    """*one_by_one*: whether two at once end as one after the other; not where an action asks a provider in between."""

    name: str
    prepare: Act
    scenarios: tuple[Scenario, ...]
    one_by_one: bool = True


def step(name: str, dropoff: int) -> Act:
    """A message of the closing queue for one drop-off."""
    return lambda w: w.work({"step": name, "wave": w.wave["id"], "dropoff": w.dropoffs[dropoff]})


def both(name: str) -> Act:
    """The messages of a step for both drop-offs, one after the other."""
    return lambda w: [step(name, n)(w) for n in range(2)]


def once(name: str) -> Act:
    """A message of the closing queue for the whole wave."""
    return lambda w: w.work({"step": name, "wave": w.wave["id"]})


def of_wave(action: str, body: dict[str, Any]) -> Act:
    return lambda w: w.post(f"/v1/waves/{w.wave['id']}/{action}", body, key=action)


def cash(name: str) -> Act:
    return lambda w: w.cash(w.ids[name])

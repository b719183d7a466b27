"""A life at random, from one seed: one thing after another happens, and any of it may go wrong.

Any action may meet a fault at any of its calls, or somebody else's action inside one. Who is not answered comes
again at once, later, or (being a person) never; a message comes until it is taken, and sometimes once more.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from tests.faults.modes import MODES, RIVAL, Fault
from tests.faults.ordering_world import Failed, World
from tests.faults.seam import seam

Act = Callable[[], Any]


class History(ABC):
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.log: list[str] = []
        self.wrong: list[str] = []
        self._unanswered: list[tuple[str, Act]] = []
        self._keys = 0
        self._alone = True
        random.seed(seed)  # what the product itself leaves to chance: shards

    @abstractmethod
    def _something(self) -> tuple[str, Act]:
        """Return what happens next, in words and as it is done."""

    def _calls(self) -> int:
        """Return among how many of an action's calls one may go wrong."""
        return 6

    def _happen(self, what: str, act: Act) -> bool:
        """Let *act* happen, perhaps with a fault; say whether it was answered."""
        fault, how = self._fault()
        self._alone = fault is None
        self.log.append(f"{self.world.now:%d %H:%M:%S} {what}{how}")
        answered = False
        with seam(fault=fault) as calls, suppress(Failed):
            act()
            answered = True
        if calls.crashed:
            self.world.fresh()
        if not answered and self.chance.random() < 0.8:
            self._unanswered.append((what, act))
        if self.chance.random() < 0.5:
            self._come_again()
        return answered

    def _fault(self) -> tuple[Fault | None, str]:
        kind = self.chance.random()
        at = self.chance.randrange(1, self._calls() + 1)
        if kind < 0.25:
            mode = self.chance.choice(MODES)
            return Fault(at, mode), f" [{mode} at {at}]"
        if kind < 0.4:
            what, act = self._something()

            def rival() -> None:
                self.world.fresh()
                with suppress(Failed):
                    act()

            return Fault(at, RIVAL, rival), f" [{what} within call {at}]"
        return None, ""

    def _come_again(self) -> None:
        unanswered, self._unanswered = self._unanswered, []
        for what, act in unanswered:
            self.log.append(f"{self.world.now:%d %H:%M:%S} again: {what}")
            act()

    def _later(self, seconds: int) -> None:
        self.world.at(self.world.now + timedelta(seconds=seconds))

    def _key(self) -> str:
        self._keys += 1
        return f"key-{self._keys}"

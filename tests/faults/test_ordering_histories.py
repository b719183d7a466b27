"""Ordering at random: whatever happens to a wave in whatever order, its invariants hold in the end.

`make torture SEED=7 HISTORIES=10000` lives many more; a seed that fails is printed with what happened.
"""

import os

from tests.faults.ordering_history import WaveHistory
from tests.faults.ordering_world import World

FIRST = int(os.environ.get("SEED", "1"))
HISTORIES = int(os.environ.get("HISTORIES", "120"))


def test_histories_with_faults_and_rivals_keep_every_invariant(world: World) -> None:
    begin = world.keep()
    for seed in range(FIRST, FIRST + HISTORIES):
        begin()
        history = WaveHistory(world, seed)

        wrong = history.live()

        assert wrong == [], "\n".join([f"seed {seed}", *history.log, *wrong])

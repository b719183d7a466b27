"""A source's life at random: local work is kept, nothing jumps or goes in bulk unapproved, lists show what there is."""

import logging
import os

from tests.faults.catalog_history import SourceHistory
from tests.faults.catalog_world import a_catalog_world

FIRST = int(os.environ.get("SEED", "1"))
HISTORIES = int(os.environ.get("HISTORIES", "120")) // 12  # each takes some twelve times as long as one of ordering


def test_histories_with_faults_and_rivals_keep_every_invariant() -> None:
    logging.disable(logging.CRITICAL)
    with a_catalog_world() as world:
        begin = world.keep()
        for seed in range(FIRST, FIRST + HISTORIES):
            begin()
            history = SourceHistory(world, seed)

            wrong = history.live()

            assert wrong == [], "\n".join([f"seed {seed}", *history.log, *wrong])
    logging.disable(logging.NOTSET)

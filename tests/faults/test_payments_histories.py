"""Money at random: whatever happens to it in whatever order, the invariants of payments hold in the end.

`make torture SEED=7 HISTORIES=10000` lives many more; a seed that fails is printed with what happened.
"""

import os

from tests.faults.money_history import MoneyHistory
from tests.faults.money_world import MoneyWorld

FIRST = int(os.environ.get("SEED", "1"))
HISTORIES = int(os.environ.get("HISTORIES", "8"))


def test_histories_with_faults_and_rivals_explain_every_rupiah(paying: MoneyWorld) -> None:
    begin = paying.keep()
    for seed in range(FIRST, FIRST + HISTORIES):
        begin()
        history = MoneyHistory(paying, seed)

        wrong = history.live()

        assert wrong == [], "\n".join([f"seed {seed}", *history.log, *wrong])

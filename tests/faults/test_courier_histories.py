"""Couriers and the desk at random: whatever becomes of a drop-off's goods, they are explained and nobody comes twice.

`make torture SEED=7 HISTORIES=10000` lives many more; a seed that fails is printed with what happened.
"""

import os

from tests.faults.courier_history import History
from tests.faults.courier_world import CourierWorld

FIRST = int(os.environ.get("SEED", "1"))
HISTORIES = int(os.environ.get("HISTORIES", "120")) // 15  # each takes some fifteen times as long as one of ordering


def test_fault_histories_of_couriers_explain_every_pack(couriers: CourierWorld) -> None:
    begin = couriers.keep()
    for seed in range(FIRST, FIRST + HISTORIES):
        begin()
        history = History(couriers, seed)

        wrong = history.live()

        assert wrong == [], "\n".join([f"seed {seed}", *history.log, *wrong])

"""An order's life in units, as measured; a test holds what is measured every day to these figures.

    step                           writes  reads   measured by
    placed                              9      1   tests/bench/test_units.py
    asked how to be paid               13      5   GET /dev/requests after `make run`
    told by the provider                3      1   the same (repeats with it)
    applied: order, ledger, event      16      7   tests/bench/test_units.py (as for cash, which books the same)
    counted and allocated               6      2   tests/bench/test_units.py
    looked at by its member             0     20   the same: ten looks, 2 units each
    handed over at the desk            13      5   the same, with the code that is shown
    told of four times                 16      2   infra/decisions.md: ten notices, 40 units

Seconds and bytes of log are estimates on the safe side: half a second where a provider is waited for, a tenth where
none is; a kilobyte of log for each time a function runs. Not in it: warming tables before a national wave, traffic out,
mail.
"""

from infra.cost.model import Use

PLACED = Use(writes=9, reads=1, requests=1, invocations=1, seconds=0.1, logged=1_000)
ASKED_TO_PAY = Use(writes=13, reads=5, requests=1, invocations=1, seconds=0.5, logged=1_000)
TOLD = Use(writes=3, reads=1, requests=1, invocations=1, seconds=0.1, logged=1_000)
APPLIED = Use(writes=16, reads=7, invocations=2, seconds=0.6, logged=2_000)
CLOSED = Use(writes=6, reads=2, invocations=0.1, seconds=0.1, logged=100)
LOOKED_AT = Use(reads=20, requests=10, invocations=4, seconds=0.4, logged=4_000)
HANDED_OVER = Use(writes=13, reads=5, requests=2, invocations=3, seconds=0.4, logged=3_000)
NOTICES = 4
TOLD_OF = Use(writes=16, reads=2, invocations=2, seconds=2, messages=12, logged=3_000)

LIFE = {
    "placed": PLACED, "asked how to be paid": ASKED_TO_PAY, "told by the provider": TOLD, "applied": APPLIED,
    "counted and allocated": CLOSED, "looked at": LOOKED_AT, "handed over": HANDED_OVER, "told of": TOLD_OF,
}  # fmt: skip
KEPT_BYTES = 8_000  # an order with its payments, transfers, notices and their indexes

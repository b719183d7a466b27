"""What only ordering uses."""

from collections.abc import Callable
from datetime import date
from functools import cache

from lumbung.runtime import clock, deps
from lumbung.store import keys
from lumbung.store.catalog import Products
from lumbung.store.decisions import Decisions
from lumbung.store.due import Due
from lumbung.store.remaining import Remaining
from lumbung.store.settlements import Settlements

ORDERING_TIMEOUT_S = 10  # of OrderingApi, as template.yaml has it; a test holds the two together


@cache
def products() -> Products:
    return Products(deps.db(), deps.table("catalog"))


@cache
def remaining() -> Remaining:
    return Remaining(deps.shards(), clock.now)


@cache
def settlements() -> Settlements:
    return Settlements(deps.db(), deps.table("payments"))


@cache
def decide() -> Decisions:
    return Decisions(deps.db(), deps.earlier)


@cache
def holiday() -> Callable[[date], str | None]:
    """Return what knows holidays: loaded when a wave is planned, not when members order."""
    from lumbung.runtime.calendar import indonesian_holiday

    return indonesian_holiday()


@cache
def due() -> Due:
    return Due(deps.db(), deps.table("orders"), keys.ORDERS_DUE)

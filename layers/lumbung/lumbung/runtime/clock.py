"""The only module that reads a clock: *now*, for retries, caches, token lives and conditions on `due`.

When something *happened* is never asked here: it comes with the event (the gateway's `timeEpoch`,
a schedule's `time`, a provider's own time).
"""

from collections.abc import Callable
from datetime import UTC, datetime

Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_source: Source = _system


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _source()


def use(source: Source | None) -> None:
    """Read from *source* from now on; None: from the machine. For tests and for a stack with its own time."""
    global _source
    _source = source or _system

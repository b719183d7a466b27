"""The stack's clock inside a worker: told with each invocation, running on from there."""

import time
from datetime import UTC, datetime, timedelta


class WorkerClock:
    def __init__(self) -> None:
        self._told = datetime.fromtimestamp(0, UTC)
        self._at = time.monotonic()

    def tell(self, now: str) -> None:
        self._told = datetime.fromisoformat(now)
        self._at = time.monotonic()

    def now(self) -> datetime:
        return self._told + timedelta(seconds=time.monotonic() - self._at)

"""The stack's time, as a provider on the other side of the wire knows it."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")


class Clock:
    """Runs on from the time it was last told; asks the stack once, when it was never told."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[datetime]] | None = None,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._elapsed = elapsed
        self._told: tuple[datetime, float] | None = None

    def told(self, now: datetime) -> None:
        self._told = now.astimezone(UTC), self._elapsed()

    @property
    def is_set(self) -> bool:
        return self._told is not None

    async def ready(self) -> None:
        """Make sure that there is a time to tell."""
        if self._told is None and self._ask is not None:
            self.told(await self._ask())

    def __call__(self) -> datetime:
        if self._told is None:
            raise RuntimeError("the stack has not told the time yet")
        now, then = self._told
        return now + timedelta(seconds=self._elapsed() - then)


def wib(at: datetime) -> str:
    """Write *at* as Midtrans does: Jakarta time without a zone, `2026-10-05 09:00:01`."""
    return at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")


def utc(at: datetime) -> str:
    """Write *at* as RFC 3339 in UTC, `2026-10-05T02:00:01Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Read RFC 3339; raise ValueError for anything else, also for a time without a zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return at

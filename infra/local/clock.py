"""The stack's clock: runs with the machine's, may be moved forward, and stands still while it is moved."""

import json
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_KEPT = 20_000
"""Pieces of the past kept to translate the engine's stamps: more than a year's walk leaves."""


class ClockGoesBack(ValueError):
    """The clock was asked to go back."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """From the machine's moment *real* on, the stack's clock shows *shown*, and runs or stands."""

    real: float
    shown: datetime
    runs: bool

    def at(self, real: float) -> datetime:
        return self.shown + timedelta(seconds=real - self.real) if self.runs else self.shown


class StackClock:
    def __init__(self, start: datetime, kept_in: Path | None = None) -> None:
        self._wall = time.time() - time.monotonic()  # noqa: TID251  the stack's clock stands on the machine's
        self._kept_in = kept_in
        self._pieces = [_Piece(self._real(), max(start, _kept(kept_in) or start), runs=True)]
        self.keep()

    def now(self) -> datetime:
        """Return the stack's present, aware, in UTC."""
        return self._pieces[-1].at(self._real())

    def at_real(self, real: float) -> datetime:
        """Return what the stack's clock showed when the machine's showed *real* (seconds since the epoch)."""
        index = bisect_right(self._pieces, real, key=lambda piece: piece.real) - 1
        if index < 0:
            return self._pieces[0].shown
        shown = self._pieces[index].at(real)
        return min(shown, self._pieces[index + 1].shown) if index + 1 < len(self._pieces) else shown

    def move_to(self, instant: datetime) -> None:
        """Show *instant* from now on; the clock runs or stands as before."""
        if instant < self.now():
            raise ClockGoesBack(f"the clock shows {self.now().isoformat()} and never goes back")
        self._turn(instant, runs=self._pieces[-1].runs)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        self._turn(self.now(), runs=False)
        try:
            yield
        finally:
            self._turn(self.now(), runs=True)
            self.keep()

    def keep(self) -> None:
        """Write the present down, so that the next start does not go back behind it."""
        if self._kept_in:
            self._kept_in.write_text(json.dumps({"now": self.now().isoformat()}))

    def _turn(self, shown: datetime, *, runs: bool) -> None:
        self._pieces.append(_Piece(self._real(), shown, runs))
        del self._pieces[:-_KEPT]

    def _real(self) -> float:
        return self._wall + time.monotonic()


def system_now() -> datetime:
    """Return the machine's time, where a stack starts unless it is told otherwise."""
    return datetime.now(UTC)  # noqa: TID251  the stack's clock stands on the machine's


def stamp(moment: datetime) -> str:
    """Write *moment* as RFC 3339 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read an RFC 3339 moment with any offset."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text} names no offset")
    return read.astimezone(UTC)


def _kept(path: Path | None) -> datetime | None:
    return moment(json.loads(path.read_text())["now"]) if path and path.exists() else None

"""Opening hours of drop-offs, as people write them, and when members are at home; in minutes of a local day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain.indonesian import DAYS, local

SHORTEST_WINDOW_MIN = 60
_HOURS = re.compile(r"(?P<days>[a-z ,\-]*?)\s*(?P<begin>\d{1,2}[.:]\d{2})\s*-\s*(?P<end>\d{1,2}[.:]\d{2})")


@dataclass(frozen=True, slots=True)
class Window:
    """From *begin* to *end*, both in minutes of the day."""

    begin: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.begin

    def from_now(self, at: datetime, zone: str) -> tuple[int, int]:
        """Return when today's begins and ends, in seconds from *at*; below zero: it did."""
        now = local(at, zone)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = (midnight + timedelta(minutes=minutes) - now for minutes in (self.begin, self.end))
        return int(begin.total_seconds()), int(end.total_seconds())

    def __str__(self) -> str:
        return f"{clock_time(self.begin, '.')}–{clock_time(self.end, '.')}"


def opening(hours: str | None, at: datetime, zone: str) -> Window | None:
    """Return when a drop-off is open on the day of *at*; None: not that day, or nobody can tell.

    hours                                        on a Friday   on a Sunday
    Jumat 08.00-16.00                            8 to 16       –
    Senin–Jumat 08:00–16:00; Sabtu 09:00–12:00   8 to 16       –
    09.00-15.00                                  9 to 15       9 to 15
    setelah jam kantor                           –             –
    """
    today = local(at, zone).weekday()
    text = (hours or "").lower().replace("–", "-").replace("s.d.", "-").replace("jum'at", "jumat")
    for said in _HOURS.finditer(text):
        begin, end = (minute_of(said[name].replace(".", ":")) for name in ("begin", "end"))
        if begin < end <= 24 * 60 and today in set(_days(said["days"])):
            return Window(begin, end)
    return None


def minute_of(time: str) -> int:
    hour, _, minute = time.partition(":")
    return int(hour) * 60 + int(minute)


def clock_time(minutes: int, between: str = ":") -> str:
    return f"{minutes // 60:02}{between}{minutes % 60:02}"


def _days(text: str) -> Iterator[int]:
    """Yield the numbers of the days that *text* names; all of them when it names none."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    if not named:
        yield from range(7)
    for part in named:
        first, _, last = (name.strip().capitalize() for name in part.partition("-"))
        if first in DAYS and (last or first) in DAYS:
            begin, end = DAYS.index(first), DAYS.index(last or first)
            yield from ((begin + n) % 7 for n in range((end - begin) % 7 + 1))

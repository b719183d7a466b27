"""When schedules fire: `rate(…)`, `cron(…)` and `at(…)` on any stretch of the stack's clock."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from infra.local.blueprint import Schedule
from infra.local.settings import THIN_MINUTES
from infra.local.support import NotRunHere

_EXPRESSION = re.compile(r"(rate|cron|at)\((.+)\)")
_RATE = re.compile(r"(\d+) (minute|hour|day)s?")
_EPOCH = datetime.fromtimestamp(0, UTC)
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_THIN = timedelta(minutes=THIN_MINUTES)


def firings(schedule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when *schedule* fires, later than *after* and not later than *until*, in order.

    A rate counts from midnight 1970, so that schedules of the same rate fire together and a restart moves nothing.
    """
    match = _EXPRESSION.fullmatch(schedule.expression.strip())
    if not match:
        raise NotRunHere(f"{schedule.id}: {schedule.expression} is no schedule")
    kind, inner = match.groups()
    if kind == "rate":
        yield from _at_rate(schedule, inner, after, until)
    elif kind == "cron":
        yield from _at_cron(schedule, inner, after, until)
    else:
        once = datetime.fromisoformat(inner).replace(tzinfo=ZoneInfo(schedule.zone)).astimezone(UTC)
        if after < once <= until:
            yield once


def thinned(times: Iterator[datetime]) -> Iterator[datetime]:
    """Leave one firing, the last, in every quarter of an hour; the last of all is always kept.

    fires at                          kept
    10:01 10:02 … 10:15 10:16 10:17   10:15 10:17
    09:00 10:00 11:00                 09:00 10:00 11:00
    """
    kept: datetime | None = None
    for time in times:
        if kept and _quarter(kept) != _quarter(time):
            yield kept
        kept = time
    if kept:
        yield kept


def _quarter(time: datetime) -> int:
    """Number the quarters of an hour; one ends with its full quarter, which belongs to it."""
    return -((_EPOCH - time) // _THIN)


def _at_rate(schedule: Schedule, inner: str, after: datetime, until: datetime) -> Iterator[datetime]:
    match = _RATE.fullmatch(inner.strip())
    if not match or match.group(1) == "0":
        raise NotRunHere(f"{schedule.id}: {schedule.expression} is no rate")
    step = timedelta(**{f"{match.group(2)}s": int(match.group(1))})
    time = _EPOCH + ((after - _EPOCH) // step + 1) * step
    while time <= until:
        yield time
        time += step


def _at_cron(schedule: Schedule, inner: str, after: datetime, until: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(schedule.zone)
    for local in CronSim(_five_fields(schedule, inner), after.astimezone(zone)):
        time = local.astimezone(UTC)
        if time > until:
            return
        yield time


def _five_fields(schedule: Schedule, inner: str) -> str:
    """Translate AWS's cron: no `?`, no year, and days of the week from SUN, not from 1."""
    fields = inner.split()
    if len(fields) != 6 or fields[5] != "*":
        raise NotRunHere(f"{schedule.id}: {schedule.expression}: the local stack takes six fields, and * as the year")
    minute, hour, day, month, weekday = (field.replace("?", "*") for field in fields[:5])
    numbered = re.sub(r"(?<![#/\d])[1-7]", lambda match: _DAYS[int(match.group()) - 1], weekday.upper())
    if "L" in weekday:
        numbered = re.sub(r"([1-7])L", lambda match: f"{int(match.group(1)) - 1}L", weekday)
    return f"{minute} {hour} {day} {month} {numbered}"

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.simulators.clock import Clock, parse_time, utc, wib

NINE_WIB = datetime(2026, 10, 5, 2, 0, 1, tzinfo=UTC)


def test_a_clock_runs_on_from_the_time_it_was_told():
    elapsed = [100.0]
    clock = Clock(elapsed=lambda: elapsed[0])
    clock.told(NINE_WIB)

    elapsed[0] += 90

    assert clock() == NINE_WIB + timedelta(seconds=90)


def test_a_clock_asks_the_stack_once():
    asked = []

    async def ask() -> datetime:
        asked.append("now?")
        return NINE_WIB

    async def twice() -> None:
        await clock.ready()
        await clock.ready()

    clock = Clock(ask=ask, elapsed=lambda: 0.0)
    asyncio.run(twice())

    assert (clock(), asked) == (NINE_WIB, ["now?"])


def test_a_clock_that_was_never_told_does_not_guess():
    with pytest.raises(RuntimeError, match="not told the time"):
        Clock()()


def test_each_provider_writes_time_its_own_way():
    assert (wib(NINE_WIB), utc(NINE_WIB)) == ("2026-10-05 09:00:01", "2026-10-05T02:00:01Z")


def test_a_time_needs_a_zone():
    assert parse_time("2026-10-05T09:00:01+07:00") == NINE_WIB
    with pytest.raises(ValueError, match="no time zone"):
        parse_time("2026-10-05T09:00:01")

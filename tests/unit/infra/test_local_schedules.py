"""When schedules fire on the stack's clock, and with what."""

from datetime import UTC, datetime

import pytest

from infra.local.blueprint import Schedule
from infra.local.schedules import firings, thinned
from infra.local.support import NotRunHere
from infra.local.walk import event


def a_schedule(expression: str, zone: str = "UTC", text: str | None = None, by_rule: bool = False) -> Schedule:
    return Schedule("Sweep", "arn:aws:scheduler:x", expression, zone, "lumbung-Sweep", text, by_rule)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2020-04-{text}").replace(tzinfo=UTC)


def fired(expression: str, after: str, until: str, zone: str = "UTC") -> list[str]:
    return [f"{time:%d %H:%M}" for time in firings(a_schedule(expression, zone), at(after), at(until))]


@pytest.mark.parametrize(
    ("expression", "zone", "after", "until", "expected"),
    [
        pytest.param("rate(1 minute)", "UTC", "01T10:00", "01T10:02", ["01 10:01", "01 10:02"], id="every minute"),
        pytest.param("rate(6 hours)", "UTC", "01T01:00", "01T13:00", ["01 06:00", "01 12:00"], id="from midnight on"),
        pytest.param("cron(0 6 * * ? *)", "Asia/Jakarta", "01T00:00", "02T23:30", ["01 23:00", "02 23:00"], id="zone"),
        pytest.param("cron(0/20 10 * * ? *)", "UTC", "01T10:00", "01T11:00", ["01 10:20", "01 10:40"], id="every 20"),
        pytest.param("cron(0 9 ? * MON-FRI *)", "UTC", "03T12:00", "07T12:00", ["06 09:00", "07 09:00"], id="weekdays"),
        pytest.param("cron(0 9 ? * 2-6 *)", "UTC", "03T12:00", "07T12:00", ["06 09:00", "07 09:00"], id="numbered"),
        pytest.param("cron(0 9 ? * 6L *)", "UTC", "01T00:00", "30T00:00", ["24 09:00"], id="the last Friday"),
        pytest.param("cron(0 9 ? * 2#1 *)", "UTC", "01T00:00", "30T00:00", ["06 09:00"], id="the first Monday"),
        pytest.param("at(2020-04-02T07:00:00)", "Asia/Jakarta", "01T00:00", "30T00:00", ["02 00:00"], id="once"),
        pytest.param("at(2020-04-02T07:00:00)", "UTC", "02T07:00", "30T00:00", [], id="once, and not again"),
    ],
)
def test_a_schedule_fires(expression: str, zone: str, after: str, until: str, expected: list[str]) -> None:
    assert fired(expression, after, until, zone) == expected


@pytest.mark.parametrize("expression", ["rate(0 minutes)", "rate(1 fortnight)", "cron(0 6 * * ? 2020)", "every day"])
def test_an_expression_that_cannot_run_is_refused(expression: str) -> None:
    with pytest.raises(NotRunHere, match="Sweep"):
        fired(expression, "01T00:00", "02T00:00")


def test_a_frequent_schedule_keeps_one_firing_a_quarter_and_the_last() -> None:
    times = thinned(firings(a_schedule("rate(1 minute)"), at("01T10:00"), at("01T10:47")))
    assert [f"{time:%H:%M}" for time in times] == ["10:15", "10:30", "10:45", "10:47"]


def test_a_schedule_that_is_not_frequent_keeps_all_its_firings() -> None:
    times = thinned(firings(a_schedule("rate(20 minutes)"), at("01T10:00"), at("01T11:00")))
    assert [f"{time:%H:%M}" for time in times] == ["10:20", "10:40", "11:00"]


def test_the_time_of_firing_is_put_into_a_schedules_input() -> None:
    schedule = a_schedule("rate(1 day)", text='{"time": "<aws.scheduler.scheduled-time>"}')
    assert event(schedule, at("01T06:00")) == {"time": "2020-04-01T06:00:00Z"}


def test_without_an_input_the_event_says_what_fired_and_when() -> None:
    made = event(a_schedule("rate(1 day)", by_rule=True), at("01T06:00"))
    assert (made["source"], made["time"], made["resources"]) == (
        "aws.events",
        "2020-04-01T06:00:00Z",
        ["arn:aws:scheduler:x"],
    )

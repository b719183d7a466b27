"""Indonesia's holidays, as the calendar that plans go by knows them."""

import csv
from datetime import date
from pathlib import Path

import pytest

from lumbung.runtime.calendar import indonesian_holiday

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "calendar" / "id_holidays_2019_2027.csv"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2020, 4, 10), "Wafat Yesus Kristus", id="Good Friday, when wave I was handed out"),
        pytest.param(date(2020, 4, 9), None, id="the day before"),
        pytest.param(date(2020, 12, 24), "Cuti Bersama Hari Raya Natal", id="a joint holiday"),
        pytest.param(date(2020, 4, 13), None, id="Easter Monday, when wave II was handed out"),
    ],
)
def test_public_and_joint_holidays_are_known_by_name(day: date, name: str | None) -> None:
    assert indonesian_holiday()(day) == name


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded calendar is not beside this project")
def test_it_agrees_with_the_calendar_as_recorded() -> None:
    holiday = indonesian_holiday()
    with RECORDED.open() as file:
        recorded = {date.fromisoformat(row["date"]): row["name_id"] for row in csv.DictReader(file)}

    assert {day: holiday(day) for day in recorded} == recorded

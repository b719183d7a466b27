"""Money and time as people in Indonesia write them."""

from datetime import UTC, date, datetime

import pytest

from lumbung.domain.indonesian import day, moment, rupiah


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "Rp0"), (500, "Rp500"), (55_000, "Rp55.000"), (1_250_000, "Rp1.250.000")]
)
def test_rupiah(amount: int, text: str):
    assert rupiah(amount) == text


def test_a_day():
    assert day(date(2020, 4, 10)) == "Jumat, 10 April 2020"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Jakarta", "Rabu, 8 April 2020 pukul 23.05 WIB"),
        ("Asia/Makassar", "Kamis, 9 April 2020 pukul 00.05 WITA"),
        ("Asia/Jayapura", "Kamis, 9 April 2020 pukul 01.05 WIT"),
    ],
)
def test_a_moment_is_told_by_the_wave_s_own_clocks(zone: str, text: str):
    assert moment(datetime(2020, 4, 8, 16, 5, tzinfo=UTC), zone) == text

"""Opening hours as people write them."""

from datetime import UTC, datetime

import pytest

from lumbung.domain.hours import Window, clock_time, minute_of, opening

FRIDAY, SUNDAY = datetime(2020, 4, 10, 2, 0, tzinfo=UTC), datetime(2020, 4, 12, 2, 0, tzinfo=UTC)
EIGHT, NINE, NOON, THREE, FOUR = 480, 540, 720, 900, 960


@pytest.mark.parametrize(
    ("hours", "friday", "sunday"),
    [
        ("Jumat 08.00-16.00", Window(EIGHT, FOUR), None),
        ("Senin–Jumat 08:00–16:00; Sabtu 09:00–12:00", Window(EIGHT, FOUR), None),
        ("09.00-15.00", Window(NINE, THREE), Window(NINE, THREE)),
        ("Jum'at, Minggu 9.00 - 12.00", Window(NINE, NOON), Window(NINE, NOON)),
        ("Sabtu-Senin 08.00 s.d. 16.00", None, Window(EIGHT, FOUR)),
        ("Jumat 16.00-08.00", None, None),
        ("setelah jam kantor", None, None),
        (None, None, None),
    ],
)
def test_hours_are_read_as_far_as_they_can_be(hours, friday, sunday):
    assert opening(hours, FRIDAY, "Asia/Jakarta") == friday
    assert opening(hours, SUNDAY, "Asia/Jakarta") == sunday


def test_the_day_is_that_of_the_wave_s_zone():
    late = datetime(2020, 4, 9, 16, 30, tzinfo=UTC)  # Thursday in Jakarta, Friday in Makassar

    assert opening("Jumat 08.00-16.00", late, "Asia/Jakarta") is None
    assert opening("Jumat 08.00-16.00", late, "Asia/Makassar") == Window(EIGHT, FOUR)


def test_a_window_in_seconds_from_now():
    assert Window(EIGHT, FOUR).from_now(FRIDAY, "Asia/Jakarta") == (-3600, 7 * 3600)
    assert (minute_of("13:05"), clock_time(785), str(Window(EIGHT, FOUR))) == (785, "13:05", "08.00–16.00")

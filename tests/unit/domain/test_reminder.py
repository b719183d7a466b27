"""Whoever has time to pay is reminded before it is over."""

from datetime import timedelta

import pytest

from lumbung.domain.reminder import is_to_be_reminded, lead_for
from tests.unit.domain.test_notice import an_order, paid

HOURS_6, MINUTES_30 = timedelta(hours=6), timedelta(minutes=30)
LEADS = (HOURS_6, MINUTES_30)


@pytest.mark.parametrize(
    ("window", "lead"),
    [
        pytest.param(timedelta(hours=26), HOURS_6, id="a day"),
        pytest.param(timedelta(hours=12, minutes=30), HOURS_6, id="just long enough for the long lead"),
        pytest.param(timedelta(hours=12), MINUTES_30, id="too short for the long lead"),
        pytest.param(timedelta(minutes=90), MINUTES_30, id="just long enough for the short lead"),
        pytest.param(timedelta(minutes=89), None, id="ordered only just now"),
    ],
)
def test_a_window_is_reminded_of_by_the_longest_lead_that_fits(window: timedelta, lead: timedelta | None):
    assert lead_for(window, LEADS) == lead


def test_only_an_unpaid_order_is_reminded_and_only_by_its_own_lead():
    assert is_to_be_reminded(an_order(), MINUTES_30, LEADS)
    assert not is_to_be_reminded(an_order(), HOURS_6, LEADS)
    assert not is_to_be_reminded(paid(), MINUTES_30, LEADS)

"""Indonesia's public holidays and joint holidays (cuti bersama), from the `holidays` package.

Loading it takes a fifth of a second: only who plans waves does (see `deps_ordering.holiday`).
"""

from collections.abc import Callable
from datetime import date

from holidays import GOVERNMENT, PUBLIC, country_holidays


def indonesian_holiday() -> Callable[[date], str | None]:
    """Return what names the holiday that a day is, in Bahasa Indonesia; None where it is none."""
    known = country_holidays("ID", categories=(PUBLIC, GOVERNMENT), language="id")
    return known.get

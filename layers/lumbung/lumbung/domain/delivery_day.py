"""Days on which handing out goods is awkward: nobody is at the office. A warning, never a refusal.

On 10 April 2020, Good Friday, the programme handed out its first wave.
"""

from collections.abc import Callable
from datetime import date

from lumbung.domain.caution import Caution

WEEKEND = {5: "Sabtu", 6: "Minggu"}
Holiday = Callable[[date], str | None]  # the public or joint holiday's name, if the day is one


def cautions(day: date, holiday: Holiday) -> list[Caution]:
    """Return what speaks against handing out goods on *day*.

    day                      cautions
    Thursday 9 April 2020    -
    Friday 10 April 2020     delivery_on_holiday   Wafat Yesus Kristus
    Saturday 1 June 2019     delivery_on_weekend, delivery_on_holiday
    """
    found = []
    if weekend := WEEKEND.get(day.weekday()):
        found.append(Caution("delivery_on_weekend", "/delivery_date", f"{day} adalah hari {weekend}."))
    if name := holiday(day):
        found.append(Caution("delivery_on_holiday", "/delivery_date", f"{day} adalah hari libur: {name}."))
    return found

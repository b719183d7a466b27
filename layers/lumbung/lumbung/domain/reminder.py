"""When somebody who has not paid yet is reminded: once, a while before the money is due.

Every LOOK_EVERY it is looked what is due within a lead from then on until the next look, so that nobody is reminded
later than a lead before the end. An order that this is right for was placed before the look: its window is longer.
"""

from collections.abc import Iterable
from datetime import timedelta

from lumbung.domain.order import Order

LOOK_EVERY = timedelta(minutes=30)


def lead_for(window: timedelta, leads: Iterable[timedelta]) -> timedelta | None:
    """Return how long before its end a payment *window* is reminded of: the longest lead that leaves as much before.

    window         leads 6 h, 30 min
    26 h           6 h
    12 h 30 min    6 h
    2 h            30 min
    80 min         none: it was ordered only just now
    """
    return max((lead for lead in leads if 2 * lead + LOOK_EVERY <= window), default=None)


def is_to_be_reminded(order: Order, lead: timedelta, leads: Iterable[timedelta]) -> bool:
    """Tell whether *order*, which is due in *lead*, is still to be paid and has this for its lead."""
    return order.status == "placed" and lead_for(order.payment_due_at - order.placed_at, leads) == lead

"""Whoever has not paid yet is reminded before the money is due: once, and not of what was ordered only just now."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from lumbung.domain.notice import PAYMENT_DUE, Notice
from lumbung.domain.reminder import is_to_be_reminded
from notices.ports import DueSoon, Orders

PAGE = 100  # orders, as many as one read takes
PAGES = 800  # of each lead and bucket in one run, about a hundred seconds; the rest comes with the next one


def remind_unpaid(
    *, now: datetime, leads: Sequence[timedelta], soon: DueSoon, orders: Orders,
    send: Callable[[Sequence[Notice]], None],
) -> int:  # fmt: skip
    """Send a notice for every order that comes within its lead before the next run; return how many.

    How far it has come is kept after sending: a crash in between sends again, and a repeat is a repeat.
    """
    places = soon.places()
    reminded = 0
    for lead in leads:
        for bucket in range(soon.buckets):
            known = places
            for _ in range(PAGES):
                ids, places, more = soon.page(lead, bucket, places, now=now, limit=PAGE)
                due = [order for order in orders.get_many(ids) if is_to_be_reminded(order, lead, leads)]
                send([Notice(order.id, PAYMENT_DUE) for order in due])
                reminded += len(due)
                if not more:
                    break
            if places != known:
                soon.keep(places)
    return reminded

"""What becomes of goods that their member does not fetch: a wave's own rule, told to members beforehand.

    rule              when the time is over                        when somebody else buys the packs
    refund            the member's money is promised back          what is taken is the programme's
    refund_if_sold    nothing yet: the packs are on offer again    what is taken is promised back to the member
    forfeit           nothing                                      what is taken is the programme's

The cooperative is paid all the same: it brought what was ordered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain.order import Order
from lumbung.domain.order_parts import PICKUP

REFUND, REFUND_IF_SOLD, FORFEIT = RULES = ("refund", "refund_if_sold", "forfeit")
REMINDED, NOT_COLLECTED = "pickup_reminded", "not_collected"
AFTER_HOURS = 168  # a week, where the office says nothing else
LEAD = timedelta(hours=24)
AGAIN = timedelta(hours=24)  # goods that wait for a courier: they may have to be fetched after all


@dataclass(frozen=True, slots=True)
class Uncollected:
    """`after_hours` since the goods could be fetched."""

    after_hours: int = AFTER_HOURS
    rule: str = REFUND_IF_SOLD

    def deadline(self, order: Order) -> datetime:
        return ready_since(order) + timedelta(hours=self.after_hours)

    def waits_until(self, order: Order) -> datetime | None:
        """Return until when goods at the desk are kept for their member; None: none are, or not any more."""
        waits = order.fulfilment.method == PICKUP and order.fulfilment_status == "at_dropoff"
        return self.deadline(order) if waits else None

    def reminder(self, order: Order) -> datetime:
        """A day before, or half-way where there is less time."""
        return self.deadline(order) - min(LEAD, timedelta(hours=self.after_hours) / 2)

    def first_look(self, received_at: datetime) -> datetime:
        """Return when somebody may have to be reminded of goods that were *received_at* a drop-off."""
        after = timedelta(hours=self.after_hours)
        return received_at + after - min(LEAD, after / 2)

    def next_step(self, order: Order, now: datetime) -> tuple[str | None, datetime | None]:
        """Return what is to be done about *order* now, and when to look again.

        the goods            now                    step        look again
        wait at the desk     before the reminder    -           then
        wait at the desk     before the deadline    reminded    at the deadline
        wait at the desk     after it               ended       -
        wait for a courier   any time               -           in a day
        anywhere else        any time               -           -
        """
        if order.fulfilment.method != PICKUP and order.fulfilment_status in ("at_dropoff", "dispatched"):
            return None, now + AGAIN
        if order.fulfilment_status != "at_dropoff":
            return None, None
        if now >= self.deadline(order):
            return NOT_COLLECTED, None
        if now < self.reminder(order):
            return None, self.reminder(order)
        reminded = any(h.event == REMINDED and h.at >= ready_since(order) for h in order.history)
        return None if reminded else REMINDED, self.deadline(order)


def ready_since(order: Order) -> datetime:
    """Return since when *order* can be fetched at the desk."""
    return max(h.at for h in order.history if h.event in ("at_dropoff", "pickup_instead"))

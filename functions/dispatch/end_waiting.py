"""Who has not fetched their goods is reminded, and then waited for no longer, as their wave's rule says.

Each consignment that was received for good makes the clock look at its drop-off: when the first reminders are due,
and from then on whenever the next step of any order there is. A look may be repeated: each step is taken once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.ports import Bookings, Consignments, Decide, Orders, Waves, Write
from lumbung.domain.booking import Booking
from lumbung.domain.consignment import Consignment
from lumbung.domain.desk import remind
from lumbung.domain.leftovers import give_up
from lumbung.domain.uncollected import NOT_COLLECTED, Uncollected

AT_ONCE = 400  # orders: a few seconds' work, well within the worker's time


@dataclass(frozen=True, slots=True)
class EndWaiting:
    """Looks at the orders of one drop-off."""

    decide: Decide
    waves: Waves
    orders: Orders
    consignments: Consignments
    bookings: Bookings

    def __call__(self, consignment_id: str, *, now: datetime, at_most: int = AT_ONCE) -> Counter[str]:
        """Return how many orders were `pickup_reminded` and `not_collected`.

        After *at_most* of them it stops and says `more`: then it is to be called again.
        """
        seen = self.consignments.get(consignment_id)
        rule = self.waves.get(seen.wave_id).uncollected
        if rule is None:
            return Counter()
        counted: Counter[str] = Counter()
        looks: list[datetime] = []
        for order in self.orders.of_dropoff(seen.wave_id, seen.dropoff_id):
            step, look_at = rule.next_step(order, now)
            looks += [look_at] if look_at else []
            if step:
                if counted.total() == at_most:
                    return counted + Counter(more=1)
                counted[self._take(order.id, rule, now)] += 1
        self._look_again(seen, min(looks, default=None))
        return counted

    def _take(self, order_id: str, rule: Uncollected, now: datetime) -> str:
        """Take the step that the order needs as it is now, and return its name, if there is one."""
        taken = ""

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            nonlocal taken
            due, _ = rule.next_step(booking.order, now)
            taken = due or "nothing"
            if due == NOT_COLLECTED:
                return give_up(booking, rule.rule, at=now), ()
            return (replace(booking, order=remind(booking.order, at=now)) if due else booking), ()

        self.bookings.change(order_id, step)
        return taken

    def _look_again(self, seen: Consignment, at: datetime | None) -> None:
        def step() -> tuple[None, Sequence[Write]]:
            now = self.consignments.get(seen.id)
            return None, [] if now.look_at == at else [self.consignments.save(replace(now, look_at=at))]

        self.decide(step)

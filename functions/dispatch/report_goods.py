"""What became of a wave's goods, drop-off by drop-off: in time or late, by whom, at what cost, and nothing unexplained.

Read page by page, one order at a time, so that it takes as much memory for a thousand orders as for a million.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dispatch.ports import Consignments, Deliveries, Orders, TripList
from lumbung.domain.consignment import consignment_id
from lumbung.domain.courier import CHARGED, DELIVERED
from lumbung.domain.delivery import Delivery
from lumbung.domain.goods_account import GoodsAccount
from lumbung.domain.order import Order
from lumbung.domain.trip import Trip
from lumbung.domain.uncollected import NOT_COLLECTED
from lumbung.domain.wave import Wave

AT_ONCE = 100  # orders whose deliveries are read together


@dataclass(slots=True)
class DropoffReport:
    """`orders`: all, on_time, late, waiting, not_collected. `couriers`: trips, cost, grams, and failures by cause."""

    goods: GoodsAccount = field(default_factory=GoodsAccount)
    orders: Counter[str] = field(default_factory=Counter)
    couriers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failures: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add_order(self, order: Order, delivery: Delivery, due: datetime, now: datetime) -> None:
        self.goods.add_order(order, delivery)
        if order.live and order.granted_packs:
            self.orders.update(all=1, not_collected=order.fulfilment_status == NOT_COLLECTED)
            self.orders[punctuality(order, due, now)] += 1

    def add_trip(self, trip: Trip) -> None:
        """Count a trip; what is charged counts as cost, what was brought as weight."""
        counted = self.couriers[trip.courier]
        counted["trips"] += 1
        counted["cost"] += trip.cost if trip.status in CHARGED else 0
        if trip.status == DELIVERED:
            in_time = trip.ended_at is not None and trip.ended_at <= max(trip.eta(stop) for stop in trip.stops)
            counted.update(delivered=1, on_time=in_time, weight_g=trip.weight_g)
        elif trip.ended:
            self.failures[trip.courier][trip.status] += 1

    def add(self, other: "DropoffReport") -> None:
        """Add another drop-off's figures."""
        self.orders.update(other.orders)
        for mine, theirs in (
            (self.goods.packs, other.goods.packs), (self.couriers, other.couriers), (self.failures, other.failures),
        ):  # fmt: skip
            for name, counted in theirs.items():
                mine[name].update(counted)


@dataclass(frozen=True, slots=True)
class ReportGoods:
    orders: Orders
    consignments: Consignments
    deliveries: Deliveries
    trips: TripList

    def __call__(self, wave: Wave, dropoff_id: str, *, now: datetime) -> DropoffReport:
        """Return what has become of the wave's goods at a drop-off until *now*."""
        report, due = DropoffReport(), end_of_delivery_day(wave)
        ids = [consignment_id(wave.id, cooperative_id, dropoff_id) for cooperative_id in wave.cooperative_ids]
        for consignment in self.consignments.get_many(ids).values():
            report.goods.add_consignment(consignment, self.consignments.shares(consignment))
        for order, delivery in self._with_deliveries(self.orders.of_dropoff(wave.id, dropoff_id)):
            report.add_order(order, delivery, due, now)
        for trip in self._trips(wave.id, dropoff_id):
            report.add_trip(trip)
        return report

    def _with_deliveries(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Delivery]]:
        left = iter(orders)
        while some := list(islice(left, AT_ONCE)):
            sent = [order.id for order in some if any(h.event == "dispatched" for h in order.history)]
            known = self.deliveries.of_orders(sent)
            for order in some:
                yield order, known.get(order.id) or Delivery(order.id)

    def _trips(self, wave_id: str, dropoff_id: str) -> Iterator[Trip]:
        start = None
        while True:
            page, start = self.trips.of_dropoff(wave_id, dropoff_id, limit=AT_ONCE, start=start)
            yield from page
            if start is None:
                return


def end_of_delivery_day(wave: Wave) -> datetime:
    """Return the first moment after the wave's delivery day, where it is delivered."""
    return datetime.combine(wave.delivery_date + timedelta(days=1), time(), ZoneInfo(wave.time_zone))


def punctuality(order: Order, due: datetime, now: datetime) -> str:
    """Return `on_time` or `late`: when its goods could be fetched, or were brought; `waiting` while that may still be.

    to be fetched, ready by then                on time
    to be brought, delivered by then            on time
    not yet, and the day is not over            waiting
    otherwise                                   late
    """
    brought = order.fulfilment.method != "pickup"
    reached = [h.at for h in order.history if h.event == ("delivered" if brought else "at_dropoff")]
    if reached:
        return "on_time" if reached[0] < due else "late"
    return "waiting" if now < due else "late"

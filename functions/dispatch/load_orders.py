"""What lies at a drop-off to be brought home becomes loads; what cannot be brought stays, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.ports import Deliveries, Orders, People
from lumbung.domain import routing
from lumbung.domain.delivery import Delivery
from lumbung.domain.errors import LimitExceeded
from lumbung.domain.hours import Window, opening
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER
from lumbung.domain.packing import Capacity
from lumbung.domain.people import Address
from lumbung.domain.registry import Dropoff
from lumbung.domain.routing import ALL_DAY, Between, Load, Problem, Span
from lumbung.domain.tariff import Tariff
from lumbung.domain.trip import PICKUP_MIN


@dataclass(frozen=True, slots=True)
class Start:
    """Where and when trips start, and what each carries; *zone* is the wave's, *measured* the roads from there."""

    dropoff: Dropoff
    at: datetime
    zone: str
    capacity: Capacity
    max_trips: int
    measured: Between | None = None
    riders: int | None = None

    @property
    def leaving(self) -> Span:
        """When trips may leave, in seconds from now: while the drop-off is open, if it says when and still will be."""
        soonest = PICKUP_MIN * 60
        if hours := opening(self.dropoff.opening_hours, self.at, self.zone):
            begin, end = hours.from_now(self.at, self.zone)
            if end > soonest:
                return max(soonest, begin), end
        return soonest, ALL_DAY[1]

    def problem(self, loads: list[Load], tariff: Tariff) -> Problem:
        metres = routing.metres_between(
            self.dropoff.lat, self.dropoff.lng, loads, tariff.road_factor_pct,
            measured=self.measured, here=self.dropoff.id, back=self.riders is not None,
        )  # fmt: skip
        return Problem(loads, metres, self.capacity, self.leaving, self.riders)


@dataclass(slots=True)
class Found:
    loads: list[Load] = field(default_factory=list)
    staying: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadOrders:
    orders: Orders
    deliveries: Deliveries
    people: People
    tariff: Tariff

    def __call__(self, wave_id: str, start: Start) -> Found:
        """Return the loads of every courier order at the drop-off, by order id."""
        waiting = [o.id for o in self.orders.of_dropoff(wave_id, start.dropoff.id) if _is_waiting(o)]
        orders = sorted(filter(_is_waiting, self.orders.get_many(waiting)), key=lambda order: order.id)
        sent_before, private = self.deliveries.of_orders(waiting), self.people.private_of(waiting)
        found = Found()
        for order in orders:
            said = private.get(order.id)
            try:
                found.loads += self._loads_of(order, sent_before[order.id], said.address if said else None, start)
            except LimitExceeded as limit:
                found.staying[order.id] = limit.detail
        return found

    def _loads_of(self, order: Order, delivery: Delivery, to: Address | None, start: Start) -> list[Load]:
        if to is None:
            raise LimitExceeded("Alamat pengiriman tidak ada.")
        if not to.phone:
            raise LimitExceeded("Nomor telepon penerima tidak ada.")
        loads = routing.loads_of(
            order.id, delivery.left(order), _weights(order), start.capacity, to.lat, to.lng, sizes=self.tariff.sizes,
            village_code=to.village_code, window=_span(order.fulfilment.window, start), approximate=to.approximate,
        )  # fmt: skip
        if len(loads) > start.max_trips:
            raise LimitExceeded(f"Pesanan ini memerlukan lebih dari {start.max_trips} perjalanan.")
        for load in loads[:1]:  # all go to the same place
            alone = start.problem([load], self.tariff)
            start.capacity.must_reach(routing.legs([0], alone.metres)[0])
            if routing.timed([0], alone) is None:
                raise LimitExceeded(f"Waktu penerimaan {order.fulfilment.window or 'hari ini'} tidak terkejar lagi.")
        return loads


def _is_waiting(order: Order) -> bool:
    return order.fulfilment.method == COURIER and order.fulfilment_status == "at_dropoff"


def _weights(order: Order) -> Mapping[str, int]:
    return {line.offer_id: line.weight_g for line in order.lines}


def _span(window: Window | None, start: Start) -> Span:
    if window is None:
        return ALL_DAY
    begin, end = window.from_now(start.at, start.zone)
    return max(0, begin), end

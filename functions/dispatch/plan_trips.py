"""Courier orders that lie at a drop-off become motorcycle trips, and are dispatched with them.

Orders that share a trip are dispatched together or not at all. An order that was fetched, or sent, in the
meantime is left for the next plan, with whatever was to share its trip. So planning may be repeated: the second
time nothing is left to send.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.launch_trips import Launch
from dispatch.ports import Deliveries, Dropoffs, Orders, People
from lumbung.domain import ids, routing
from lumbung.domain.delivery import Delivery
from lumbung.domain.errors import Conflict, LimitExceeded
from lumbung.domain.order import COURIER, Order
from lumbung.domain.people import Address
from lumbung.domain.registry import Dropoff
from lumbung.domain.routing import Limits, Load, Route, Solver
from lumbung.domain.tariff import Tariff
from lumbung.domain.trip import ASK_AGAIN, Stop, Trip

DISTRICT = 200  # loads that are planned together: a second or two on one core
TRIPS_TOGETHER = 30  # of one transaction: with an order and a delivery each they stay under its hundred writes


@dataclass(frozen=True, slots=True)
class Run:
    """One request to plan a drop-off."""

    id: str
    wave_id: str
    dropoff_id: str
    courier: str
    stops_per_trip: int
    at: datetime
    by: str


@dataclass(slots=True)
class Plan:
    """What became of the orders: trips that were launched, and orders that stay, with the reason."""

    trips: list[Trip] = field(default_factory=list)
    staying: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanTrips:
    dropoffs: Dropoffs
    orders: Orders
    deliveries: Deliveries
    people: People
    tariff: Tariff
    solve: Solver
    launch: Launch

    def __call__(self, run: Run) -> Plan:
        """Plan and launch trips for every courier order at the drop-off; the same input gives the same plan."""
        dropoff, plan = self.dropoffs.get(run.dropoff_id), Plan()
        loads = self._loads(run, dropoff, plan)
        for district in routing.districts(dropoff.lat, dropoff.lng, loads, DISTRICT):
            for trips in self._trips(run, dropoff, district):
                self._launch(trips, run, plan)
        return plan

    def _loads(self, run: Run, dropoff: Dropoff, plan: Plan) -> list[Load]:
        found = [o.id for o in self.orders.of_dropoff(run.wave_id, run.dropoff_id) if _is_waiting(o)]
        waiting = sorted(filter(_is_waiting, self.orders.get_many(found)), key=lambda order: order.id)
        sent_before = self.deliveries.of_orders(found)
        addresses = self.people.private_of(found)
        loads: list[Load] = []
        for order in waiting:
            private = addresses.get(order.id)
            to = private.address if private else None
            try:
                loads += self._loads_of(order, sent_before[order.id], to, dropoff)
            except LimitExceeded as limit:
                plan.staying[order.id] = limit.detail
        return loads

    def _loads_of(self, order: Order, delivery: Delivery, to: Address | None, dropoff: Dropoff) -> list[Load]:
        if to is None:
            raise LimitExceeded("Alamat pengiriman tidak ada.")
        here = Load(order.id, 0, {}, 0, to.lat, to.lng)
        distance = routing.metres_between(dropoff.lat, dropoff.lng, [here], self.tariff.road_factor_pct)[0][1]
        if distance > self.tariff.max_distance_m:
            raise LimitExceeded("Alamat pengiriman di luar jangkauan kurir.")
        weights = {line.offer_id: line.weight_g for line in order.lines}
        loads = routing.loads_of(order.id, delivery.left(order), weights, self.tariff.max_weight_g, to.lat, to.lng)
        if len(loads) > TRIPS_TOGETHER:
            raise LimitExceeded(f"Pesanan ini memerlukan lebih dari {TRIPS_TOGETHER} perjalanan.")
        return loads

    def _trips(self, run: Run, dropoff: Dropoff, loads: Sequence[Load]) -> Iterator[list[Trip]]:
        """Yield the trips of *loads*, in groups that are launched together."""
        limits = Limits(self.tariff.max_weight_g, self.tariff.max_distance_m, run.stops_per_trip)
        metres = routing.metres_between(dropoff.lat, dropoff.lng, loads, self.tariff.road_factor_pct)
        routes = self.solve(metres, [load.weight_g for load in loads], limits)
        if faults := routing.faults_of(routes, loads, metres, limits):
            raise RuntimeError(f"the solver's plan cannot be driven: {faults}")
        for together in routing.bound_together(routes, loads):
            for group in _few_enough(together, loads):
                yield [self._trip(run, [loads[n] for n in route], routing.legs(route, metres)) for route in group]

    def _trip(self, run: Run, loads: Sequence[Load], legs: Sequence[int]) -> Trip:
        names = [f"{load.order_id}#{load.number}" for load in loads]
        estimate = max(self.tariff.minimum, -(-sum(legs) * self.tariff.per_km // 1000))
        return Trip(
            id=ids.within(run.id, "trp_", *names),
            wave_id=run.wave_id,
            dropoff_id=run.dropoff_id,
            courier=run.courier,
            stops=tuple(
                Stop(load.order_id, n, load.packs, load.weight_g, leg)
                for n, (load, leg) in enumerate(zip(loads, legs, strict=True), 1)
            ),
            distance_m=sum(legs),
            weight_g=sum(load.weight_g for load in loads),
            cost=estimate,
            planned_at=run.at,
            planned_by=run.by,
            ask_at=run.at + ASK_AGAIN,
        )

    def _launch(self, trips: list[Trip], run: Run, plan: Plan) -> None:
        try:
            self.launch(trips, at=run.at, by=run.by)
        except Conflict as changed:
            plan.staying |= {stop.order_id: changed.detail for trip in trips for stop in trip.stops}
        else:
            plan.trips += trips


def _is_waiting(order: Order) -> bool:
    return order.fulfilment.method == COURIER and order.fulfilment_status == "at_dropoff"


def _few_enough(together: list[Route], loads: Sequence[Load]) -> list[list[Route]]:
    """Return *together* as one group, or, where that outgrows a transaction, each order in trips of its own."""
    stops = sum(map(len, together))
    if stops <= TRIPS_TOGETHER:
        return [together]
    alone: dict[str, list[Route]] = {}
    for number in sorted(number for route in together for number in route):
        alone.setdefault(loads[number].order_id, []).append([number])
    return list(alone.values())

"""Courier orders that lie at a drop-off become motorcycle trips, and are dispatched when these are asked for.

Orders that share a trip are dispatched together or not at all. An order that was fetched, or sent, in the
meantime is left for the next plan, with whatever was to share its trip. So planning may be repeated: the second
time nothing is left to send.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.launch_trips import Launch
from dispatch.load_orders import LoadOrders, Start
from dispatch.ports import Dropoffs, MeasuredRoads, Waves
from lumbung.domain import ids, routing
from lumbung.domain.errors import Conflict
from lumbung.domain.packing import Capacity
from lumbung.domain.routing import Load, Problem, Route, Solver
from lumbung.domain.tariff import Tariff
from lumbung.domain.trip import ASK_AGAIN, PICKUP_MIN, Stop, Trip

DISTRICT = 200  # loads that are planned together: a second or two on one core
DISTRICTS_AT_ONCE = 15  # in one invocation: 3,000 loads are solved and launched in half of its time
TRIPS_TOGETHER = 30  # of one transaction: with an order and a delivery each they stay under its hundred writes


@dataclass(frozen=True, slots=True)
class Run:
    """One request to plan a drop-off, for *courier*; *riders*: how many of its own there are, if they ride."""

    id: str
    wave_id: str
    dropoff_id: str
    courier: str
    capacity: Capacity
    at: datetime
    by: str
    riders: int | None = None


@dataclass(slots=True)
class Plan:
    """What became of the orders: trips that were launched, and orders that stay, with the reason.

    `more`: there is more than was planned now; the same run is to be planned again.
    """

    trips: list[Trip] = field(default_factory=list)
    staying: dict[str, str] = field(default_factory=dict)
    more: bool = False


@dataclass(frozen=True, slots=True)
class PlanTrips:
    waves: Waves
    dropoffs: Dropoffs
    roads: MeasuredRoads
    load_orders: LoadOrders
    tariff: Tariff
    solve: Solver
    launch: Launch

    def __call__(self, run: Run, *, at_once: int = DISTRICTS_AT_ONCE) -> Plan:
        """Plan and launch trips for every courier order at the drop-off; the same input gives the same plan."""
        start = self._start(run)
        found = self.load_orders(run.wave_id, start)
        plan = Plan(staying=dict(found.staying))
        districts = [
            district
            for loads in routing.at_home_and_later(found.loads)
            for district in routing.districts(start.dropoff.lat, start.dropoff.lng, loads, DISTRICT)
        ]
        for district in districts[:at_once]:
            for trips in self._trips(run, start.problem(district, self.tariff)):
                self._launch(trips, run, plan)
        plan.more = len(districts) > at_once and bool(plan.trips)
        return plan

    def _start(self, run: Run) -> Start:
        roads = self.roads.find(run.dropoff_id)
        return Start(
            dropoff=self.dropoffs.get(run.dropoff_id),
            at=run.at,
            zone=self.waves.get(run.wave_id).time_zone,
            capacity=run.capacity,
            max_trips=TRIPS_TOGETHER,
            measured=roads.between if roads else None,
            riders=run.riders,
        )

    def _trips(self, run: Run, problem: Problem) -> Iterator[list[Trip]]:
        """Yield the trips of a district, in groups that are launched together."""
        routes = self.solve(problem)
        if faults := routing.faults_of(routes, problem):
            raise RuntimeError(f"the solver's plan cannot be driven: {faults}")
        for together in routing.bound_together(routes, problem.loads):
            for group in _few_enough(together, problem.loads):
                yield [self._trip(run, route, problem) for route in group]

    def _trip(self, run: Run, route: Route, problem: Problem) -> Trip:
        loads, legs = [problem.loads[n] for n in route], routing.legs(route, problem.metres)
        leaves_at = _leaving(run, route, problem)
        names = [f"{load.order_id}#{load.number}" for load in loads]
        return Trip(
            id=ids.within(run.id, "trp_", *names),
            wave_id=run.wave_id,
            dropoff_id=run.dropoff_id,
            courier=run.courier,
            stops=tuple(
                Stop(load.order_id, n, load.packs, load.weight_g, leg, load.approximate)
                for n, (load, leg) in enumerate(zip(loads, legs, strict=True), 1)
            ),
            distance_m=sum(legs),
            weight_g=sum(load.weight_g for load in loads),
            cost=self.tariff.price_of(sum(legs)),
            planned_at=run.at,
            planned_by=run.by,
            ask_at=leaves_at - timedelta(minutes=PICKUP_MIN) if leaves_at else run.at + ASK_AGAIN,
            leaves_at=leaves_at,
            waits=leaves_at is not None,
        )

    def _launch(self, trips: list[Trip], run: Run, plan: Plan) -> None:
        try:
            self.launch(trips, at=run.at, by=run.by)
        except Conflict as changed:
            plan.staying |= {stop.order_id: changed.detail for trip in trips for stop in trip.stops}
        else:
            plan.trips += trips


def _leaving(run: Run, route: Route, problem: Problem) -> datetime | None:
    """Return when a trip leaves; None: as soon as there is a motorcycle."""
    timed = routing.timed(route, problem)
    if timed is None or timed[0] <= PICKUP_MIN * 60:
        return None
    return run.at + timedelta(seconds=timed[0])


def _few_enough(together: list[Route], loads: Sequence[Load]) -> list[list[Route]]:
    """Return *together* as one group, or, where that outgrows a transaction, each order in trips of its own."""
    stops = sum(map(len, together))
    if stops <= TRIPS_TOGETHER:
        return [together]
    alone: dict[str, list[Route]] = {}
    for number in sorted(number for route in together for number in route):
        alone.setdefault(loads[number].order_id, []).append([number])
    return list(alone.values())

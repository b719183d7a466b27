"""PyVRP finds the routes. Nothing but the planner's function imports this module, or carries the package."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Result, VehicleType, solve
from pyvrp.stop import MaxIterations

from lumbung.domain import routing
from lumbung.domain.routing import AT_A_DOOR_S, LOADING_S, SPEED_M_PER_MIN, Problem, Route

SEED = 20200410
ITERATIONS = 1_500  # not seconds: the same input is to give the same plan on any machine
PER_TRIP_M = 4_080  # what one more trip costs, in metres: the tariff's minimum over its price per metre
INDIVISIBLE = 1  # as a third load: how many stops a trip has


def find_routes(problem: Problem, *, iterations: int = ITERATIONS) -> list[Route]:
    """Return routes that carry every load once within the limits, short and few; the same ones for the same problem.

    A capacitated problem with time windows. Without *riders* as many motorcycles as it takes ride one trip each, and
    their way back costs nothing, because nobody rides it for us. With riders it is a multi-trip problem: they load
    again at the drop-off; if that is not possible within the limits, it is solved as if there were riders enough.
    """
    if problem.capacity.stops == 1 or not problem.loads:
        return _each_alone(problem)
    found = _split(search(data_of(problem), MaxIterations(iterations)))
    if not routing.faults_of(found, problem):
        return found
    if problem.riders is not None:
        return find_routes(_with_enough(problem), iterations=iterations)
    return _each_alone(problem)


def search(data: ProblemData, stop: Any, *, seed: int = SEED) -> Result:
    """Let PyVRP search until *stop*; *seed* and *data* decide what it finds, if *stop* counts iterations."""
    return solve(data, stop=stop, seed=seed, collect_stats=False, display=False)


def data_of(problem: Problem) -> ProblemData:
    metres: Any = np.array(problem.metres, dtype=np.int64)
    capacity, (opens, closes) = problem.capacity, problem.leaving
    motorcycles: dict[str, Any] = {
        "capacity": [capacity.weight_g, capacity.room_cm3, capacity.stops],
        "tw_early": opens,
        "start_late": closes,
    }
    if problem.riders is None:
        kind = VehicleType(len(problem.loads), fixed_cost=PER_TRIP_M, max_distance=capacity.distance_m, **motorcycles)
    else:
        kind = VehicleType(problem.riders, reload_depots=[0], **motorcycles)
    return ProblemData(
        locations=[Location(0, 0) for _ in range(len(problem.loads) + 1)],
        clients=[
            Client(
                n, delivery=[load.weight_g, load.volume_cm3, INDIVISIBLE], service_duration=AT_A_DOOR_S,
                tw_early=load.window[0], tw_late=load.window[1],
            )
            for n, load in enumerate(problem.loads, 1)
        ],
        depots=[Depot(0, service_duration=0 if problem.riders is None else LOADING_S)],
        vehicle_types=[kind],
        distance_matrices=[metres],
        duration_matrices=[metres * 60 // SPEED_M_PER_MIN],
    )  # fmt: skip


def _each_alone(problem: Problem) -> list[Route]:
    return [[number] for number in range(len(problem.loads))]


def _split(result: Result) -> list[Route]:
    """Return the trips of a plan: what a rider brings between two visits to the drop-off is one."""
    trips: list[list[int]] = []
    for route in result.best.routes():
        visits: Sequence[Any] = route.schedule()
        for at_a_door, stops in groupby(visits, key=lambda visit: visit.is_client()):
            if at_a_door:
                trips.append([visit.idx for visit in stops])
    return [*sorted(trips)]


def _with_enough(problem: Problem) -> Problem:
    metres = [[0 if b == 0 else way for b, way in enumerate(row)] for row in problem.metres]
    return Problem(problem.loads, metres, problem.capacity, problem.leaving)

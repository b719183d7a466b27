"""PyVRP finds the routes. Nothing but the planner's function imports this module, or carries the package."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve
from pyvrp.stop import MaxIterations

from lumbung.domain.routing import Limits, Route

SEED = 20200410
ITERATIONS = 500  # not seconds: the same input is to give the same plan on any machine
PER_TRIP_M = 4_080  # what one more trip costs, in metres: the tariff's minimum over its price per metre
INDIVISIBLE = 1  # as a second load: how many stops a trip has


def find_routes(metres: Sequence[Sequence[int]], weights: Sequence[int], limits: Limits) -> list[Route]:
    """Return routes that carry every load once within *limits*, short and few; RuntimeError when there are none.

    A capacitated problem with as many motorcycles as it takes: each starts at the drop-off, and the way back
    costs nothing, because nobody rides it for us.
    """
    if not weights:
        return []
    distances: Any = np.array(metres, dtype=np.int64)
    data = ProblemData(
        locations=[Location(0, 0) for _ in range(len(weights) + 1)],
        clients=[Client(n, delivery=[weight, INDIVISIBLE]) for n, weight in enumerate(weights, 1)],
        depots=[Depot(0)],
        vehicle_types=[
            VehicleType(
                len(weights),
                [limits.weight_g, limits.stops],
                fixed_cost=PER_TRIP_M,
                max_distance=limits.distance_m,
            )
        ],
        distance_matrices=[distances],
        duration_matrices=[np.zeros_like(distances)],
    )
    result = solve(data, stop=MaxIterations(ITERATIONS), seed=SEED, collect_stats=False, display=False)
    if not result.is_feasible():
        raise RuntimeError("PyVRP found no plan within the limits")
    found = [[visit.idx for visit in route.schedule() if visit.is_client()] for route in result.best.routes()]
    routes: list[Route] = [*sorted(found)]
    return routes

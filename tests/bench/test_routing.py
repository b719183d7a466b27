"""How good plans are: on published instances, and on a made-up day of 400 orders around the programme's drop-offs.

Neither the instances nor the villages are part of this project: where they are not at hand, they are not measured.
Kilometres are compared within one run.

Two made-up days. One of groceries, eight doors a trip, must save 15 % against one trip per order and against riding to
whoever is nearest. One of rice alone cannot save that much against the nearest: packs of 5 to 20 kg, 10 kg on average,
fill a motorcycle of 20 kg after two doors. Any plan needs some 200 trips, and riding to the nearest finds most of the
good pairs. How much there is to save is known: with every trip that the limits allow enumerated (some two million at
each drop-off), the linear relaxation of choosing among them so that each order is brought once, solved to optimality,
costs 2,166 km. No plan is shorter. Nearest first rides 2,414 km: at most 10.3 % can be saved, whoever searches for
however long. Ours must be within 2 % of that bound.
"""

import csv
import os
import random
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import pytest
from pyvrp import read

from dispatch.solver import find_routes, search
from lumbung.domain import routing
from lumbung.domain.geo import straight_line_m
from lumbung.domain.packing import Capacity, size_of
from lumbung.domain.routing import Load, Problem, Route

SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
INSTANCES, VILLAGES, PLACES = (
    SHARED / "vrp",
    SHARED / "geo" / "jabodetabek_villages.csv",
    SHARED / "programme/places.csv",
)
SECONDS = 29  # of one core: 30 with reading
ORDERS, REACH_M, DISTRICT = 400, 12_000, 200
GROCERIES_G = (1_000, 2_500, 2_500, 5_000, 5_000)  # an order each, as in the later waves
RICE_G = (5_000, 5_000, 5_000, 10_000, 10_000, 15_000, 20_000)
RICE_BOUND_KM = 2_165.9  # see above; of this very day: another seed, list of villages or road factor has another

pytestmark = pytest.mark.skipif(not os.environ.get("BENCH"), reason="takes a minute: `make bench`")


@pytest.mark.skipif(not INSTANCES.exists(), reason="no instances at hand")
@pytest.mark.parametrize(("name", "rounding"), [("X-n101-k25", "round"), ("C201R0.25", "dimacs")])
def test_within_a_per_cent_of_the_best_known(name: str, rounding: str) -> None:
    data = read(INSTANCES / f"{name}.vrp", round_func=rounding)
    solved = (INSTANCES / f"{name}.sol").read_text().lower().split("cost")[1]
    best = int(solved.strip(" :\n").split()[0])

    over = process_time() + SECONDS

    result = search(data, lambda best: process_time() > over)

    gap = result.cost() / best - 1
    told = f"{result.num_iterations} iterations in {SECONDS} s of one core"
    print(f"{name}: {result.cost()} after {told}, best known {best}, gap {gap:.2%}")
    assert result.is_feasible()
    assert gap <= 0.01


def a_day(lat: float, lng: float, number: int, packs_g: Sequence[int], *, seed: int) -> list[Load]:
    """Orders to places scattered about the villages within reach of a drop-off."""
    dice = random.Random(seed)
    with VILLAGES.open() as file:
        villages = [(float(row["lat"]), float(row["lng"])) for row in csv.DictReader(file)]
    near = [place for place in villages if straight_line_m(lat, lng, *place) < REACH_M]
    made = []
    for n in range(number):
        (north, east), grams = dice.choice(near), dice.choice(packs_g)
        place = north + dice.gauss(0, 0.003), east + dice.gauss(0, 0.003)
        made.append(Load(f"ord_{n}", 0, {"a": 1}, grams, *place, size_of(grams).room_cm3))
    return made


def nearest_first(problem: Problem) -> list[Route]:
    """Ride to whoever is nearest and still fits, until nobody does."""
    left, routes, c = set(range(len(problem.loads))), [], problem.capacity
    while left:
        route: list[int] = []
        grams = room = way = at = 0
        while fitting := [
            n for n in left
            if len(route) < c.stops and grams + problem.loads[n].weight_g <= c.weight_g
            and room + problem.loads[n].volume_cm3 <= c.room_cm3 and way + problem.metres[at][n + 1] <= c.distance_m
        ]:  # fmt: skip
            nearest = min(fitting, key=lambda n: problem.metres[at][n + 1])
            grams, room = grams + problem.loads[nearest].weight_g, room + problem.loads[nearest].volume_cm3
            way, at = way + problem.metres[at][nearest + 1], nearest + 1
            route.append(nearest)
            left.discard(nearest)
        routes.append(route)
    return routes


def kilometres(routes: Sequence[Route], problem: Problem) -> float:
    return sum(sum(routing.legs(route, problem.metres)) for route in routes) / 1000


@pytest.mark.skipif(not VILLAGES.exists(), reason="no villages at hand")
@pytest.mark.parametrize(
    ("packs_g", "stops", "bound_km"), [(GROCERIES_G, 8, None), (RICE_G, 4, RICE_BOUND_KM)], ids=["food", "rice"]
)
def test_a_day_takes_fewer_kilometres(packs_g: Sequence[int], stops: int, bound_km: float | None) -> None:
    with PLACES.open() as file:
        rows = [row for row in csv.DictReader(file) if row["place"].startswith("Drop point")]
    ours = nearest = alone = 0.0
    trips = 0
    for n, (lat, lng) in enumerate((float(row["lat"]), float(row["lng"])) for row in rows):
        for district in routing.districts(lat, lng, a_day(lat, lng, ORDERS // len(rows), packs_g, seed=n), DISTRICT):
            metres = routing.metres_between(lat, lng, district, 130)
            problem = Problem(district, metres, Capacity(stops=stops))
            plan = find_routes(problem)
            assert routing.faults_of(plan, problem) == []
            ours, trips = ours + kilometres(plan, problem), trips + len(plan)
            nearest += kilometres(nearest_first(problem), problem)
            alone += kilometres([[load] for load in range(len(district))], problem)

    gaps = f"{1 - ours / nearest:.1%} and {1 - ours / alone:.1%} less"
    print(
        f"{ORDERS} orders: {ours:.0f} km in {trips} trips; nearest first {nearest:.0f}, each alone {alone:.0f}: {gaps}"
    )
    assert ours <= 0.85 * alone
    if bound_km is None:
        assert ours <= 0.85 * nearest
    else:
        print(f"no plan is shorter than {bound_km:.0f} km, {1 - bound_km / nearest:.1%} less than nearest first")
        assert 0.85 * nearest < bound_km <= ours <= 1.02 * bound_km

"""A drop-off of 5,000 courier orders is planned and booked: how long each step takes, and how much memory.

AWS is in memory; each call to it is counted as it would take on the wire.
"""

import json
import os
import random
import resource
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest

from dispatch import planner, worker
from lumbung.domain.courier import Parcel, Quote, Report
from lumbung.domain.people import Address, OrderPrivate
from lumbung.runtime import deps, deps_dispatch
from lumbung.store import trips
from tests.faults.dispatch_world import PLAN, World, a_world
from tests.faults.seam import seam
from tests.people import said_of_order

ORDERS = int(os.environ.get("COURIER_ORDERS", "5000"))
ON_THE_WIRE_S = 0.010  # a call to DynamoDB or SQS, transactions included
STEP_S, STEP_BYTES = 15 * 60, 2 * 1024**3

pytestmark = pytest.mark.skipif(not os.environ.get("BENCH"), reason="takes minutes: `make bench`")


class Courier:
    """Books whatever it is asked for, and knows it again."""

    name = "biteship"
    stops_per_trip = 1
    repeatable = True

    def quote(self, parcel: Parcel) -> Quote:
        return Quote("gojek/instant", 20_000)

    def book(self, parcel: Parcel, quote: Quote) -> Report:
        return Report(f"b-{parcel.booking_id}", parcel.booking_id, "searching", quote.cost)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    dice = random.Random(1)
    solve = planner._solve
    with a_world() as made:
        monkeypatch.setattr(planner, "_solve", solve)
        monkeypatch.setattr(deps_dispatch, "couriers", lambda: {"biteship": Courier()})
        already = len(made.orders)
        for _ in range(ORDERS - already):
            order_id = made.order({"off_a5": dice.choice((1, 1, 1, 2))}, courier=True)
            place = -6.2196 + dice.uniform(-0.05, 0.05), 106.83 + dice.uniform(-0.05, 0.05)
            home = Address("Jl. Salemba 4", "31.74.02.1001", "12940", *place, "Siti", "081298765432")
            made.commit(*said_of_order(OrderPrivate(order_id, home), made.orders[-1].member_id))
            deps.orders().change(order_id, lambda order: (order.arrive(at=made.now), []))
        yield made


def steps(world: World, queue: str, handler: Any, first: dict[str, Any] | None = None) -> list[float]:
    """Hand over the queue's messages until there are none; return how long each step takes, with the wire."""
    took = []
    message = first or world.aws.take(queue)
    while message:
        began = perf_counter()
        with seam() as calls:
            answer = handler({"Records": [{"messageId": "m", "body": json.dumps(message)}]}, None)
        took.append(perf_counter() - began + len(calls.calls) * ON_THE_WIRE_S)
        assert answer == {"batchItemFailures": []}
        message = world.aws.take(queue)
    return took


@pytest.mark.parametrize("riders", [0, 40], ids=["couriers, one stop each", "own riders, four stops each"])
def test_five_thousand_orders_are_planned_and_booked(world: World, riders: int) -> None:
    planned = steps(world, "PlanningQueue", planner.handler, PLAN | {"riders": riders})
    booked = steps(world, "BookingQueue", worker.handler)

    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    made = [trips.from_item(item) for item in deps.db().scan(deps.table("deliveries")) if item["sk"] == "TRIP"]
    print(
        f"{ORDERS} orders in {len(made)} trips: planned in {len(planned)} steps, the longest {max(planned):.0f} s; "
        f"booked in {len(booked)}, the longest {max(booked):.2f} s; {memory / 1024**2:.0f} MB with all of AWS"
    )
    assert {trip.status for trip in made} == {"searching"}
    assert {order_id for trip in made for order_id in trip.order_ids} == {order.id for order in world.orders}
    assert max(planned + booked) < STEP_S
    assert memory < STEP_BYTES

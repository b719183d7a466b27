"""Queue entry point: plans a drop-off's trips. The only function that carries PyVRP, loaded with its first plan."""

from dataclasses import replace
from typing import Any

from dispatch.launch_trips import Launch
from dispatch.load_orders import LoadOrders
from dispatch.plan_trips import Plan, PlanTrips, Run
from lumbung.domain.moments import from_ms
from lumbung.domain.packing import Capacity
from lumbung.domain.rider import RIDERS
from lumbung.domain.routing import Problem, Route
from lumbung.runtime import batch, deps, deps_dispatch
from lumbung.runtime.log import logger
from lumbung.store.table import Item


def _solve(problem: Problem) -> list[Route]:
    from dispatch.solver import find_routes

    return find_routes(problem)


def run_of(message: Item) -> Run:
    riders = message.get("riders", 0)
    courier, capacity = _carrier(message["dropoff_id"], riders)
    return Run(
        id=message["dispatch_id"],
        wave_id=message["wave_id"],
        dropoff_id=message["dropoff_id"],
        courier=courier,
        capacity=capacity,
        at=from_ms(message["at"]),
        by=message["by"],
        riders=riders or None,
    )


def _carrier(dropoff_id: str, riders: int) -> tuple[str, Capacity]:
    """Return who carries, and what at once: own riders need no courier to serve the place."""
    if riders:
        return RIDERS, deps_dispatch.capacity_of(RIDERS)
    terms = deps_dispatch.terms(deps.dropoffs().get(dropoff_id))
    capacity = deps_dispatch.capacity_of(terms.courier)
    return terms.courier, replace(capacity, stops=min(capacity.stops, terms.stops_per_trip))


def plan_trips(run: Run) -> Plan:
    launch = Launch(
        decide=deps_dispatch.decide(), trips=deps_dispatch.trips(), orders=deps.orders(),
        deliveries=deps_dispatch.deliveries(), worker=deps.queue("BOOKING_QUEUE"),
    )  # fmt: skip
    load_orders = LoadOrders(
        orders=deps.orders(), deliveries=deps_dispatch.deliveries(), people=deps.people(), tariff=deps.tariff()
    )
    return PlanTrips(
        waves=deps.waves(), dropoffs=deps.dropoffs(), roads=deps_dispatch.roads(), load_orders=load_orders,
        tariff=deps.tariff(), solve=_solve, launch=launch,
    )(run)  # fmt: skip


def plan(message: Item) -> None:
    run = run_of(message)
    made = plan_trips(run)
    for order_id, reason in made.staying.items():
        logger.warning("order not sent", order_id=order_id, reason=reason)
    if made.more:
        deps.queue("PLANNING_QUEUE").send(**message)
    else:
        deps_dispatch.plans().keep(run.id, run.dropoff_id, made.staying, at=run.at)
    logger.info("trips planned", dispatch_id=run.id, trips=len(made.trips), staying=len(made.staying), more=made.more)


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, plan)

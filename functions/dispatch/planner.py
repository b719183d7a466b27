"""Queue entry point: plans a drop-off's trips. The only function that carries PyVRP, loaded with its first plan."""

from typing import Any

from dispatch.launch_trips import Launch
from dispatch.plan_trips import PlanTrips, Run
from lumbung.domain.moments import from_ms
from lumbung.domain.routing import Limits, Route, Solver
from lumbung.runtime import batch, deps, deps_dispatch
from lumbung.runtime.log import logger
from lumbung.store.table import Item


def _solve(metres: Any, weights: Any, limits: Limits) -> list[Route]:
    from dispatch.solver import find_routes

    return find_routes(metres, weights, limits)


def plan(message: Item) -> None:
    terms = deps_dispatch.terms(deps.dropoffs().get(message["dropoff_id"]))
    solve: Solver = _solve
    run = Run(
        id=message["dispatch_id"],
        wave_id=message["wave_id"],
        dropoff_id=message["dropoff_id"],
        courier=terms.courier,
        stops_per_trip=terms.stops_per_trip,
        at=from_ms(message["at"]),
        by=message["by"],
    )
    launch = Launch(
        decide=deps_dispatch.decide(), trips=deps_dispatch.trips(), orders=deps.orders(),
        deliveries=deps_dispatch.deliveries(), worker=deps.queue("BOOKING_QUEUE"),
    )  # fmt: skip
    made = PlanTrips(
        dropoffs=deps.dropoffs(), orders=deps.orders(), deliveries=deps_dispatch.deliveries(), people=deps.people(),
        tariff=deps.tariff(), solve=solve, launch=launch,
    )(run)  # fmt: skip
    for order_id, reason in made.staying.items():
        logger.warning("order not sent", order_id=order_id, reason=reason)
    logger.info("trips planned", dispatch_id=run.id, trips=len(made.trips), staying=len(made.staying))


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, plan)

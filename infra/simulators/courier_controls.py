"""`POST /{courier}/simulate`: a ride becomes something, and the stack is told, or not, or something else, or twice."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.simulators import read
from infra.simulators.clock import Clock
from infra.simulators.rides import Ride, Rides, Stages

Notify = Callable[[Ride, str, datetime], Awaitable[int | None]]


async def simulate(
    request: Request, *, clock: Clock, rides: Rides, statuses: tuple[str, ...], stages: Stages, notify: Notify
) -> Response:
    """Be `status` from now on, at `price` if one is named, and send `notify` webhooks of it.

    `tell`: the statuses that webhooks claim instead, in that order; so they come late, twice, or in any order.
    """
    await clock.ready()
    asked, now = await read.fields(request), clock()
    id, status = read.text(asked, "id"), read.text(asked, "status", statuses)
    if not (ride := rides.called(id)):
        raise HTTPException(404, f"there is no ride {id}")
    if "price" in asked:
        ride.price = read.number(asked, "price")
    ride.move_to(status, now, stages)
    answered = [await notify(ride, claimed, now) for claimed in told(asked, status, statuses)]
    return JSONResponse({"id": ride.id, "reference_id": ride.reference, "status": status, "notifications": answered})


def listed(rides: Iterable[Ride]) -> Response:
    """Answer what there is of rides, in the order in which they were booked."""
    items = [{"id": r.id, "reference_id": r.reference, "status": r.status, "price": r.price} for r in rides]
    return JSONResponse({"items": items})


def told(asked: dict[str, Any], status: str, statuses: tuple[str, ...]) -> list[str]:
    """Return the statuses that webhooks are to claim: `tell`, or `status` `notify` times."""
    tell = asked.get("tell")
    if tell is None:
        return [status] * read.number(asked, "notify", 1)
    if not isinstance(tell, list) or any(claimed not in statuses for claimed in tell):
        raise HTTPException(422, f"tell has to be a list of {', '.join(statuses)}")
    return [str(claimed) for claimed in tell]

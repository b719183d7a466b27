"""What is asked for when a drop-off dispatches, and what became of it."""

from typing import Literal

from lumbung.runtime.schema import Id, Request, View


class DispatchRequest(Request):
    """*by*: the drop-off's own riders or couriers; not said: its riders, if it has any."""

    wave_id: Id
    by: Literal["riders", "couriers"] | None = None


class DispatchView(View):
    id: str
    wave_id: str
    dropoff_id: str
    status: str


class StayingView(View):
    order_id: str
    reason: str


class PlanView(View):
    """What became of a request to dispatch: `planning` until it is `planned`, and which orders stay, and why."""

    id: str
    dropoff_id: str
    status: str
    staying: list[StayingView]

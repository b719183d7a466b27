"""Trips as the contract writes them."""

from collections.abc import Sequence
from typing import Literal

from lumbung.domain.trip import Stop, Trip
from lumbung.domain.village import IN_THE_MIDDLE
from lumbung.runtime.schema import Id, Request, Utc, View


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


class StopView(View):
    order_id: str
    sequence: int
    eta: Utc
    status: str
    warning: str | None = None


class TripView(View):
    id: str
    courier: str
    service: str | None
    vehicle: str
    stops: list[StopView]
    distance_m: int
    weight_g: int
    fee: int
    status: str
    tracking_url: str | None
    leaves_at: Utc | None = None
    rider_id: str | None = None

    @classmethod
    def of(cls, trip: Trip) -> "TripView":
        return cls(
            id=trip.id,
            courier=trip.courier,
            service=trip.service,
            vehicle=trip.vehicle,
            stops=[_stop(trip, stop) for stop in trip.stops],
            distance_m=trip.distance_m,
            weight_g=trip.weight_g,
            fee=trip.cost,
            status="searching" if trip.status == "booking" else trip.status,
            tracking_url=trip.tracking_url,
            leaves_at=trip.leaves_at,
            rider_id=trip.rider_id,
        )


def _stop(trip: Trip, stop: Stop) -> StopView:
    return StopView(
        order_id=stop.order_id,
        sequence=stop.sequence,
        eta=trip.eta(stop),
        status=trip.stop_status(stop),
        warning=IN_THE_MIDDLE if stop.approximate else None,
    )


class TripList(View):
    items: list[TripView]
    next_cursor: str | None


class DeliveryView(TripView):
    """The trip that says most about how far the order is, and all others that carry, or carried, a part of it."""

    trips: list[TripView]

    @classmethod
    def of_trips(cls, trips: Sequence[Trip]) -> "DeliveryView":
        shown = next((trip for trip in reversed(trips) if not trip.ended), trips[-1])
        return cls(**dict(TripView.of(shown)), trips=[TripView.of(trip) for trip in trips])

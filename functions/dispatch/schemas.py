"""Trips as the contract writes them."""

from collections.abc import Sequence

from lumbung.domain.trip import Trip
from lumbung.runtime.schema import Id, Request, Utc, View


class DispatchRequest(Request):
    wave_id: Id


class DispatchView(View):
    id: str
    wave_id: str
    dropoff_id: str
    status: str


class StopView(View):
    order_id: str
    sequence: int
    eta: Utc
    status: str


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

    @classmethod
    def of(cls, trip: Trip) -> "TripView":
        return cls(
            id=trip.id,
            courier=trip.courier,
            service=trip.service,
            vehicle=trip.vehicle,
            stops=[
                StopView(order_id=s.order_id, sequence=s.sequence, eta=trip.eta(s), status=trip.stop_status)
                for s in trip.stops
            ],
            distance_m=trip.distance_m,
            weight_g=trip.weight_g,
            fee=trip.cost,
            status="searching" if trip.status == "booking" else trip.status,
            tracking_url=trip.tracking_url,
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

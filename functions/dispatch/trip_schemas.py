"""Trips as the contract writes them: for who sends them, and for the member whom they are for."""

from collections.abc import Mapping, Sequence

from lumbung.domain.tracking import Tracking, window
from lumbung.domain.trip import Stop, Trip
from lumbung.domain.village import IN_THE_MIDDLE
from lumbung.runtime.schema import Utc, View


class WindowView(View):
    earliest: Utc
    latest: Utc

    @classmethod
    def of(cls, trip: Trip, stop: Stop) -> "WindowView":
        earliest, latest = window(trip, stop)
        return cls(earliest=earliest, latest=latest)


class StopView(View):
    order_id: str
    sequence: int
    eta: Utc
    window: WindowView
    status: str
    warning: str | None = None

    @classmethod
    def of(cls, trip: Trip, stop: Stop) -> "StopView":
        return cls(
            order_id=stop.order_id,
            sequence=stop.sequence,
            eta=trip.eta(stop),
            window=WindowView.of(trip, stop),
            status=trip.stop_status(stop),
            warning=IN_THE_MIDDLE if stop.approximate else None,
        )


class TripView(View):
    """`alert`: late or stuck, when somebody has to look after it."""

    id: str
    courier: str
    service: str | None
    vehicle: str
    stops: list[StopView]
    distance_m: int
    weight_g: int
    fee: int
    status: str
    ended_at: Utc | None
    tracking_url: str | None
    leaves_at: Utc | None = None
    rider_id: str | None = None
    alert: str | None
    reason: str | None

    @classmethod
    def of(cls, trip: Trip) -> "TripView":
        return cls(
            id=trip.id,
            courier=trip.courier,
            service=trip.service,
            vehicle=trip.vehicle,
            stops=[StopView.of(trip, stop) for stop in trip.stops],
            distance_m=trip.distance_m,
            weight_g=trip.weight_g,
            fee=trip.cost,
            status="searching" if trip.status == "booking" else trip.status,
            ended_at=trip.ended_at,
            tracking_url=trip.tracking_url,
            leaves_at=trip.leaves_at,
            rider_id=trip.rider_id,
            alert=trip.alert,
            reason=trip.reason,
        )


class TripRiderView(View):
    name: str
    plate: str | None


class ProofView(View):
    """That the order was brought, as far as the courier proves it."""

    receiver: str | None
    at: Utc | None
    photo: str | None
    code: str | None


class OrderTripView(TripView):
    """A trip as the member of one of its orders sees it: their own stop, who rides, and the proof that it came."""

    rider: TripRiderView | None
    proof: ProofView | None

    @classmethod
    def for_order(cls, order_id: str, trip: Trip, tracking: Tracking) -> "OrderTripView":
        [stop] = [stop for stop in trip.stops if stop.order_id == order_id]
        rider = tracking.rider if trip.has_rider else None
        proof = tracking.proof_of(stop)
        return cls(
            **dict(TripView.of(trip)) | {"stops": [StopView.of(trip, stop)]},
            rider=TripRiderView(name=rider.name, plate=rider.plate) if rider else None,
            proof=ProofView(**{name: getattr(proof, name) for name in ProofView.model_fields}) if proof else None,
        )


class TripList(View):
    items: list[TripView]
    next_cursor: str | None


class DeliveryView(OrderTripView):
    """The trip that says most about how far the order is, and all others that carry, or carried, a part of it."""

    trips: list[OrderTripView]

    @classmethod
    def of_trips(cls, order_id: str, trips: Sequence[Trip], trackings: Mapping[str, Tracking]) -> "DeliveryView":
        shown = next((trip for trip in reversed(trips) if not trip.ended), trips[-1])
        views = {trip.id: OrderTripView.for_order(order_id, trip, trackings[trip.id]) for trip in trips}
        return cls(**dict(views[shown.id]), trips=list(views.values()))

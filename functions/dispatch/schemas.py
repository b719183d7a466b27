"""Consignments, hand-overs and trips as the contract writes them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lumbung.domain.consignment import Consignment, Count
from lumbung.domain.trip import Stop, Trip
from lumbung.domain.village import IN_THE_MIDDLE
from lumbung.runtime.schema import Id, Request, Text, Utc, View

Packs = Annotated[int, Field(ge=0, le=1_000_000)]


class DepartureRequest(Request):
    vehicle: Text | None = None
    lot: Text | None = None


class CountRequest(Request):
    offer_id: Id
    received: Packs
    damaged: Packs = 0

    def to_domain(self) -> Count:
        return Count(self.offer_id, self.received, self.damaged)


class ReceiptRequest(Request):
    lines: Annotated[list[CountRequest], Field(max_length=100)]
    final: bool = True


class ConsignmentLineView(View):
    offer_id: str
    name: str
    weight_g: int
    expected: int
    received: int
    damaged: int


class ConsignmentView(View):
    id: str
    wave_id: str
    dropoff_id: str
    cooperative_id: str
    state: str
    lines: list[ConsignmentLineView]
    packs: int
    weight_g: int
    vehicle: str | None
    lot: str | None
    departed_at: Utc | None
    received_at: Utc | None

    @classmethod
    def of(cls, c: Consignment) -> "ConsignmentView":
        return cls(
            id=c.id,
            wave_id=c.wave_id,
            dropoff_id=c.dropoff_id,
            cooperative_id=c.cooperative_id,
            state=c.state,
            lines=[
                ConsignmentLineView(
                    offer_id=line.offer_id,
                    name=line.name,
                    weight_g=line.weight_g,
                    expected=line.expected,
                    received=line.received,
                    damaged=line.damaged,
                )
                for line in c.lines
            ],
            packs=c.packs,
            weight_g=c.weight_g,
            vehicle=c.vehicle,
            lot=c.lot,
            departed_at=c.departed_at,
            received_at=c.received_at,
        )


class ConsignmentList(View):
    items: list[ConsignmentView]
    next_cursor: str | None


class HandoverRequest(Request):
    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class HandoverView(View):
    order_id: str
    status: str
    fulfilment_status: str


class PickupCodeView(View):
    code: str
    qr: str


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


class ManifestLineView(View):
    offer_id: str
    name: str
    weight_g: int
    packs: int


class ManifestMemberView(View):
    id: str
    name: str | None
    phone: str | None


class ManifestRowView(View):
    order_id: str
    member: ManifestMemberView
    lines: list[ManifestLineView]
    packs: int
    weight_g: int
    method: str
    fulfilment_status: str


class ManifestView(View):
    wave_id: str
    dropoff_id: str
    items: list[ManifestRowView]
    totals: list[ManifestLineView]
    packs: int
    weight_g: int

"""GoSend: price, booking, status by either id, cancellation, webhooks to a secret address (protocols, section E.2)."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import biteship_rates as rates
from infra.simulators import courier_controls
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock
from infra.simulators.gosend_answers import notified, told
from infra.simulators.rides import Ride, Rides, Stages
from infra.simulators.webhooks import Webhooks

CREDENTIALS = {"client-id": "lumbung-local-gosend", "pass-key": "lumbung-local-gosend-pass-key"}
WEBHOOK = "/v1/webhooks/couriers/gosend/lumbung-local-gosend-address"
STATUSES = (
    "confirmed", "allocated", "out_for_pickup", "picked", "out_for_delivery", "on_hold", "delivered", "rejected",
    "cancelled", "no_driver",
)  # fmt: skip
STAGES = Stages(
    searching=("confirmed", "no_driver"),
    riding=("allocated", "out_for_pickup", "picked", "out_for_delivery", "on_hold", "delivered", "rejected"),
    picked_up=("picked", "out_for_delivery", "on_hold", "delivered", "rejected"),
    cancellable=("confirmed", "allocated", "out_for_pickup"),
)

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """GoSend says no, and why in a header."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Gosend:
    name = "gosend"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock, self._agenda, self._webhooks = clock, agenda, webhooks
        self._webhook = stack + WEBHOOK
        self._rides = Rides()

    def routes(self) -> list[Route]:
        base = "/gokilat/v10"
        return [
            Route(f"{base}/calculate/price", _guarded(self.price), methods=["GET"]),
            Route(f"{base}/booking", _guarded(self.book), methods=["POST"]),
            Route(f"{base}/booking/orderno/{{id}}", _guarded(self.booking), methods=["GET"]),
            Route(f"{base}/booking/storeOrderId/{{id}}", _guarded(self.by_store_order), methods=["GET"]),
            Route(f"{base}/booking/cancel", _guarded(self.cancel), methods=["PUT"]),
        ]

    async def price(self, request: Request) -> Response:
        km = _km(request.query_params.get("origin"), request.query_params.get("destination"))
        able = km <= rates.MAX_KM
        service = {
            "serviceable": able,
            "active": True,
            "distance": round(km, 1),
            "price": {"total_price": rates.price(km)},
            "shipment_method": "Instant",
            "shipment_method_description": "1-2 hours",
        }
        return JSONResponse({"Instant": service})

    async def book(self, request: Request) -> Response:
        asked, now = await _body(request), self._clock()
        routes = asked.get("routes")
        if asked.get("paymentType") != 3 or not isinstance(routes, list) or len(routes) != 1:
            raise Refused(400, "Invalid booking")
        [route] = routes
        if any(not str(route.get(f"{end}ContactPhone", "")).startswith("62") for end in ("origin", "destination")):
            raise Refused(400, "Invalid phone number")
        if any(type(value) is not str for value in route["insuranceDetails"].values()):
            raise Refused(400, "Invalid insuranceDetails")
        km, number = _km(route.get("originLatLong"), route.get("destinationLatLong")), len(self._rides) + 1
        if km > rates.MAX_KM:
            raise Refused(400, "Distance exceeds limit")
        id = f"GK-11-{170_562 + number}"
        ride = Ride(id, route.get("storeOrderId"), number, round(km * 1000), rates.price(km), "confirmed", asked)
        ride.move_to("confirmed", now, STAGES)
        self._rides.add(ride)
        self._agenda.add(now, partial(self._notify_due, ride))
        told = {"id": 170_562 + number, "orderNo": id, "bookingType": "instant", "storeOrderId": ride.reference}
        return JSONResponse(told, 201)

    async def booking(self, request: Request) -> Response:
        return JSONResponse(told(self._found(self._rides.get(request.path_params["id"]))))

    async def by_store_order(self, request: Request) -> Response:
        rides = self._rides.under(request.path_params["id"])
        return JSONResponse(told(self._found(rides[-1] if rides else None)))

    async def cancel(self, request: Request) -> Response:
        asked, now = await _body(request), self._clock()
        ride = self._found(self._rides.get(str(asked.get("orderNo"))))
        if ride.status not in STAGES.cancellable:
            raise Refused(400, f"Booking is {ride.status}")
        ride.move_to("cancelled", now, STAGES)
        self._agenda.add(now, partial(self._notify_due, ride))
        return JSONResponse({"message": "Booking cancelled"})

    async def simulate(self, request: Request) -> Response:
        return await courier_controls.simulate(
            request, clock=self._clock, rides=self._rides, statuses=STATUSES, stages=STAGES, notify=self._notify
        )

    async def rides(self, request: Request) -> Response:
        return courier_controls.listed(self._rides)

    async def _notify(self, ride: Ride, status: str, at: datetime) -> int | None:
        return await self._webhooks.post(self.name, self._webhook, notified(ride, status, at), {}, at=at)

    async def _notify_due(self, ride: Ride, due: datetime) -> int:
        await self._notify(ride, ride.status, due)
        return 1

    def _found(self, ride: Ride | None) -> Ride:
        if ride is None:
            raise Refused(404, "Booking not found")
        return ride


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            for name, value in CREDENTIALS.items():
                if not compare_digest(request.headers.get(name, "").encode(), value.encode()):
                    raise Refused(401, "Unauthorized")
            return await handler(request)
        except Refused as refusal:
            return JSONResponse({}, refusal.status, headers={"Error-Message": refusal.message})

    return guarded


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as fault:
        raise Refused(400, "Invalid JSON") from fault
    if not isinstance(body, dict):
        raise Refused(400, "Invalid JSON")
    return body


def _km(origin: Any, destination: Any) -> float:
    """Return how far apart two texts `lat,long` are by road."""
    places = []
    for said in (origin, destination):
        try:
            lat, lng = map(float, str(said).split(","))
        except ValueError as fault:
            raise Refused(400, "Invalid lat long") from fault
        if (place := rates.point(lat, lng)) is None:
            raise Refused(400, "Invalid lat long")
        places.append(place)
    return rates.road_km(*places)

"""GrabExpress: token, quotes, deliveries, cancellation, webhooks without an event id (protocols, section E.3)."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import biteship_rates as rates
from infra.simulators import courier_controls, read
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock
from infra.simulators.grab_answers import notified, quote, told
from infra.simulators.rides import Ride, Rides, Stages, digits
from infra.simulators.webhooks import Webhooks

CLIENT = {"client_id": "lumbung-local-grab", "client_secret": "lumbung-local-grab-secret"}
WEBHOOK = "/v1/webhooks/couriers/grab"
AGREED = {"Authorization": "lumbung-local-grab-webhook", "Authorization-Id": "lumbung-local-grab-webhook-id"}
STATUSES = (
    "QUEUEING", "ALLOCATING", "PENDING_PICKUP", "PICKING_UP", "PENDING_DROP_OFF", "IN_DELIVERY", "IN_RETURN",
    "COMPLETED", "RETURNED", "CANCELED", "CANCELLED", "FAILED",
)  # fmt: skip
STAGES = Stages(
    searching=("QUEUEING", "ALLOCATING"),
    riding=("PENDING_PICKUP", "PICKING_UP", "PENDING_DROP_OFF", "IN_DELIVERY", "IN_RETURN", "COMPLETED", "RETURNED"),
    picked_up=("PENDING_DROP_OFF", "IN_DELIVERY", "IN_RETURN", "COMPLETED", "RETURNED"),
    cancellable=("QUEUEING", "ALLOCATING", "PENDING_PICKUP", "PICKING_UP"),
)
TOKEN_LIVES = timedelta(seconds=604_799)
BASE = "/grab-express-sandbox"

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Grab:
    name = "grab"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock, self._agenda, self._webhooks = clock, agenda, webhooks
        self._webhook = stack + WEBHOOK
        self._rides, self._tokens = Rides(), dict[str, datetime]()

    def routes(self) -> list[Route]:
        return [
            Route("/grabid/v1/oauth2/token", self.token, methods=["POST"]),
            Route(f"{BASE}/v1/deliveries/quotes", self._guarded(self.quote), methods=["POST"]),
            Route(f"{BASE}/v1/deliveries", self._guarded(self.create), methods=["POST"]),
            Route(f"{BASE}/v1/deliveries/{{id}}", self._guarded(self.delivery), methods=["GET"]),
            Route(f"{BASE}/v1/deliveries/{{id}}", self._guarded(self.cancel), methods=["DELETE"]),
            Route(f"{BASE}/v1/merchant/deliveries/{{id}}", self._guarded(self.cancel_all), methods=["DELETE"]),
        ]

    async def token(self, request: Request) -> Response:
        asked = await _body(request)
        known = {name: asked.get(name) for name in CLIENT} == CLIENT
        if not known or asked.get("scope") != "grab_express.partner_deliveries":
            return JSONResponse({"message": "invalid client"}, 401)
        token = "jwt." + digits(f"token/{len(self._tokens)}", 30)
        self._tokens[token] = self._clock() + TOKEN_LIVES
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 604_799})

    async def quote(self, request: Request) -> Response:
        asked = await _body(request)
        metres = _metres(asked)
        price = rates.price(metres / 1000)
        return JSONResponse({"quotes": [quote(metres, price)]} | {n: asked[n] for n in ("packages", "origin")})

    async def create(self, request: Request) -> Response:
        asked, now = await _body(request), self._clock()
        for end in ("sender", "recipient"):
            if not str((asked.get(end) or {}).get("phone", "")).startswith("62"):
                raise Refused(400, f"{end}.phone has to be E.164 without plus")
        metres, number = _metres(asked), len(self._rides) + 1
        id = f"IN-2-{digits(f'delivery/{number}', 20)}"
        ride = Ride(id, asked.get("merchantOrderID"), number, metres, rates.price(metres / 1000), "ALLOCATING", asked)
        ride.move_to("ALLOCATING", now, STAGES)
        self._rides.add(ride)
        self._agenda.add(now, partial(self._notify_due, ride))
        return JSONResponse(told(ride) | {"pickupPin": "1234"})

    async def delivery(self, request: Request) -> Response:
        return JSONResponse(told(self._asked_for(request)))

    async def cancel(self, request: Request) -> Response:
        self._cancel(self._asked_for(request))
        return Response(status_code=204)

    async def cancel_all(self, request: Request) -> Response:
        rides = self._rides.under(request.path_params["id"])
        if not rides:
            raise Refused(404, "no delivery of that merchantOrderID")
        for ride in rides:
            if ride.status not in ("CANCELED", "CANCELLED"):
                self._cancel(ride)
        return Response(status_code=204)

    def _cancel(self, ride: Ride) -> None:
        if ride.status not in STAGES.cancellable:
            raise Refused(409, f"the delivery is {ride.status}")
        now = self._clock()
        ride.move_to("CANCELED", now, STAGES)
        self._agenda.add(now, partial(self._notify_due, ride))

    async def simulate(self, request: Request) -> Response:
        """As for every courier; besides, `tokens`: withdrawn before their time."""
        asked = await read.fields(request)
        if asked.get("tokens") == "withdrawn":
            self._tokens.clear()
            return JSONResponse({"tokens": "withdrawn"})
        return await courier_controls.simulate(
            request, clock=self._clock, rides=self._rides, statuses=STATUSES, stages=STAGES, notify=self._notify
        )

    async def rides(self, request: Request) -> Response:
        return courier_controls.listed(self._rides)

    async def _notify(self, ride: Ride, status: str, at: datetime) -> int | None:
        return await self._webhooks.post(self.name, self._webhook, notified(ride, status, at), AGREED, at=at)

    async def _notify_due(self, ride: Ride, due: datetime) -> int:
        await self._notify(ride, ride.status, due)
        return 1

    def _asked_for(self, request: Request) -> Ride:
        if not (ride := self._rides.get(request.path_params["id"])):
            raise Refused(404, "no such delivery")
        return ride

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            until = next((end for known, end in self._tokens.items() if compare_digest(known, token)), None)
            if until is None or until < self._clock():
                return JSONResponse({"message": "unauthorized"}, 401)
            try:
                return await handler(request)
            except Refused as refusal:
                return JSONResponse({"message": refusal.message}, refusal.status)

        return guarded


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as fault:
        raise Refused(400, "the body is no JSON") from fault
    if not isinstance(body, dict):
        raise Refused(400, "the body has to be an object")
    return body


def _metres(asked: dict[str, Any]) -> int:
    """Return how far it is; refused beyond what a bike can do."""
    places = []
    for end in ("origin", "destination"):
        where = (asked.get(end) or {}).get("coordinates") or {}
        if (place := rates.point(where.get("latitude"), where.get("longitude"))) is None:
            raise Refused(400, f"{end}.coordinates are wrong")
        places.append(place)
    try:
        grams = sum(item["quantity"] * item["dimensions"]["weight"] for item in asked["packages"])
    except (KeyError, TypeError) as fault:
        raise Refused(400, "packages are wrong") from fault
    km = rates.road_km(*places)
    if not rates.carries(km, grams):
        raise Refused(400, "out of the service's limits")
    return round(km * 1000)

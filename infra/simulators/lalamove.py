"""Lalamove v3: quotations, orders, drivers, cancellation, webhooks signed in their body (protocols, section E.4)."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from itertools import pairwise
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import biteship_rates as rates
from infra.simulators import courier_controls, read
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock
from infra.simulators.lalamove_answers import notified, order_told, quoted, signature
from infra.simulators.rides import Ride, Rides, Stages, digits
from infra.simulators.webhooks import Webhooks

API_KEY, API_SECRET = "pk_test_lumbung-local", "sk_test_lumbung-local"
WEBHOOK = "/v1/webhooks/couriers/lalamove"
STATUSES = ("ASSIGNING_DRIVER", "ON_GOING", "PICKED_UP", "COMPLETED", "CANCELED", "REJECTED", "EXPIRED")
STAGES = Stages(
    searching=("ASSIGNING_DRIVER", "REJECTED", "EXPIRED"),
    riding=("ON_GOING", "PICKED_UP", "COMPLETED"),
    picked_up=("PICKED_UP", "COMPLETED"),
    cancellable=("ASSIGNING_DRIVER", "ON_GOING"),
)
QUOTE_LIVES = timedelta(minutes=5)
PER_STOP = 4_000  # rupiah for each stop after the first

Handler = Callable[[Request, bytes], Awaitable[Response]]


class Refused(Exception):
    """Lalamove says no: the HTTP status, and the id of its error."""

    def __init__(self, status: int, id: str, detail: str = "") -> None:
        super().__init__(id)
        self.status, self.id, self.detail = status, id, detail


class Lalamove:
    name = "lalamove"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock, self._agenda, self._webhooks = clock, agenda, webhooks
        self._webhook = stack + WEBHOOK
        self._rides, self._quotations, self._events = Rides(), dict[str, dict[str, Any]](), 0
        self.wallet_is_empty = False

    def routes(self) -> list[Route]:
        return [
            Route("/v3/quotations", self._guarded(self.quote), methods=["POST"]),
            Route("/v3/orders", self._guarded(self.place), methods=["POST"]),
            Route("/v3/orders/{id}", self._guarded(self.order), methods=["GET"]),
            Route("/v3/orders/{id}", self._guarded(self.cancel), methods=["DELETE"]),
            Route("/v3/orders/{id}/drivers/{driver}", self._guarded(self.driver), methods=["GET"]),
            Route("/v3/webhook", self._guarded(self.register), methods=["PATCH"]),
        ]

    async def quote(self, request: Request, raw: bytes) -> Response:
        asked, now = _data(raw), self._clock()
        stops = asked.get("stops")
        if asked.get("serviceType") != "MOTORCYCLE":
            raise Refused(422, "ERR_INVALID_SERVICE_TYPE")
        if not isinstance(stops, list) or not 2 <= len(stops) <= 16:
            raise Refused(422, "ERR_INVALID_STOPS")
        km = _km(stops)
        if km > rates.MAX_KM:
            raise Refused(422, "ERR_OUT_OF_SERVICE_AREA")
        number = len(self._quotations) + 1
        price = rates.price(km) + PER_STOP * (len(stops) - 2)
        made = quoted(asked, digits(f"quotation/{number}", 19), round(km * 1000), price, now, now + QUOTE_LIVES)
        self._quotations[made["quotationId"]] = made | {"until": now + QUOTE_LIVES}
        return JSONResponse({"data": made}, 201)

    async def place(self, request: Request, raw: bytes) -> Response:
        asked, now = _data(raw), self._clock()
        quotation = self._quotations.get(str(asked.get("quotationId")))
        if quotation is None or quotation["until"] < now:
            raise Refused(422, "ERR_INVALID_QUOTATION_ID", "quotationId")
        if self.wallet_is_empty:
            raise Refused(402, "ERR_INSUFFICIENT_CREDIT")
        named = [asked.get("sender"), *(asked.get("recipients") or [])]
        ids = [stop["stopId"] for stop in quotation["stops"]]
        if [stop.get("stopId") for stop in named if isinstance(stop, dict)] != ids:
            raise Refused(422, "ERR_INVALID_FIELD", "recipients")
        if any(not str(stop.get("phone", "")).startswith("+62") for stop in named):
            raise Refused(422, "ERR_INVALID_PHONE_NUMBER")
        ride = self._ride(asked | {"quotation": quotation}, quotation, now)
        self._agenda.add(now, partial(self._notify_due, ride, "ORDER_CREATED"))
        return JSONResponse({"data": order_told(ride)}, 201)

    async def order(self, request: Request, raw: bytes) -> Response:
        return JSONResponse({"data": order_told(self._asked_for(request))})

    async def driver(self, request: Request, raw: bytes) -> Response:
        ride = self._asked_for(request)
        if ride.driver is None or request.path_params["driver"] != ride.driver.phone[-5:]:
            raise Refused(404, "ERR_DRIVER_NOT_FOUND")
        who = {"name": f"{ride.driver.name} Santoso", "phone": "+62" + ride.driver.phone[1:]}
        told = {"driverId": ride.driver.phone[-5:], **who, "plateNumber": ride.driver.plate, "photo": ride.driver.photo}
        return JSONResponse({"data": told})

    async def cancel(self, request: Request, raw: bytes) -> Response:
        ride, now = self._asked_for(request), self._clock()
        if ride.status not in STAGES.cancellable:
            raise Refused(403, "ERR_CANCELLATION_FORBIDDEN")
        ride.move_to("CANCELED", now, STAGES)
        self._agenda.add(now, partial(self._notify_due, ride, "ORDER_STATUS_CHANGED"))
        return Response(status_code=204)

    async def register(self, request: Request, raw: bytes) -> Response:
        """Probe the address, empty, by GET and by POST, and tell it from then on what happens."""
        url = str(_data(raw).get("url"))
        if await self._webhooks.probe(url) != [200, 200]:
            raise Refused(422, "ERR_INVALID_RESPONSE")
        self._webhook = url
        return JSONResponse({"data": {"url": url}})

    async def simulate(self, request: Request) -> Response:
        """As for every courier; besides, `replace`: support makes a new order; `wallet`: empty, or full."""
        asked = await read.fields(request)
        if "wallet" in asked:
            self.wallet_is_empty = read.text(asked, "wallet", ("empty", "full")) == "empty"
            return JSONResponse({"wallet": asked["wallet"]})
        if asked.get("replace") is True:
            return await self._replace(read.text(asked, "id"), read.number(asked, "notify", 1))
        event = "ORDER_AMOUNT_CHANGED" if "price" in asked else "ORDER_STATUS_CHANGED"
        return await courier_controls.simulate(
            request, clock=self._clock, rides=self._rides, statuses=STATUSES, stages=STAGES,
            notify=partial(self._notify, event=event),
        )  # fmt: skip

    async def _replace(self, id: str, notify: int) -> Response:
        await self._clock.ready()
        now, old = self._clock(), self._rides.called(id)
        if old is None:
            raise HTTPException(404, f"there is no ride {id}")
        old.move_to("CANCELED", now, STAGES)
        new = self._ride(old.request, old.request["quotation"], now)
        new.before = old.id
        told = [await self._notify(new, new.status, now, "ORDER_REPLACED") for _ in range(notify)]
        return JSONResponse({"id": new.id, "before": old.id, "notifications": told})

    def _ride(self, asked: dict[str, Any], quotation: dict[str, Any], now: datetime) -> Ride:
        number, metadata = len(self._rides) + 1, asked.get("metadata") or {}
        price, metres = int(quotation["priceBreakdown"]["total"]), int(quotation["distance"]["value"])
        ride = Ride(
            digits(f"order/{number}", 19), metadata.get("deliveryId"), number, metres, price, STATUSES[0], asked
        )
        ride.move_to(STATUSES[0], now, STAGES)
        self._rides.add(ride)
        return ride

    async def rides(self, request: Request) -> Response:
        return courier_controls.listed(self._rides)

    async def _notify(self, ride: Ride, status: str, at: datetime, event: str = "ORDER_STATUS_CHANGED") -> int | None:
        self._events += 1
        path = self._webhook.removeprefix(self._webhook[: self._webhook.find("/", 8)])
        body = notified(ride, status, at, event, number=self._events, key=API_KEY, secret=API_SECRET, path=path)
        content = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
        answer = await self._webhooks.exchange(self.name, self._webhook, content, {}, at=at)
        return answer.status_code if answer else None

    async def _notify_due(self, ride: Ride, event: str, due: datetime) -> int:
        await self._notify(ride, ride.status, due, event)
        return 1

    def _asked_for(self, request: Request) -> Ride:
        if not (ride := self._rides.get(request.path_params["id"])):
            raise Refused(404, "ERR_ORDER_NOT_FOUND")
        return ride

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            raw = await request.body()
            try:
                _authenticate(request, raw)
                return await handler(request, raw)
            except Refused as refusal:
                error = {"id": refusal.id, "message": refusal.id, "detail": refusal.detail}
                return JSONResponse({"errors": [error]}, refusal.status)

        return guarded


def _authenticate(request: Request, raw: bytes) -> None:
    """Refuse what is not signed as Lalamove's own server would see it: its path begins with /v3."""
    kind, _, words = request.headers.get("authorization", "").partition(" ")
    key, timestamp, said = [*words.split(":"), "", "", ""][:3]
    path = "/v3" + request.url.path.partition("/v3")[2]
    made = signature(API_SECRET, timestamp, request.method, path, raw.decode(errors="replace"))
    if kind != "hmac" or key != API_KEY or not compare_digest(said.encode(), made.encode()):
        raise Refused(401, "ERR_UNAUTHORIZED")
    if request.headers.get("market") != "ID":
        raise Refused(422, "ERR_INVALID_MARKET")


def _data(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)["data"]
    except (ValueError, KeyError, TypeError) as fault:
        raise Refused(400, "ERR_INVALID_FIELD", "data") from fault
    if not isinstance(data, dict):
        raise Refused(400, "ERR_INVALID_FIELD", "data")
    return data


def _km(stops: list[Any]) -> float:
    """Return the length of the way from stop to stop; coordinates are texts."""
    places = []
    for stop in stops:
        where = stop.get("coordinates") if isinstance(stop, dict) else None
        if not isinstance(where, dict) or not all(isinstance(where.get(n), str) for n in ("lat", "lng")):
            raise Refused(422, "ERR_INVALID_FIELD", "coordinates")
        try:
            place = rates.point(float(where["lat"]), float(where["lng"]))
        except ValueError:
            place = None
        if place is None or not stop.get("address"):
            raise Refused(422, "ERR_INVALID_FIELD", "coordinates")
        places.append(place)
    return sum(rates.road_km(a, b) for a, b in pairwise(places))

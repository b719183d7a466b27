"""Biteship: rates, orders, cancellation, tracking, status webhooks (protocols, section E.1)."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from hmac import compare_digest
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import biteship_rates as rates
from infra.simulators import courier_controls, read
from infra.simulators.agenda import Agenda
from infra.simulators.biteship_answers import notified, price_notified, told, tracked
from infra.simulators.biteship_orders import CANCELLABLE, STATUSES, Order
from infra.simulators.biteship_requests import Refused, read_ends, read_order
from infra.simulators.clock import Clock
from infra.simulators.webhooks import Webhooks

API_KEY = "biteship_test.lumbung-local"
WEBHOOK = "/v1/webhooks/couriers/biteship"
SECRET = {"X-Biteship-Secret": "lumbung-local-biteship"}

Handler = Callable[[Request], Awaitable[Response]]


class Biteship:
    name = "biteship"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock = clock
        self._agenda = agenda
        self._webhooks = webhooks
        self._webhook = stack + WEBHOOK
        self._orders: dict[str, Order] = {}
        self._by_reference: dict[str, Order] = {}
        self._by_tracking: dict[str, Order] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/v1/rates/couriers", _guarded(self.rates), methods=["POST"]),
            Route("/v1/orders", _guarded(self.place_order), methods=["POST"]),
            Route("/v1/orders/{id}", _guarded(self.order), methods=["GET"]),
            Route("/v1/orders/{id}/cancel", _guarded(self.cancel), methods=["POST"]),
            Route("/v1/trackings/{id}", _guarded(self.tracking), methods=["GET"]),
        ]

    async def rates(self, request: Request) -> Response:
        body = await _body(request)
        asked = [name.strip() for name in str(body.get("couriers", "")).split(",")]
        km, items = read_ends(body)
        able = km is not None and rates.carries(km, rates.weight(items))
        fares = [rates.pricing(name, rates.price(km or 0)) for name in asked if able and name in rates.COURIERS]
        return JSONResponse(
            {
                "success": True,
                "object": "courier_pricing",
                "message": "Success to retrieve courier pricing",
                "code": 20001003,
            }
            | {end: rates.place(*_where(body, end)) for end in ("origin", "destination")}
            | {"pricing": fares}
        )

    async def place_order(self, request: Request) -> Response:
        body, now = await _body(request), self._clock()
        reference = body.get("reference_id")
        if reference is not None and (earlier := self._by_reference.get(str(reference))):
            details = {
                "order_id": earlier.id,
                "waybill_id": earlier.waybill_id,
                "reference_id": earlier.reference_id,
            }
            raise Refused(40002060, "Failed to create order. Reference id has already been used", details)
        order = read_order(body, number=len(self._orders) + 1, at=now)
        self._orders[order.id] = self._by_tracking[order.tracking_id] = order
        if reference is not None:
            self._by_reference[str(reference)] = order
        return JSONResponse(told(order, "Order successfully created"))

    async def order(self, request: Request) -> Response:
        return JSONResponse(told(self._asked_for(request), "Order successfully retrieved"))

    async def cancel(self, request: Request) -> Response:
        body, order, now = await _body(request), self._asked_for(request), self._clock()
        code, reason = body.get("cancellation_reason_code"), body.get("cancellation_reason")
        if not code or (code == "others" and not reason):
            raise Refused(40000001, "Please provide cancellation_reason_code, and cancellation_reason for others")
        if order.status not in CANCELLABLE:
            raise Refused(40000001, f"Order can no longer be cancelled, it is {order.status}")
        order.move_to("cancelled", now)
        self._agenda.add(now, partial(self._notify_due, order))
        return JSONResponse(
            {
                "success": True,
                "message": "Order successfully cancelled",
                "object": "order",
                "id": order.id,
                "status": order.status,
                "cancellation_reason_code": code,
                "cancellation_reason": reason,
            }
        )

    async def tracking(self, request: Request) -> Response:
        if not (order := self._by_tracking.get(request.path_params["id"])):
            raise Refused(40400001, "Tracking not found", status=404)
        return JSONResponse(tracked(order))

    async def simulate(self, request: Request) -> Response:
        """Be `status` from now on, and tell the stack, as every courier's simulator does; a `price` is told as one."""
        await self._clock.ready()
        asked, now = await read.fields(request), self._clock()
        id, status = read.text(asked, "id"), read.text(asked, "status", STATUSES)
        if not (order := self._orders.get(id) or self._by_reference.get(id)):
            raise HTTPException(404, f"there is no order {id}")
        tell = notified
        if "price" in asked:
            order.price, tell = read.number(asked, "price"), price_notified
        order.move_to(status, now)
        claimed = [tell(order) | {"status": word} for word in courier_controls.told(asked, status, STATUSES)]
        return JSONResponse(
            {
                "id": order.id,
                "reference_id": order.reference_id,
                "status": status,
                "notifications": [await self._notify(body, now) for body in claimed],
            }
        )

    async def rides(self, request: Request) -> Response:
        items = [
            {"id": o.id, "reference_id": o.reference_id, "status": o.status, "price": o.price}
            for o in self._orders.values()
        ]
        return JSONResponse({"items": items})

    async def _notify(self, body: dict[str, Any], at: datetime) -> int | None:
        return await self._webhooks.post(self.name, self._webhook, body, SECRET, at=at)

    async def _notify_due(self, order: Order, due: datetime) -> int:
        await self._notify(notified(order), due)
        return 1

    def _asked_for(self, request: Request) -> Order:
        if not (order := self._orders.get(request.path_params["id"])):
            raise Refused(40400001, "Order not found", status=404)
        return order


def _where(body: dict[str, Any], end: str) -> tuple[Any, Any, Any]:
    return body.get(f"{end}_latitude"), body.get(f"{end}_longitude"), body.get(f"{end}_postal_code")


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            if not compare_digest(request.headers.get("authorization", "").encode(), API_KEY.encode()):
                raise Refused(40101001, "Authorization failed", status=401)
            return await handler(request)
        except Refused as refusal:
            return JSONResponse(refusal.body(), refusal.status)

    return guarded


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as fault:
        raise Refused(40000001, "The request body is no JSON") from fault
    if not isinstance(body, dict):
        raise Refused(40000001, "The request body has to be an object")
    return body

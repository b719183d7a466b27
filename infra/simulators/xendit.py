"""Xendit: payment requests v3, invoices and refunds (protocols, section B)."""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import read
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock, parse_time
from infra.simulators.webhooks import Webhooks
from infra.simulators.xendit_notifications import Notifications
from infra.simulators.xendit_objects import (
    CHANNELS,
    QRIS_LIMIT,
    QRIS_LIVES,
    Invoice,
    PaymentRequest,
    Refund,
    Refused,
    Sold,
    stable_uuid,
)

API_KEY = "xnd_development_lumbung-local"
CALLBACK_TOKEN = "lumbung-local-callback-token"
WEBHOOK = "/v1/webhooks/payments/xendit"
VERSION = "2024-11-11"
REFUND_TAKES = timedelta(seconds=5)
# What a test may say, in the words of payment requests, invoices, or plainly.
SAID = ("SUCCEEDED", "PAID", "SETTLED", "EXPIRED", "CANCELED", "FAILED", "PENDING", "REQUIRES_ACTION", "REFUNDED")
REQUEST_WORDS = {"PAID": "SUCCEEDED", "SETTLED": "SUCCEEDED", "PENDING": "REQUIRES_ACTION"}
INVOICE_WORDS = {"SUCCEEDED": "PAID", "CANCELED": "EXPIRED", "FAILED": "EXPIRED", "REQUIRES_ACTION": "PENDING"}

Handler = Callable[[Request], Awaitable[Response]]


class Xendit:
    name = "xendit"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock, self._agenda = clock, agenda
        self._notifications = Notifications(webhooks, agenda, stack + WEBHOOK, CALLBACK_TOKEN)
        self._requests: dict[str, PaymentRequest] = {}
        self._invoices: dict[str, Invoice] = {}

    def routes(self) -> list[Route]:
        def route(path: str, handler: Handler, *methods: str) -> Route:
            return Route(path, self._guarded(handler), methods=methods)

        return [
            route("/v3/payment_requests", self.create, "POST"),
            route("/v3/payment_requests/{id}", self.show, "GET"),
            route("/v3/payment_requests/{id}/cancel", self.cancel, "POST"),
            route("/v3/payment_requests/{id}/simulate", self.simulate_payment, "POST"),
            route("/v3/payments/{id}", self.show_payment, "GET"),
            route("/v2/invoices/", self.create_invoice, "POST"),
            route("/v2/invoices", self.list_invoices, "GET"),
            route("/v2/invoices/{id}", self.show_invoice, "GET"),
            route("/invoices/{id}/expire!", self.expire_invoice, "POST"),
            route("/refunds", self.refund, "POST"),
            route("/refunds/", self.list_refunds, "GET"),
            route("/refunds/{id}", self.show_refund, "GET"),
        ]

    # -- payment requests

    async def create(self, request: Request) -> Response:
        asked, now = await _body(request), self._clock()
        reference, channel = _reference(asked.get("reference_id")), asked.get("channel_code")
        amount = _amount(asked.get("request_amount"), QRIS_LIMIT if channel == "QRIS" else None)
        fixed = {"type": "PAY", "country": "ID", "currency": "IDR"}
        if channel not in CHANNELS or any(asked.get(name) != value for name, value in fixed.items()):
            raise Refused(400, "API_VALIDATION_ERROR")
        if any(known.reference == reference for known in self._requests.values()):
            raise Refused(409, "DUPLICATE_ERROR", "Duplicate request")
        made = PaymentRequest(
            id=f"pr-{stable_uuid(reference)}",
            reference=reference,
            amount=amount,
            channel=str(channel),
            created=now,
            expires=_expiry(asked, channel, now),
            status="REQUIRES_ACTION",
            asked=asked,
            number=f"{9000 + CHANNELS.index(channel)}{len(self._requests) + 1:012d}",
        )
        self._requests[made.id] = made
        return JSONResponse(made.facts(), 201)

    async def show(self, request: Request) -> Response:
        return JSONResponse(self._asked_for(request).facts())

    async def cancel(self, request: Request) -> Response:
        found = self._asked_for(request)
        found.stop("CANCELED", self._clock())
        return JSONResponse(found.facts())

    async def simulate_payment(self, request: Request) -> Response:
        """Xendit's own test call: the result comes by webhook."""
        asked, found, now = await _body(request), self._asked_for(request), self._clock()
        found.stop("SUCCEEDED", now)
        found.paid = _amount(asked.get("amount"))
        self._agenda.add(now, partial(self._announce, found))
        return JSONResponse({"status": "PENDING", "message": "A simulated payment is being processed."})

    async def show_payment(self, request: Request) -> Response:
        for known in self._requests.values():
            if known.payment_id == request.path_params["id"] and known.paid_at:
                return JSONResponse(known.payment())
        raise Refused(404, "DATA_NOT_FOUND")

    # -- invoices

    async def create_invoice(self, request: Request) -> Response:
        asked, now = await _body(request), self._clock()
        methods, lasts = asked.get("payment_methods") or ["BCA"], asked.get("invoice_duration", 86_400)
        if type(lasts) is not int or lasts <= 0 or not isinstance(methods, list):
            raise Refused(400, "API_VALIDATION_ERROR")
        made = Invoice(
            id=stable_uuid(f"invoice/{len(self._invoices) + 1}").replace("-", "")[:24],
            reference=_reference(asked.get("external_id")),
            amount=_amount(asked.get("amount")),
            channel=str(methods[0]),
            created=now,
            expires=now + timedelta(seconds=lasts),
            status="PENDING",
            asked=asked,
            page=f"{request.base_url}xendit",
        )
        self._invoices[made.id] = made
        self._agenda.add(made.expires, partial(self._announce_expiry, made))
        return JSONResponse(made.facts())

    async def list_invoices(self, request: Request) -> Response:
        asked, now = request.query_params.get("external_id"), self._clock()
        found = [known for known in self._invoices.values() if asked in (None, known.reference)]
        for known in found:
            known.lapse(now)
        return JSONResponse([known.facts() for known in found])

    async def show_invoice(self, request: Request) -> Response:
        return JSONResponse(self._invoice(request).facts())

    async def expire_invoice(self, request: Request) -> Response:
        found = self._invoice(request)
        found.stop("EXPIRED", self._clock())
        self._agenda.add(self._clock(), partial(self._announce, found))
        return JSONResponse(found.facts())

    # -- refunds

    async def refund(self, request: Request) -> Response:
        asked, now = await _body(request), self._clock()
        id_ = asked.get("payment_request_id") or asked.get("invoice_id")
        sold = self._requests.get(str(id_)) or self._invoices.get(str(id_))
        if sold is None:
            raise Refused(404, "DATA_NOT_FOUND")
        before = len(sold.refunds)
        key = request.headers.get("idempotency-key", f"none-{before}")
        refund = sold.give_back(key, asked, now)
        if len(sold.refunds) > before:
            self._agenda.add(now + REFUND_TAKES, partial(self._finish_refund, refund))
        return JSONResponse(refund.facts())

    async def list_refunds(self, request: Request) -> Response:
        narrowed = {name: value for name, value in request.query_params.items() if name.endswith("_id")}
        facts = [refund.facts() for sold in self._sold() for refund in sold.refunds]
        return JSONResponse({"data": [f for f in facts if narrowed.items() <= f.items()], "has_more": False})

    async def show_refund(self, request: Request) -> Response:
        for sold in self._sold():
            for refund in sold.refunds:
                if refund.id == request.path_params["id"]:
                    return JSONResponse(refund.facts())
        raise Refused(404, "DATA_NOT_FOUND")

    # -- what tests say

    async def simulate(self, request: Request) -> Response:
        """Be in `status` from now on and send `notify` notifications of it, one after another."""
        await self._clock.ready()
        asked, now = await read.fields(request), self._clock()
        status, notify = read.text(asked, "status").upper(), read.number(asked, "notify", 1)
        sold = self._find(read.text(asked, "id"))
        amount = read.number(asked, "amount", least=1) if "amount" in asked else None
        if status not in SAID or sold is None:
            raise HTTPException(404 if sold is None else 422, f"id or status is not known: {status}")
        if status == "REFUNDED":
            answers = await self._refunded(sold, amount, now, notify)
        else:
            words = REQUEST_WORDS if isinstance(sold, PaymentRequest) else INVOICE_WORDS
            sold.be(words.get(status, status), now, amount)
            answers = [await self._notifications.send(sold, now) for _ in range(notify)]
        return JSONResponse({"id": sold.reference, "status": sold.status, "notifications": answers})

    async def _refunded(self, sold: Sold, amount: int | None, now: datetime, notify: int) -> list[int | None]:
        """The merchant gives money back in Xendit's dashboard."""
        asked: dict[str, Any] = {
            "amount": amount or sold.paid,
            "reason": "OTHERS",
            "metadata": {},
            "reference_id": "dashboard",
        }
        try:
            refund = sold.give_back(f"dashboard-{len(sold.refunds)}", asked, now)
        except Refused as refusal:
            raise HTTPException(422, refusal.code) from refusal
        refund.status = "SUCCEEDED"
        return [await self._notifications.refunded(refund, now) for _ in range(notify)]

    # -- by and by

    async def _announce(self, sold: Sold, due: datetime) -> int:
        await self._notifications.send(sold, due)
        return 1

    async def _announce_expiry(self, invoice: Invoice, due: datetime) -> int:
        before = invoice.status
        invoice.lapse(due)
        return await self._announce(invoice, due) if invoice.status != before else 0

    async def _finish_refund(self, refund: Refund, due: datetime) -> int:
        refund.status, refund.updated = "SUCCEEDED", due
        await self._notifications.refunded(refund, due)
        return 1

    # -- finding

    def _sold(self) -> list[Sold]:
        return [*self._requests.values(), *self._invoices.values()]

    def _find(self, id_: str) -> Sold | None:
        return next((sold for sold in self._sold() if id_ in (sold.reference, sold.id)), None)

    def _asked_for(self, request: Request) -> PaymentRequest:
        found = self._requests.get(request.path_params["id"])
        if found is None:
            raise Refused(404, "DATA_NOT_FOUND")
        found.lapse(self._clock())
        return found

    def _invoice(self, request: Request) -> Invoice:
        found = self._invoices.get(request.path_params["id"])
        if found is None:
            raise Refused(404, "INVOICE_NOT_FOUND_ERROR")
        found.lapse(self._clock())
        return found

    def _guarded(self, handler: Handler) -> Handler:
        expected = "Basic " + b64encode(f"{API_KEY}:".encode()).decode()

        async def guarded(request: Request) -> Response:
            try:
                if not compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
                    raise Refused(401, "INVALID_API_KEY")
                if "/v3/" in request.url.path and request.headers.get("api-version") != VERSION:
                    raise Refused(400, "API_VALIDATION_ERROR", "api-version is required")
                return await handler(request)
            except Refused as refusal:
                return JSONResponse({"error_code": refusal.code, "message": str(refusal)}, refusal.status)

        return guarded


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "API_VALIDATION_ERROR", "the body is no JSON object")
    return body


def _reference(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 255:
        raise Refused(400, "API_VALIDATION_ERROR", "a reference of 1 to 255 characters is required")
    return value


def _amount(value: Any, at_most: int | None = None) -> int:
    if type(value) is not int or value < 1 or (at_most and value > at_most):
        raise Refused(400, "API_VALIDATION_ERROR", "the amount is not valid")
    return value


def _expiry(asked: dict[str, Any], channel: Any, now: datetime) -> datetime:
    if channel == "QRIS":
        return now + QRIS_LIVES
    try:
        expires = parse_time(asked["channel_properties"]["expires_at"])
    except (KeyError, TypeError, ValueError) as fault:
        raise Refused(400, "API_VALIDATION_ERROR", "channel_properties.expires_at is not valid") from fault
    if expires <= now:
        raise Refused(400, "API_VALIDATION_ERROR", "channel_properties.expires_at has passed")
    return expires

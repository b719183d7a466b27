"""Xendit: payment requests v3 (protocols, section B), beside its invoices and refunds."""

from datetime import datetime
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import read
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock
from infra.simulators.webhooks import Webhooks
from infra.simulators.xendit_invoices import Invoices
from infra.simulators.xendit_notifications import Notifications
from infra.simulators.xendit_objects import (
    CHANNELS,
    QRIS_LIMIT,
    Everything,
    PaymentRequest,
    Refused,
    Sold,
    stable_uuid,
)
from infra.simulators.xendit_read import read_amount, read_body, read_expiry, read_reference, route
from infra.simulators.xendit_refunds import Refunds

CALLBACK_TOKEN = "lumbung-local-callback-token"
WEBHOOK = "/v1/webhooks/payments/xendit"
# What a test may say, in the words of payment requests, invoices, or plainly.
SAID = ("SUCCEEDED", "PAID", "SETTLED", "EXPIRED", "CANCELED", "FAILED", "PENDING", "REQUIRES_ACTION", "REFUNDED")
REQUEST_WORDS = {"PAID": "SUCCEEDED", "SETTLED": "SUCCEEDED", "PENDING": "REQUIRES_ACTION"}
INVOICE_WORDS = {"SUCCEEDED": "PAID", "CANCELED": "EXPIRED", "FAILED": "EXPIRED", "REQUIRES_ACTION": "PENDING"}


class Xendit:
    name = "xendit"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock, self._agenda, self._sold = clock, agenda, Everything()
        self._notifications = Notifications(webhooks, agenda, stack + WEBHOOK, CALLBACK_TOKEN)
        self._invoices = Invoices(self._sold, self._notifications, clock=clock, agenda=agenda)
        self._refunds = Refunds(self._sold, self._notifications, clock=clock, agenda=agenda)

    def routes(self) -> list[Route]:
        return [
            route("/v3/payment_requests", self.create, "POST"),
            route("/v3/payment_requests/{id}", self.show, "GET"),
            route("/v3/payment_requests/{id}/cancel", self.cancel, "POST"),
            route("/v3/payment_requests/{id}/simulate", self.simulate_payment, "POST"),
            route("/v3/payments/{id}", self.show_payment, "GET"),
            *self._invoices.routes(),
            *self._refunds.routes(),
        ]

    async def create(self, request: Request) -> Response:
        asked, now = await read_body(request), self._clock()
        reference, channel = read_reference(asked.get("reference_id")), asked.get("channel_code")
        amount = read_amount(asked.get("request_amount"), QRIS_LIMIT if channel == "QRIS" else None)
        fixed = {"type": "PAY", "country": "ID", "currency": "IDR"}
        if channel not in CHANNELS or any(asked.get(name) != value for name, value in fixed.items()):
            raise Refused(400, "API_VALIDATION_ERROR")
        if any(known.reference == reference for known in self._sold.requests.values()):
            raise Refused(409, "DUPLICATE_ERROR", "Duplicate request")
        made = PaymentRequest(
            id=f"pr-{stable_uuid(reference)}",
            reference=reference,
            amount=amount,
            channel=str(channel),
            created=now,
            expires=read_expiry(asked, channel, now),
            status="REQUIRES_ACTION",
            asked=asked,
            number=f"{9000 + CHANNELS.index(channel)}{len(self._sold.requests) + 1:012d}",
        )
        self._sold.requests[made.id] = made
        return JSONResponse(made.facts(), 201)

    async def show(self, request: Request) -> Response:
        return JSONResponse(self._asked_for(request).facts())

    async def cancel(self, request: Request) -> Response:
        found = self._asked_for(request)
        found.stop("CANCELED", self._clock())
        return JSONResponse(found.facts())

    async def simulate_payment(self, request: Request) -> Response:
        """Xendit's own test call: the result comes by webhook."""
        asked, found, now = await read_body(request), self._asked_for(request), self._clock()
        found.stop("SUCCEEDED", now)
        found.paid = read_amount(asked.get("amount"))
        self._agenda.add(now, partial(self._announce, found))
        return JSONResponse({"status": "PENDING", "message": "A simulated payment is being processed."})

    async def show_payment(self, request: Request) -> Response:
        for known in self._sold.requests.values():
            if known.payment_id == request.path_params["id"] and known.paid_at:
                return JSONResponse(known.payment())
        raise Refused(404, "DATA_NOT_FOUND")

    async def simulate(self, request: Request) -> Response:
        """Be in `status` from now on and send `notify` notifications of it, one after another."""
        await self._clock.ready()
        asked, now = await read.fields(request), self._clock()
        status, notify = read.text(asked, "status").upper(), read.number(asked, "notify", 1)
        sold = self._sold.find(read.text(asked, "id"))
        amount = read.number(asked, "amount", least=1) if "amount" in asked else None
        if status not in SAID or sold is None:
            raise HTTPException(404 if sold is None else 422, f"id or status is not known: {status}")
        if status == "REFUNDED":
            answers = await self._refunds.by_hand(sold, amount, now, notify)
        else:
            words = REQUEST_WORDS if isinstance(sold, PaymentRequest) else INVOICE_WORDS
            sold.be(words.get(status, status), now, amount)
            answers = [await self._notifications.send(sold, now) for _ in range(notify)]
        return JSONResponse({"id": sold.reference, "status": sold.status, "notifications": answers})

    async def _announce(self, sold: Sold, due: datetime) -> int:
        await self._notifications.send(sold, due)
        return 1

    def _asked_for(self, request: Request) -> PaymentRequest:
        found = self._sold.requests.get(request.path_params["id"])
        if found is None:
            raise Refused(404, "DATA_NOT_FOUND")
        found.lapse(self._clock())
        return found

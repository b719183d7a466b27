"""Midtrans' core API: charge, status, cancel, expire, refund (protocols, section A)."""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from hmac import compare_digest
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import read
from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock, wib
from infra.simulators.midtrans_answers import charged, refunded, refusal_answer, summary, without
from infra.simulators.midtrans_charges import invalid, read_charge, read_urls
from infra.simulators.midtrans_notifications import (
    READ_AS,
    SECOND_REFUND_NOTICE,
    Notifications,
    facts,
)
from infra.simulators.midtrans_transactions import (
    REFUNDED,
    STATUSES,
    Refund,
    Refused,
    Transaction,
    Transactions,
    stable_uuid,
)
from infra.simulators.webhooks import Webhooks

SERVER_KEY = "SB-Mid-server-lumbung-local"
WEBHOOK = "/v1/webhooks/payments/midtrans"
MAX_BODY = 16 * 1024

Handler = Callable[[Request], Awaitable[Response]]


class Midtrans:
    name = "midtrans"

    def __init__(self, *, clock: Clock, agenda: Agenda, webhooks: Webhooks, stack: str) -> None:
        self._clock = clock
        self._agenda = agenda
        self._webhook = stack + WEBHOOK
        self._notifications = Notifications(webhooks, agenda, SERVER_KEY)
        self._transactions = Transactions()
        self._errors = 0

    def routes(self) -> list[Route]:
        return [
            Route("/v2/charge", self._guarded(self.charge), methods=["POST"]),
            Route("/v2/{id}/status", self._guarded(self.status), methods=["GET"]),
            Route("/v2/{id}/cancel", self._guarded(self.cancel), methods=["POST"]),
            Route("/v2/{id}/expire", self._guarded(self.expire), methods=["POST"]),
            Route("/v2/{id}/refund", self._guarded(self.refund), methods=["POST"]),
            Route("/v2/{id}/refund/online/direct", self._guarded(self.refund), methods=["POST"]),
        ]

    async def charge(self, request: Request) -> Response:
        body, now = await _body(request), self._clock()
        headers = request.headers
        urls = read_urls(headers.get("x-override-notification"), headers.get("x-append-notification"), self._webhook)
        transaction = read_charge(body, at=now, number=len(self._transactions) + 1, urls=urls)
        if transaction.order_id in self._transactions:
            raise Refused(
                406,
                "The request could not be completed due to a conflict with the current state of the target "
                "resource, please try again",
            )
        self._transactions.add(transaction)
        self._agenda.add(transaction.expires, partial(self._announce_expiry, transaction))
        return JSONResponse(charged(transaction, f"{request.base_url}midtrans"), 201)

    async def status(self, request: Request) -> Response:
        transaction = self._asked_for(request)
        code = READ_AS.get(transaction.status, "200")
        answer = facts(transaction, SERVER_KEY, code=code, message="Success, transaction is found")
        return JSONResponse(answer | {"expiry_time": wib(transaction.expires)})

    async def cancel(self, request: Request) -> Response:
        transaction = self._asked_for(request)
        transaction.stop("cancel", self._clock())
        self._notifications.schedule(transaction, self._clock())
        return JSONResponse(summary(transaction, "200", "Success, transaction is canceled"))

    async def expire(self, request: Request) -> Response:
        transaction = self._asked_for(request)
        transaction.stop("expire", self._clock())
        self._notifications.schedule(transaction, self._clock())
        answer = summary(transaction, "407", "Success, transaction has expired")
        return JSONResponse(without(answer, "merchant_id", "currency", "fraud_status"))

    async def refund(self, request: Request) -> Response:
        body, transaction, now = await _body(request), self._asked_for(request), self._clock()
        amount, number = body.get("amount"), len(transaction.refunds) + 1
        if amount is not None and (type(amount) is not int or amount <= 0):
            raise invalid("amount has to be a whole number")
        key = str(body.get("refund_key", f"{transaction.id}-{number}"))
        refund, is_new = transaction.refund(key, amount, str(body.get("reason", "")), now)
        if is_new:
            self._notifications.schedule(transaction, now)
            self._agenda.add(now + SECOND_REFUND_NOTICE, partial(self._confirm_refund, transaction, refund))
        return JSONResponse(refunded(transaction, refund))

    async def simulate(self, request: Request) -> Response:
        """Be in `transaction_status` from now on and send `notify` notifications of it, one after another."""
        await self._clock.ready()
        asked, now = await read.fields(request), self._clock()
        status = read.text(asked, "transaction_status", STATUSES)
        notify = read.number(asked, "notify", 1)
        try:
            transaction = self._transactions.get(read.text(asked, "order_id"), now)
            if "gross_amount" in asked:
                transaction.gross_amount = read.number(asked, "gross_amount", least=1)
            if status in REFUNDED and transaction.refunded < transaction.gross_amount:
                least = 1 if status == "partial_refund" else 0
                amount = read.number(asked, "refund_amount", 0, least) or None
                key = f"dashboard-{len(transaction.refunds) + 1}"
                transaction.give_back(key, amount, "", now).confirmed = now
            transaction.move_to(status, now)
        except Refused as refusal:
            raise HTTPException(404 if refusal.code == 404 else 422, refusal.message) from refusal
        answers = [a for _ in range(notify) for a in await self._notifications.send(transaction, now)]
        return JSONResponse({"order_id": transaction.order_id, "transaction_status": status, "notifications": answers})

    async def _announce_expiry(self, transaction: Transaction, due: datetime) -> int:
        transaction.lapse(due)
        if transaction.status != "expire" or not transaction.expiry_unannounced:
            return 0
        return len(await self._notifications.send(transaction, due))

    async def _confirm_refund(self, transaction: Transaction, refund: Refund, due: datetime) -> int:
        refund.confirmed = due
        return len(await self._notifications.send(transaction, due))

    def _asked_for(self, request: Request) -> Transaction:
        return self._transactions.get(request.path_params["id"], self._clock())

    def _guarded(self, handler: Handler) -> Handler:
        expected = "Basic " + b64encode(f"{SERVER_KEY}:".encode()).decode()

        async def guarded(request: Request) -> Response:
            try:
                if not compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
                    raise Refused(401, "Unknown Merchant server_key/id")
                return await handler(request)
            except Refused as refusal:
                self._errors += 1
                return refusal_answer(refusal, stable_uuid(f"error/{self._errors}"))

        return guarded


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        body = json.loads(raw) if len(raw) <= MAX_BODY else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(413, "The request cannot be processed due to malformed syntax in the request body")
    return body

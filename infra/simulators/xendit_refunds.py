"""Xendit's refunds, of payment requests and invoices alike: one per idempotency key, done a little later."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock
from infra.simulators.xendit_notifications import Notifications
from infra.simulators.xendit_objects import Everything, Refund, Refused, Sold
from infra.simulators.xendit_read import read_body, route

TAKES = timedelta(seconds=5)


class Refunds:
    def __init__(self, sold: Everything, notifications: Notifications, *, clock: Clock, agenda: Agenda) -> None:
        self._sold, self._notifications = sold, notifications
        self._clock, self._agenda = clock, agenda

    def routes(self) -> list[Route]:
        return [
            route("/refunds", self.refund, "POST"),
            route("/refunds/", self.list_refunds, "GET"),
            route("/refunds/{id}", self.show_refund, "GET"),
        ]

    async def refund(self, request: Request) -> Response:
        asked, now = await read_body(request), self._clock()
        id_ = asked.get("payment_request_id") or asked.get("invoice_id")
        sold = self._sold.requests.get(str(id_)) or self._sold.invoices.get(str(id_))
        if sold is None:
            raise Refused(404, "DATA_NOT_FOUND")
        before = len(sold.refunds)
        key = request.headers.get("idempotency-key", f"none-{before}")
        refund = sold.give_back(key, asked, now)
        if len(sold.refunds) > before:
            self._agenda.add(now + TAKES, partial(self._finish_refund, refund))
        return JSONResponse(refund.facts())

    async def list_refunds(self, request: Request) -> Response:
        narrowed = {name: value for name, value in request.query_params.items() if name.endswith("_id")}
        facts = [refund.facts() for sold in self._sold.all() for refund in sold.refunds]
        return JSONResponse({"data": [f for f in facts if narrowed.items() <= f.items()], "has_more": False})

    async def show_refund(self, request: Request) -> Response:
        for sold in self._sold.all():
            for refund in sold.refunds:
                if refund.id == request.path_params["id"]:
                    return JSONResponse(refund.facts())
        raise Refused(404, "DATA_NOT_FOUND")

    async def by_hand(self, sold: Sold, amount: int | None, now: datetime, notify: int) -> list[int | None]:
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

    async def _finish_refund(self, refund: Refund, due: datetime) -> int:
        refund.status, refund.updated = "SUCCEEDED", due
        await self._notifications.refunded(refund, due)
        return 1

"""Xendit's invoices: a page of its own, listed by the merchant's id, told of flat, and of their expiry too."""

from datetime import datetime, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators.agenda import Agenda
from infra.simulators.clock import Clock
from infra.simulators.xendit_notifications import Notifications
from infra.simulators.xendit_objects import Everything, Invoice, Refused, stable_uuid
from infra.simulators.xendit_read import read_amount, read_body, read_reference, route


class Invoices:
    def __init__(self, sold: Everything, notifications: Notifications, *, clock: Clock, agenda: Agenda) -> None:
        self._sold, self._notifications = sold, notifications
        self._clock, self._agenda = clock, agenda

    def routes(self) -> list[Route]:
        return [
            route("/v2/invoices/", self.create_invoice, "POST"),
            route("/v2/invoices", self.list_invoices, "GET"),
            route("/v2/invoices/{id}", self.show_invoice, "GET"),
            route("/invoices/{id}/expire!", self.expire_invoice, "POST"),
        ]

    async def create_invoice(self, request: Request) -> Response:
        asked, now = await read_body(request), self._clock()
        methods, lasts = asked.get("payment_methods") or ["BCA"], asked.get("invoice_duration", 86_400)
        if type(lasts) is not int or lasts <= 0 or not isinstance(methods, list):
            raise Refused(400, "API_VALIDATION_ERROR")
        made = Invoice(
            id=stable_uuid(f"invoice/{len(self._sold.invoices) + 1}").replace("-", "")[:24],
            reference=read_reference(asked.get("external_id")),
            amount=read_amount(asked.get("amount")),
            channel=str(methods[0]),
            created=now,
            expires=now + timedelta(seconds=lasts),
            status="PENDING",
            asked=asked,
            page=f"{request.base_url}xendit",
        )
        self._sold.invoices[made.id] = made
        self._agenda.add(made.expires, partial(self._announce_expiry, made))
        return JSONResponse(made.facts())

    async def list_invoices(self, request: Request) -> Response:
        asked, now = request.query_params.get("external_id"), self._clock()
        found = [known for known in self._sold.invoices.values() if asked in (None, known.reference)]
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

    async def _announce(self, invoice: Invoice, due: datetime) -> int:
        await self._notifications.send(invoice, due)
        return 1

    async def _announce_expiry(self, invoice: Invoice, due: datetime) -> int:
        before = invoice.status
        invoice.lapse(due)
        return await self._announce(invoice, due) if invoice.status != before else 0

    def _invoice(self, request: Request) -> Invoice:
        found = self._sold.invoices.get(request.path_params["id"])
        if found is None:
            raise Refused(404, "INVOICE_NOT_FOUND_ERROR")
        found.lapse(self._clock())
        return found

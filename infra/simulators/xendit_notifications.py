"""What Xendit tells the merchant, and how often it tries (protocols, section B.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from infra.simulators.agenda import Agenda
from infra.simulators.webhooks import Webhooks
from infra.simulators.xendit_objects import BUSINESS, Invoice, PaymentRequest, Refund, Sold, stamp

GAPS = tuple(timedelta(minutes=minutes) for minutes in (15, 45, 120, 180, 360, 720))
EVENTS = {"SUCCEEDED": "payment.capture", "AUTHORIZED": "payment.authorization"}  # else: payment.failure


@dataclass(frozen=True, slots=True)
class Notice:
    """*body* without the time of its delivery, which each attempt has its own of."""

    body: dict[str, Any]
    dated: bool
    attempt: int = 1


class Notifications:
    def __init__(self, webhooks: Webhooks, agenda: Agenda, url: str, token: str) -> None:
        self._webhooks, self._agenda = webhooks, agenda
        self._url, self._token = url, token

    async def send(self, sold: Sold, at: datetime) -> int | None:
        """Tell the state as it is now; return what was answered. A request that just lapses is never told of."""
        if isinstance(sold, Invoice):
            return await self._deliver(Notice(sold.facts() | {"is_high": False}, dated=False), at)
        assert isinstance(sold, PaymentRequest)
        return await self._tell(EVENTS.get(sold.status, "payment.failure"), sold.payment(), at)

    async def refunded(self, refund: Refund, at: datetime) -> int | None:
        """Tell of a refund; the published sample has its data one level deeper, and so has this."""
        event = "refund.succeeded" if refund.status == "SUCCEEDED" else "refund.failed"
        return await self._tell(event, {"data": refund.facts()}, at)

    async def _tell(self, event: str, data: dict[str, Any], at: datetime) -> int | None:
        return await self._deliver(Notice({"event": event, "business_id": BUSINESS, "data": data}, dated=True), at)

    async def _deliver(self, notice: Notice, at: datetime) -> int | None:
        body = notice.body | ({"created": stamp(at)} if notice.dated else {})
        status = await self._webhooks.post(
            "xendit", self._url, body, {"x-callback-token": self._token}, at=at, attempt=notice.attempt
        )
        if not (status and 200 <= status < 300) and notice.attempt <= len(GAPS):
            again = Notice(notice.body, notice.dated, notice.attempt + 1)
            self._agenda.add(at + GAPS[notice.attempt - 1], partial(self._deliver_due, again))
        return status

    async def _deliver_due(self, notice: Notice, due: datetime) -> int:
        await self._deliver(notice, due)
        return 1

"""What Midtrans tells the merchant, how it is signed, and how often it tries (protocols, section A.5)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from infra.simulators.agenda import Agenda
from infra.simulators.clock import wib
from infra.simulators.midtrans_transactions import (
    MERCHANT_ID,
    PAID,
    REFUNDED,
    Transaction,
    idr,
    stable_uuid,
)
from infra.simulators.webhooks import Webhooks

GAPS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 90, 210))
RETRIES = {500: 1, 503: 4, 400: 2, 404: 2, 301: 0, 302: 0, 303: 0}
SECOND_REFUND_NOTICE = timedelta(seconds=5)  # once the bank has confirmed

_NOT_PAID = dict.fromkeys(("expire", "cancel", "deny", "failure"), "202")
NOTIFIED_AS = {"pending": "201", "authorize": "201"} | _NOT_PAID  # everything else: 200
READ_AS = NOTIFIED_AS | {"expire": "407", "cancel": "200"}


def signature(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """Return the lower-case hex SHA-512 of the four strings; the transaction's status is not covered."""
    return hashlib.sha512(f"{order_id}{status_code}{gross_amount}{server_key}".encode()).hexdigest()


def retries_after(status: int | None) -> int:
    """Return how many retries an answer earns; None stands for no answer.

    answer             retries
    2xx                      0
    301 302 303              0
    500                      1
    400 404                  2
    503                      4
    anything else            5    (307 and 308 are followed)
    """
    if status is not None and 200 <= status < 300:
        return 0
    return RETRIES.get(status or 0, len(GAPS))


def facts(transaction: Transaction, server_key: str, *, code: str, message: str) -> dict[str, Any]:
    """Return what a status answer and a notification have in common."""
    amount = idr(transaction.gross_amount)
    return (
        {
            "transaction_time": wib(transaction.created),
            "transaction_status": transaction.status,
            "transaction_id": transaction.id,
            "status_message": message,
            "status_code": code,
            "signature_key": signature(transaction.order_id, code, amount, server_key),
            "payment_type": transaction.payment_type,
            "order_id": transaction.order_id,
            "merchant_id": MERCHANT_ID,
            "gross_amount": amount,
            "fraud_status": "accept",
            "currency": "IDR",
        }
        | transaction.details
        | _payment(transaction)
        | _refunds(transaction)
        | transaction.echoed
    )


def _payment(transaction: Transaction) -> dict[str, Any]:
    paid = transaction.status in PAID and transaction.settled
    told: dict[str, Any] = {"settlement_time": wib(paid)} if paid else {}
    if accounts := transaction.details.get("va_numbers"):
        itemised = paid and accounts[0]["bank"] == "bni"
        told["payment_amounts"] = (
            [{"paid_at": wib(paid), "amount": idr(transaction.gross_amount)}] if itemised and paid else []
        )
    if transaction.payment_type == "qris" and paid:
        told |= {
            "transaction_type": "off-us",
            "issuer": "dana",
            "merchant_cross_reference_id": stable_uuid(f"cross/{transaction.order_id}"),
        }
    return told


def _refunds(transaction: Transaction) -> dict[str, Any]:
    if transaction.status not in REFUNDED:
        return {}
    return {
        "refund_amount": idr(transaction.refunded),
        "refunds": [refund.facts() for refund in transaction.refunds],
    }


@dataclass(frozen=True, slots=True)
class Notice:
    url: str
    body: dict[str, Any]
    attempt: int = 1


class Notifications:
    def __init__(self, webhooks: Webhooks, agenda: Agenda, server_key: str) -> None:
        self._webhooks = webhooks
        self._agenda = agenda
        self._server_key = server_key

    async def send(self, transaction: Transaction, at: datetime) -> list[int | None]:
        """Tell the transaction's state as it is now; return what each address answered."""
        code = NOTIFIED_AS.get(transaction.status, "200")
        body = facts(transaction, self._server_key, code=code, message="midtrans payment notification")
        if transaction.status == "pending" and "va_numbers" in transaction.details:
            body["expiry_time"] = wib(transaction.expires)
        return [await self._deliver(Notice(url, body), at) for url in transaction.urls]

    def schedule(self, transaction: Transaction, due: datetime) -> None:
        """Tell it soon, but not while the merchant still waits for the answer that caused it."""
        self._agenda.add(due, partial(self._send_due, transaction))

    async def _send_due(self, transaction: Transaction, due: datetime) -> int:
        return len(await self.send(transaction, due))

    async def _deliver(self, notice: Notice, at: datetime) -> int | None:
        status = await self._webhooks.post(
            "midtrans", notice.url, notice.body, {"User-Agent": "Veritrans"}, at=at, attempt=notice.attempt
        )
        if notice.attempt <= retries_after(status):
            again = Notice(notice.url, notice.body, notice.attempt + 1)
            self._agenda.add(at + GAPS[notice.attempt - 1], partial(self._deliver_due, again))
        return status

    async def _deliver_due(self, notice: Notice, due: datetime) -> int:
        await self._deliver(notice, due)
        return 1

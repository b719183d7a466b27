"""Providers whose calls pass the seam, and what Xendit says in its own words."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from lumbung.domain.payment import Payment, ProviderState
from tests.faults.seam import outside
from tests.integration.payments_world import ScriptedMidtrans, Truth

IN_XENDIT_S_WORDS = {
    "pending": "PENDING", "settlement": "SUCCEEDED", "expire": "EXPIRED", "deny": "FAILED", "cancel": "CANCELED",
    "partial_refund": "SUCCEEDED",
}  # fmt: skip


class AtTheSeam(ScriptedMidtrans):
    """A provider whose calls may fail, and whose answers may be lost, as AWS's."""

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        return outside("charge", lambda: super(AtTheSeam, self).charge(payment, now=now))

    def status(self, payment: Payment) -> ProviderState | None:
        return outside("status", lambda: super(AtTheSeam, self).status(payment))

    def expire(self, payment: Payment) -> ProviderState | None:
        return outside("expire", lambda: super(AtTheSeam, self).expire(payment))

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        again = super().refund
        outside("refund", lambda: again(payment, refund_id=refund_id, amount=amount, reason=reason))


def xendit_says(payment_id: str, status: str, refunds: int) -> dict[str, Any]:
    if status == "refund":
        given_back = {"id": f"rfd-{refunds}", "status": "SUCCEEDED", "metadata": {"payment_id": payment_id}}
        return {"event": "refund.succeeded", "data": {"data": given_back}}
    names = dict.fromkeys(("reference_id", "payment_id", "payment_request_id"), payment_id)
    return {"event": "payment.capture", "data": {**names, "status": IN_XENDIT_S_WORDS[status]}}


def copied(truths: dict[str, Truth]) -> dict[str, Truth]:
    return {id_: replace(truth, refunds=dict(truth.refunds)) for id_, truth in truths.items()}

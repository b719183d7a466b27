"""Xendit's invoices (protocols, B.2): the payer follows a link to Xendit's own page.

`external_id` is our payment id. It is not unique there, but invoices can be looked up by it: that is done before
one is made where an earlier call may have made it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import urllib3

from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.payment import BANKS, QRIS, VIRTUAL_ACCOUNT, Payment, ProviderState
from lumbung.providers.json_http import read_idr
from lumbung.providers.xendit_api import XenditApi, after_refunds, moment, refused
from lumbung.providers.xendit_notice import INVOICE_STATUS

NAME = "xendit.invoice"
LONGEST = {VIRTUAL_ACCOUNT: timedelta(days=31), QRIS: timedelta(hours=48)}  # as for payment requests


class XenditInvoices:
    name = NAME

    def __init__(self, base_url: str, api_key: str, http: urllib3.PoolManager | None = None) -> None:
        self._api = XenditApi(base_url, api_key, http)

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return LONGEST.get(method) if bank is None or bank in BANKS else None

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        """Make *payment* payable and return the link; ProviderUnavailable, InvalidState."""
        try:
            status, answer = self._api.ask("POST", "/v2/invoices/", invoice(payment, now=now))
        except ProviderUnavailable:
            if state := self.status(payment):
                return state
            raise
        if status not in (200, 201):
            raise refused(status, answer)
        return read_invoice(answer)

    def status(self, payment: Payment) -> ProviderState | None:
        """Return what Xendit knows of the payment, refunds included; None when nothing."""
        found = self._find(payment)
        if found is None:
            return None
        state = read_invoice(found)
        if state.status != "settled":
            return state
        returned = self._api.returned({"invoice_id": state.reference})
        status = after_refunds(state.amount, returned)
        return ProviderState(status, state.amount, state.reference, returned, state.settled_at, state.instructions)

    def expire(self, payment: Payment) -> ProviderState | None:
        """Expire the invoice if it is still pending, and return what it is now. The `!` is part of the path."""
        found = self._find(payment)
        if found is None:
            return None
        status, answer = self._api.ask("POST", f"/invoices/{found.get('id')}/expire!")
        return read_invoice(answer) if status == 200 else self.status(payment)

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        of = {"invoice_id": payment.provider_ref or ""}
        self._api.refund(of, payment, refund_id=refund_id, amount=amount, reason=reason)

    def _find(self, payment: Payment) -> dict[str, Any] | None:
        """Return the invoice by our own id; of several the one that has money, else the first."""
        status, answer = self._api.ask("GET", f"/v2/invoices?{urlencode({'external_id': payment.id})}")
        if status == 404:
            return None
        if status != 200 or not isinstance(answer, list):
            raise ProviderUnavailable(f"Xendit menjawab {status}.")
        found = [each for each in answer if isinstance(each, dict) and each.get("external_id") == payment.id]
        paid = [each for each in found if INVOICE_STATUS.get(str(each.get("status"))) == "settled"]
        return next(iter([*paid, *found]), None)


def invoice(payment: Payment, *, now: datetime) -> dict[str, Any]:
    """Return the request for *payment*, which can be paid until it expires; nothing in it is about people."""
    if payment.expires_at is None or (left := payment.expires_at - now) < timedelta(seconds=1):
        raise InvalidState("Waktu pembayaran sudah habis.")
    return {
        "external_id": payment.id,
        "amount": payment.amount,
        "currency": "IDR",
        "description": f"Pesanan {payment.order_id}",
        "invoice_duration": int(left.total_seconds()),
        "payment_methods": ["QRIS" if payment.method == QRIS else str(payment.bank).upper()],
    }


def read_invoice(answer: Any) -> ProviderState:
    """Return what an answer says of an invoice: `PAID` and `SETTLED` are both money, and never go back."""
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
        raise ProviderUnavailable("Xendit menjawab tanpa id.")
    status = INVOICE_STATUS.get(str(answer.get("status")), "unknown")
    paid = answer.get("paid_amount") if status == "settled" else None
    return ProviderState(
        status=status,
        amount=read_idr(answer.get("amount") if paid is None else paid),
        reference=answer["id"],
        settled_at=moment(answer.get("paid_at")),
        instructions=_instructions(answer),
    )


def _instructions(answer: Mapping[str, Any]) -> dict[str, str]:
    match answer:
        case {"invoice_url": str(url)}:
            return {"payment_url": url}
    return {}

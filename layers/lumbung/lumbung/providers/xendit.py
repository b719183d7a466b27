"""Xendit's payment requests, version 3 (protocols, B.3): virtual accounts and QRIS.

Our payment id is the `reference_id`, but a request is found by Xendit's own id alone: one whose answer was lost
is not known to us, and nobody knows how to pay it. Should it be paid all the same, the webhook names it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import urllib3

from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.moments import rfc3339
from lumbung.domain.payment import BANKS, QRIS, VIRTUAL_ACCOUNT, Payment, ProviderState
from lumbung.providers.json_http import read_idr
from lumbung.providers.xendit_api import DUPLICATE, XenditApi, after_refunds, error_code, moment, refused
from lumbung.providers.xendit_notice import REQUEST_STATUS

NAME = "xendit"
PAYER_SEES = "LUMBUNG"  # never a person's name
# A QRIS request lives for 48 hours, whatever we ask: the schedule cancels it at our own, earlier time (B.3).
# How long a virtual account may live is not documented; a month is more than any order waits.
LONGEST = {VIRTUAL_ACCOUNT: timedelta(days=31), QRIS: timedelta(hours=48)}


class Xendit:
    name = NAME

    def __init__(self, base_url: str, api_key: str, http: urllib3.PoolManager | None = None) -> None:
        self._api = XenditApi(base_url, api_key, http)

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return LONGEST.get(method) if bank is None or bank in BANKS else None

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        """Make *payment* payable and return how; ProviderUnavailable, InvalidState.

        A reference that is taken already was made before, by a call whose answer was lost: pending, and nobody
        knows how to pay it.
        """
        status, answer = self._api.ask("POST", "/v3/payment_requests", payment_request(payment, now=now))
        if status == 409 and error_code(answer) == DUPLICATE:
            return ProviderState("pending", payment.amount, "")
        if status not in (200, 201):
            raise refused(status, answer)
        return read_request(answer)

    def status(self, payment: Payment) -> ProviderState | None:
        """Return what Xendit knows of the payment, money and refunds included; None when nothing."""
        if not payment.provider_ref:
            return None
        return self._found(payment, *self._api.ask("GET", _path(payment.provider_ref)))

    def expire(self, payment: Payment) -> ProviderState | None:
        """Cancel the request if it is still pending, and return what it is now.

        The path was given as general knowledge, and the documents' mirror has it; what is no longer active
        answers 400.
        """
        if not payment.provider_ref:
            return None
        status, answer = self._api.ask("POST", f"{_path(payment.provider_ref)}/cancel")
        return self.status(payment) if status == 400 else self._found(payment, status, answer)

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        of = {"payment_request_id": payment.provider_ref or ""}
        self._api.refund(of, payment, refund_id=refund_id, amount=amount, reason=reason)

    def _found(self, payment: Payment, status: int, answer: Any) -> ProviderState | None:
        if status == 404:
            return None
        if status != 200:
            raise ProviderUnavailable(f"Xendit menjawab {status}.")
        state = read_request(answer)
        if answer.get("reference_id") != payment.id:  # a webhook named somebody else's request
            return None
        return self._with_money(state, answer) if state.status == "settled" else state

    def _with_money(self, state: ProviderState, answer: Mapping[str, Any]) -> ProviderState:
        """Return what was really captured and when, and what went back of it."""
        status, paid = self._api.ask("GET", f"/v3/payments/{answer.get('latest_payment_id')}")
        captures = paid.get("captures") if status == 200 and isinstance(paid, dict) else None
        if not isinstance(captures, list) or not captures or not all(isinstance(each, dict) for each in captures):
            raise ProviderUnavailable("Xendit belum menjawab pembayarannya.")
        amount = sum(read_idr(capture.get("capture_amount")) for capture in captures)
        returned = self._api.returned({"payment_request_id": state.reference})
        return ProviderState(
            status=after_refunds(amount, returned),
            amount=amount,
            reference=state.reference,
            returned=returned,
            settled_at=moment(captures[0].get("capture_timestamp")),
            instructions=state.instructions,
        )


def _path(reference: str) -> str:
    """Return where a request is; what a webhook calls its id can name nothing else."""
    return f"/v3/payment_requests/{quote(reference, safe='')}"


def payment_request(payment: Payment, *, now: datetime) -> dict[str, Any]:
    """Return the request for *payment*, which can be paid until it expires; nothing in it is about people."""
    if payment.expires_at is None or payment.expires_at <= now:
        raise InvalidState("Waktu pembayaran sudah habis.")
    request: dict[str, Any] = {
        "reference_id": payment.id,
        "type": "PAY",
        "country": "ID",
        "currency": "IDR",
        "request_amount": payment.amount,
        "capture_method": "AUTOMATIC",
        "description": f"Pesanan {payment.order_id}",
    }
    if payment.method == QRIS:
        return request | {"channel_code": "QRIS", "channel_properties": {}}
    properties = {"expires_at": rfc3339(payment.expires_at), "display_name": PAYER_SEES}
    return request | {
        "channel_code": f"{str(payment.bank).upper()}_VIRTUAL_ACCOUNT",
        "channel_properties": properties,
    }


def read_request(answer: Any) -> ProviderState:
    """Return what an answer says of a request; ProviderUnavailable when it cannot be understood."""
    if not isinstance(answer, dict) or not isinstance(answer.get("payment_request_id"), str):
        raise ProviderUnavailable("Xendit menjawab tanpa payment_request_id.")
    return ProviderState(
        status=REQUEST_STATUS.get(str(answer.get("status")), "unknown"),
        amount=read_idr(answer.get("request_amount")),
        reference=answer["payment_request_id"],
        instructions=_instructions(answer),
    )


def _instructions(answer: Mapping[str, Any]) -> dict[str, str]:
    actions = answer.get("actions")
    for action in actions if isinstance(actions, list) else ():
        match action:
            case {"descriptor": "VIRTUAL_ACCOUNT_NUMBER", "value": str(number)}:
                bank = str(answer.get("channel_code")).removesuffix("_VIRTUAL_ACCOUNT").lower()
                return {"bank": bank, "va_number": number}
            case {"descriptor": "QR_STRING", "value": str(code)}:
                return {"qr_string": code}
    return {}

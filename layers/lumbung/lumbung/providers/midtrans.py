"""Midtrans' core API (protocols, A): charge, status, expire, cancel, refund.

Midtrans' `order_id` is our payment id. `status_code` in the body is what counts, whatever the HTTP status says.
Amounts are strings with two decimals, times are Jakarta's without a zone.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import urllib3

from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.payment import BANKS, GOPAY, QRIS, VIRTUAL_ACCOUNT, Payment, ProviderState
from lumbung.domain.payment_provider import RefundRefused
from lumbung.providers.json_http import JsonHttp, read_idr
from lumbung.providers.midtrans_notice import STATUS

NAME = "midtrans"
WIB = timezone(timedelta(hours=7), "WIB")
SHORTEST = timedelta(seconds=20)  # the least time that Midtrans gives a payer
LONGEST = {VIRTUAL_ACCOUNT: timedelta(days=180), QRIS: timedelta(days=7), GOPAY: timedelta(days=7)}  # A.3

ACTIONS = {"deeplink-redirect": "deeplink_url", "generate-qr-code": "qr_url"}  # what a payer can follow


class Midtrans:
    name = NAME

    def __init__(self, base_url: str, server_key: str, http: urllib3.PoolManager | None = None) -> None:
        self._http = JsonHttp("Midtrans", base_url, server_key, http)

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return LONGEST.get(method) if bank is None or bank in BANKS else None

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        """Make *payment* payable and return how; ProviderUnavailable, InvalidState.

        Where the outcome is not known, and where Midtrans knows the payment already (406), its state is read:
        never is a second one made.
        """
        try:
            answer = self._ask("POST", "/v2/charge", charge_request(payment, now=now))
        except ProviderUnavailable:
            if state := self.status(payment):
                return state
            raise
        if answer["status_code"] == "406" and (state := self.status(payment)):
            return state
        if answer["status_code"] not in ("200", "201"):
            raise _refused(answer)
        return read_state(answer)

    def status(self, payment: Payment) -> ProviderState | None:
        """Return what Midtrans knows of the payment, None when nothing; ProviderUnavailable."""
        answer = self._ask("GET", f"/v2/{payment.id}/status")
        return None if answer["status_code"] == "404" else read_state(answer)

    def expire(self, payment: Payment) -> ProviderState | None:
        """Stop the payment if it is still pending, and return what it is now."""
        return self._stop(payment, "expire", ("200", "202", "407"))

    def cancel(self, payment: Payment) -> ProviderState | None:
        """Take the payment back if it is still pending, and return what it is now."""
        return self._stop(payment, "cancel", ("200", "202"))

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        """Ask that *amount* rupiah go back; RefundRefused, ProviderUnavailable.

        *refund_id* is the refund key: asked again, it is the same refund. Whether it was given is in the status.
        """
        body = {"refund_key": refund_id, "amount": amount, "reason": reason[:255]}
        answer = self._ask("POST", f"/v2/{payment.id}/refund", body)
        code, status = answer["status_code"], str(answer.get("transaction_status", "")).lower()
        if code == "406" or (code == "200" and status in ("refund", "partial_refund")):
            return
        if code in ("202", "400", "404", "412", "414"):
            raise RefundRefused(f"Midtrans menolak pengembalian ({code}).")
        raise _refused(answer)

    def _stop(self, payment: Payment, how: str, done: tuple[str, ...]) -> ProviderState | None:
        answer = self._ask("POST", f"/v2/{payment.id}/{how}")
        code = answer["status_code"]
        if code == "404":
            return None
        if code in done and str(answer.get("transaction_status", "")).lower() in ("expire", "cancel"):
            return read_state(answer)
        return self.status(payment)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        _, answer = self._http.ask(method, path, body)
        if not isinstance(answer, dict) or not isinstance(answer.get("status_code"), str):
            raise ProviderUnavailable("Midtrans menjawab tanpa status_code.")
        if answer["status_code"].startswith("5"):
            raise ProviderUnavailable(f"Midtrans sedang terganggu ({answer['status_code']}).")
        return answer


def charge_request(payment: Payment, *, now: datetime) -> dict[str, Any]:
    """Return the charge for *payment*, which can be paid until it expires; nothing in it is about people."""
    if payment.expires_at is None or (left := payment.expires_at - now) < SHORTEST:
        raise InvalidState("Waktu pembayaran sudah habis.")
    request: dict[str, Any] = {
        "transaction_details": {"order_id": payment.id, "gross_amount": payment.amount},
        "custom_expiry": {
            "order_time": now.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S %z"),
            "expiry_duration": int(left.total_seconds()),
            "unit": "second",
        },
    }
    if payment.method == QRIS:
        return request | {"payment_type": "qris", "qris": {"acquirer": "gopay"}}
    if payment.method == GOPAY:
        return request | {"payment_type": "gopay"}
    if payment.bank == "mandiri":
        bill = {"bill_info1": "Pesanan", "bill_info2": payment.order_id[:30]}
        return request | {"payment_type": "echannel", "echannel": bill}
    return request | {"payment_type": "bank_transfer", "bank_transfer": {"bank": payment.bank}}


def read_state(answer: Mapping[str, Any]) -> ProviderState:
    """Return what an answer of Midtrans says of a payment; ProviderUnavailable when it cannot be understood.

    Paid is only what says so three times: code 200, settlement or capture, and no doubt of fraud.
    """
    word = str(answer.get("transaction_status", "")).lower()
    status = STATUS.get(word, "unknown")
    if status == "settled" and str(answer.get("fraud_status") or "accept").lower() != "accept":
        status = "pending"
    if status == "settled" and answer["status_code"] != "200":
        status = "unknown"
    amount = read_idr(answer.get("gross_amount"))
    return ProviderState(
        status=status,
        amount=amount,
        reference=str(answer.get("transaction_id", "")),
        returned=_returned(answer) if status in ("refunded", "partially_refunded") else {},
        settled_at=_wib(answer.get("settlement_time")),
        instructions=_instructions(answer),
    )


def _returned(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return the refunds by key; one without a list is told by its sum."""
    listed = answer.get("refunds")
    if not isinstance(listed, list) or not listed:
        return {"total": read_idr(answer.get("refund_amount", answer.get("gross_amount")))}
    return {
        str(refund.get("refund_key") or refund.get("refund_chargeback_id")): read_idr(refund.get("refund_amount"))
        for refund in listed
    }


def _instructions(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return how to pay: virtual accounts by bank, Mandiri's bill, Permata's own field, a QR, GoPay's app.

    A QRIS without its text (the newer documents show none) is left to its picture.
    """
    match answer:
        case {"va_numbers": [{"bank": str(bank), "va_number": str(number)}, *_]}:
            return {"bank": bank, "va_number": number}
        case {"permata_va_number": str(number)}:
            return {"bank": "permata", "va_number": number}
        case {"bill_key": str(key), "biller_code": str(code)}:
            return {"bank": "mandiri", "va_number": code + key, "biller_code": code, "bill_key": key}
        case {"qr_string": str(qr)}:
            return {"qr_string": qr}
    urls = _actions(answer.get("actions"))
    return {told: urls[name] for name, told in ACTIONS.items() if name in urls}


def _actions(listed: Any) -> dict[str, str]:
    found = {}
    for action in listed if isinstance(listed, list) else ():
        match action:
            case {"name": str(name), "url": str(url)}:
                found[name] = url
    return found


def _wib(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=WIB).astimezone(UTC)
    except ValueError:
        raise ProviderUnavailable("Midtrans menjawab waktu yang tidak dapat dibaca.") from None


def _refused(answer: Mapping[str, Any]) -> InvalidState | ProviderUnavailable:
    """Return the error for a refusal: what is wrong with our account is Midtrans being unavailable to us."""
    code = answer["status_code"]
    if code in ("401", "402", "403", "410"):
        return ProviderUnavailable(f"Midtrans menolak akun kami ({code}).")
    return InvalidState(f"Midtrans menolak pembayaran ini ({code}).")

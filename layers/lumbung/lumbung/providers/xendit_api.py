"""What Xendit's products have in common: how it is asked, how it refuses, and refunds (protocols, B.1 and B.4).

Amounts are JSON numbers (one mirror of the documents quotes them: both are read), times are UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.moments import parse
from lumbung.domain.payment import Payment
from lumbung.domain.payment_provider import RefundRefused
from lumbung.providers.json_http import JsonHttp, read_idr

VERSION = {"api-version": "2024-11-11"}
DUPLICATE = "DUPLICATE_ERROR"


class XenditApi:
    def __init__(self, base_url: str, api_key: str, http: urllib3.PoolManager | None = None) -> None:
        self._http = JsonHttp("Xendit", base_url, api_key, http)

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] = VERSION
    ) -> tuple[int, Any]:
        """Return HTTP status and body; ProviderUnavailable also where it is our account that is refused."""
        status, answer = self._http.ask(method, path, body, headers)
        if status in (401, 403, 429):
            raise ProviderUnavailable(f"Xendit menolak akun kami ({status}).")
        return status, answer

    def refund(self, of: Mapping[str, str], payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        """Ask for a refund of what *of* names; RefundRefused, ProviderUnavailable.

        Our refund id is its reference and its idempotency key. The metadata tell us what its webhook is about.
        """
        body = {
            **of,
            "reference_id": refund_id,
            "amount": amount,
            "currency": "IDR",
            "reason": "CANCELLATION",
            "metadata": {"payment_id": payment.id, "reason": reason[:255]},
        }
        status, answer = self.ask("POST", "/refunds", body, {"idempotency-key": refund_id})
        if status == 409 and error_code(answer) == DUPLICATE:
            return
        if status not in (200, 201) or not isinstance(answer, dict) or answer.get("status") in ("FAILED", "CANCELLED"):
            raise RefundRefused(f"Xendit menolak pengembalian ({error_code(answer) or status}).")

    def returned(self, of: Mapping[str, str]) -> dict[str, int]:
        """Return what went back of what *of* names, by our refund id.

        That the list can be narrowed to one payment is from general knowledge, so it is narrowed here as well.
        """
        found: dict[str, int] = {}
        query: dict[str, str] = {**of, "limit": "100"}
        while True:
            status, answer = self.ask("GET", f"/refunds/?{urlencode(query)}")
            if status != 200 or not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
                raise ProviderUnavailable("Xendit menjawab daftar pengembalian yang tidak dapat dibaca.")
            refunds = [refund for refund in answer["data"] if isinstance(refund, dict)]
            for refund in refunds:
                if refund.get("status") == "SUCCEEDED" and of.items() <= refund.items():
                    found[str(refund.get("reference_id") or refund.get("id"))] = read_idr(refund.get("amount"))
            if not answer.get("has_more") or not refunds:
                return found
            query["after_id"] = str(refunds[-1].get("id"))


def error_code(answer: Any) -> str:
    return str(answer.get("error_code", "")) if isinstance(answer, dict) else ""


def refused(status: int, answer: Any) -> InvalidState:
    return InvalidState(f"Xendit menolak pembayaran ini ({error_code(answer) or status}).")


def after_refunds(amount: int, returned: Mapping[str, int]) -> str:
    """Return the status of a paid payment: settled, partially_refunded or refunded."""
    if not returned:
        return "settled"
    return "refunded" if sum(returned.values()) >= amount else "partially_refunded"


def moment(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        return parse(str(text))
    except ValueError:
        raise ProviderUnavailable("Xendit menjawab waktu yang tidak dapat dibaca.") from None

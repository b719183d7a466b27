"""What a bank asks and tells, and how it is answered (SNAP, protocols C.4): read strictly, echoed as it came."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from lumbung.domain.bill import ACCEPTED, LAPSED, PAID, UNKNOWN, WRONG_AMOUNT, Bill
from lumbung.domain.errors import Malformed, Unauthentic
from lumbung.domain.moments import parse
from lumbung.providers.notice import read_object

TOKEN, INQUIRY, PAYMENT = "73", "24", "25"
PAYER_SEES = "LUMBUNG"  # never a person's name

_PARTNER = re.compile(r" {0,7}[0-9]{1,8}")
_CUSTOMER = re.compile(r"[0-9]{1,20}")
_AMOUNT = re.compile(r"([0-9]{1,16})\.([0-9]{2})")
_EXTERNAL = re.compile(r"[0-9]{1,36}")

# case: message, and why, in English and Indonesian
WORDS = {
    ACCEPTED: ("Successful", "Success", "Sukses"),
    UNKNOWN: ("Invalid Bill/Virtual Account [Not Found]", "Bill not found", "Tagihan tidak ditemukan"),
    WRONG_AMOUNT: ("Invalid Amount", "Invalid amount", "Jumlah tidak sesuai"),
    PAID: ("Paid Bill", "Bill has been paid", "Tagihan telah dibayar"),
    LAPSED: ("Invalid Bill/Virtual Account", "Bill expired", "Tagihan kedaluwarsa"),
}
INCONSISTENT = "18"  # told before: the first result is in it, and the bank takes it for success


class SnapRefused(Unauthentic):
    """A call that is refused before anything is looked up: HTTP status, case and message of SNAP's table."""

    code: ClassVar[str] = "snap_refused"

    def __init__(self, status: int, case: str, message: str) -> None:
        super().__init__(message)
        self.status, self.case = status, case


@dataclass(frozen=True, slots=True)
class Asked:
    """An inquiry or a payment. `paid`: whole rupiah, -1 for an amount with real cents, None for an inquiry."""

    partner: str
    customer: str
    request_id: str
    fields: Mapping[str, Any]
    paid: int | None = None
    paid_at: datetime | None = None

    @property
    def number(self) -> str:
        return self.partner + self.customer


def read_call(raw: bytes, service: str) -> Asked:
    """Return what the bank asks or tells; SnapRefused names the first field that is missing or wrong."""
    try:
        fields = read_object(raw)
    except Malformed:
        raise SnapRefused(400, "00", "Bad Request") from None
    partner = _field(fields, "partnerServiceId", _PARTNER)
    customer = _field(fields, "customerNo", _CUSTOMER)
    if len(partner) != 8:
        raise wrong("partnerServiceId")
    if _field(fields, "virtualAccountNo") != partner + customer:
        raise wrong("virtualAccountNo")
    if service == INQUIRY:
        return Asked(partner, customer, _field(fields, "inquiryRequestId"), fields)
    request_id = _field(fields, "paymentRequestId")
    return Asked(partner, customer, request_id, fields, _amount(fields), _moment(fields))


def external_id(headers: Mapping[str, str]) -> str:
    """Return the number of a call, which is the bank's own and unique for a day; SnapRefused."""
    number = headers.get("x-external-id")
    if not number:
        raise missing("X-EXTERNAL-ID")
    if not _EXTERNAL.fullmatch(number):
        raise wrong("X-EXTERNAL-ID")
    return number


def missing(name: str) -> SnapRefused:
    return SnapRefused(400, "02", f"Invalid Mandatory Field {{{name}}}")


def wrong(name: str) -> SnapRefused:
    return SnapRefused(400, "01", f"Invalid Field Format {{{name}}}")


def coded(status: int, service: str, case: str, message: str) -> dict[str, Any]:
    """Return what every answer begins with: HTTP status, service and case make one code."""
    return {"responseCode": f"{status}{service}{case}", "responseMessage": message}


def answer_to_inquiry(asked: Asked, verdict: str, bill: Bill | None) -> tuple[int, dict[str, Any]]:
    message, english, indonesian = WORDS[verdict]
    status, accepted = (200, True) if verdict == ACCEPTED else (404, False)
    data: dict[str, Any] = {
        "inquiryStatus": "00" if accepted else "01",
        "inquiryReason": {"english": english, "indonesia": indonesian},
        **_account(asked, PAYER_SEES if accepted else ""),
        "inquiryRequestId": asked.request_id,
        "totalAmount": _idr(bill.amount if bill and accepted else 0),
    }
    if accepted:
        data |= {"subCompany": "00000", "billDetails": [], "freeTexts": [], "virtualAccountTrxType": "C",
                 "feeAmount": _idr(0), "additionalInfo": {}}  # fmt: skip
    return status, coded(status, INQUIRY, verdict, message) | {"virtualAccountData": data}


def answer_to_payment(asked: Asked, verdict: str, *, told_before: bool) -> tuple[int, dict[str, Any]]:
    """Return the answer; told before, it carries the first result and says so."""
    message, english, indonesian = WORDS[verdict]
    status, case = (200, ACCEPTED) if verdict == ACCEPTED else (404, verdict)
    if told_before:
        status, case, message = 404, INCONSISTENT, "Inconsistent Request"
    echoed = ("paidAmount", "totalAmount", "trxDateTime", "referenceNo")
    data = {
        "paymentFlagStatus": "00" if verdict == ACCEPTED else "01",
        "paymentFlagReason": {"english": english, "indonesia": indonesian},
        **_account(asked, PAYER_SEES if verdict == ACCEPTED else ""),
        "paymentRequestId": asked.request_id,
        **{name: asked.fields[name] for name in echoed if _is_plain(asked.fields.get(name))},
        "billDetails": [],
        "freeTexts": [],
    }
    return status, coded(status, PAYMENT, case, message) | {"virtualAccountData": data, "additionalInfo": {}}


def _account(asked: Asked, name: str) -> dict[str, str]:
    return {
        "partnerServiceId": asked.partner,
        "customerNo": asked.customer,
        "virtualAccountNo": asked.number,
        "virtualAccountName": name,
    }


def _idr(amount: int) -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": "IDR"}


def _field(fields: Mapping[str, Any], name: str, shape: re.Pattern[str] | None = None) -> str:
    value = fields.get(name)
    if value is None or value == "":
        raise missing(name)
    if not isinstance(value, str) or len(value) > 128 or not value.isascii() or not value.isprintable():
        raise wrong(name)
    if shape and not shape.fullmatch(value):
        raise wrong(name)
    return value


def _amount(fields: Mapping[str, Any]) -> int:
    """Return whole rupiah; -1, which no bill is over, for real cents."""
    told = fields.get("paidAmount")
    if told is None:
        raise missing("paidAmount")
    match told:
        case {"value": str(value), "currency": "IDR"} if found := _AMOUNT.fullmatch(value):
            return int(found.group(1)) if found.group(2) == "00" else -1
    raise wrong("paidAmount")


def _moment(fields: Mapping[str, Any]) -> datetime | None:
    told = fields.get("trxDateTime")
    if told is None or told == "":
        return None
    try:
        return parse(told)
    except (ValueError, TypeError):
        raise wrong("trxDateTime") from None


def _is_plain(value: Any) -> bool:
    """Whether it is a text, or an object of texts: what may be echoed."""
    return isinstance(value, str) or (isinstance(value, dict) and all(isinstance(each, str) for each in value.values()))

"""What Xendit knows of each payment request and invoice: the provider's own truth, whatever it notified."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from infra.simulators.qris import dynamic_qr

BUSINESS = "5f27a14a9bf05c73dd040bc8"
BANKS = ("BCA", "BNI", "BRI", "PERMATA", "CIMB", "MANDIRI", "BSI", "BJB", "SAHABAT_SAMPOERNA")
CHANNELS = ("QRIS", *(f"{bank}_VIRTUAL_ACCOUNT" for bank in BANKS))
QRIS_LIVES = timedelta(hours=48)  # and this cannot be set
QRIS_LIMIT = 10_000_000
REFUND_WINDOW = timedelta(days=7)  # of QRIS; virtual accounts give nothing back
OPEN = ("ACCEPTING_PAYMENTS", "REQUIRES_ACTION", "AUTHORIZED", "PENDING")


class Refused(Exception):
    """Xendit says no: an HTTP status, and its `error_code`."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status, self.code = status, code


@dataclass(slots=True)
class Refund:
    id: str
    key: str
    reference: str
    of: "Sold"
    amount: int
    reason: str
    metadata: dict[str, Any]
    created: datetime
    updated: datetime
    status: str = "PENDING"

    def alive(self) -> bool:
        return self.status in ("PENDING", "SUCCEEDED")

    def facts(self) -> dict[str, Any]:
        return {
            "id": self.id,
            self.of.refunded_as: self.of.id,
            "reference_id": self.reference,
            "channel_code": self.of.channel,
            "country": "ID",
            "amount": self.amount,
            "currency": "IDR",
            "status": self.status,
            "reason": self.reason,
            "failure_code": "INSUFFICIENT_BALANCE" if self.status == "FAILED" else None,
            "refund_fee_amount": None,
            "created": stamp(self.created),
            "updated": stamp(self.updated),
            "metadata": self.metadata,
        }


@dataclass(slots=True)
class Sold:
    """A payment request or an invoice: what both have. *paid*: what was captured, which may not be *amount*."""

    id: str
    reference: str
    amount: int
    channel: str
    created: datetime
    expires: datetime
    status: str
    asked: dict[str, Any]
    paid: int | None = None
    paid_at: datetime | None = None
    updated: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)

    refunded_as: ClassVar[str]
    done: ClassVar[tuple[str, ...]]

    def lapse(self, now: datetime) -> None:
        """Expire if nobody paid in time."""
        if self.status in OPEN and now >= self.expires:
            self.be("EXPIRED", self.expires)

    def be(self, status: str, at: datetime, amount: int | None = None) -> None:
        """Be *status* from now on, whatever came before (late money, reversals)."""
        self.status, self.updated = status, at
        if status in self.done:
            self.paid, self.paid_at = amount or self.paid or self.amount, self.paid_at or at
        else:
            self.paid = self.paid_at = None

    def stop(self, status: str, at: datetime) -> None:
        if self.status not in OPEN:
            raise Refused(400, "INACTIVE_PAYMENT_REQUEST", "Payment request is already inactive.")
        self.be(status, at)

    def give_back(self, key: str, asked: dict[str, Any], at: datetime) -> Refund:
        """Refund; the same idempotency key is the same refund."""
        for earlier in self.refunds:
            if earlier.key == key:
                return earlier
        amount, left = asked.get("amount"), (self.paid or 0) - sum(r.amount for r in self.refunds if r.alive())
        if self.channel != "QRIS" or self.paid_at is None or at - self.paid_at > REFUND_WINDOW:
            raise Refused(400, "INELIGIBLE_TRANSACTION")
        if type(amount) is not int or not 0 < amount <= left:
            raise Refused(400, "MAXIMUM_REFUND_AMOUNT_REACHED")
        id_ = f"rfd-{stable_uuid(f'{self.reference}/{key}')}"
        reason, metadata = str(asked.get("reason")), dict(asked.get("metadata") or {})
        refund = Refund(id_, key, str(asked.get("reference_id", "")), self, amount, reason, metadata, at, at)
        self.refunds.append(refund)
        return refund


@dataclass(slots=True)
class PaymentRequest(Sold):
    number: str = ""

    refunded_as: ClassVar[str] = "payment_request_id"
    done: ClassVar[tuple[str, ...]] = ("SUCCEEDED",)

    @property
    def payment_id(self) -> str:
        return f"py-{stable_uuid(self.reference)}"

    def facts(self) -> dict[str, Any]:
        descriptor = "QR_STRING" if self.channel == "QRIS" else "VIRTUAL_ACCOUNT_NUMBER"
        value = dynamic_qr(self.amount, self.reference) if self.channel == "QRIS" else self.number
        latest = {"latest_payment_id": self.payment_id} if self.paid_at else {}
        return self._common() | latest | {
            "actions": [{"type": "PRESENT_TO_CUSTOMER", "descriptor": descriptor, "value": value}],
            "status": self.status,
            "created": stamp(self.created),
            "updated": stamp(self.updated or self.created),
        }  # fmt: skip

    def payment(self) -> dict[str, Any]:
        """Return the payment made for it, or the one that failed."""
        captured = {
            "capture_timestamp": stamp(self.paid_at or self.created),
            "capture_id": f"cap-{stable_uuid(self.reference)}",
            "capture_amount": self.paid,
        }
        failed = {} if self.status in ("SUCCEEDED", *OPEN) else {"failure_code": "CHANNEL_UNAVAILABLE"}
        return self._common() | failed | {
            "payment_id": self.payment_id,
            "captures": [captured] if self.paid_at else [],
            "status": "PENDING" if self.status in OPEN else self.status,
            "payment_details": {"issuer_name": self.channel.partition("_")[0], "receipt_id": "612500001"},
            "created": stamp(self.created),
            "updated": stamp(self.updated or self.created),
        }  # fmt: skip

    def _common(self) -> dict[str, Any]:
        echoed = {name: self.asked[name] for name in ("description", "metadata") if name in self.asked}
        return {
            "business_id": BUSINESS,
            "reference_id": self.reference,
            "payment_request_id": self.id,
            "type": "PAY",
            "country": "ID",
            "currency": "IDR",
            "request_amount": self.amount,
            "capture_method": "AUTOMATIC",
            "channel_code": self.channel,
            "channel_properties": self.asked.get("channel_properties", {}),
        } | echoed


@dataclass(slots=True)
class Invoice(Sold):
    page: str = ""

    refunded_as: ClassVar[str] = "invoice_id"
    done: ClassVar[tuple[str, ...]] = ("PAID", "SETTLED")

    def facts(self) -> dict[str, Any]:
        paid = {"paid_amount": self.paid, "paid_at": stamp(self.paid_at)} if self.paid_at else {}
        return paid | {
            "id": self.id,
            "external_id": self.reference,
            "user_id": BUSINESS,
            "status": self.status,
            "merchant_name": "Koperasi ASN Contoh",
            "amount": self.amount,
            "description": self.asked.get("description", ""),
            "expiry_date": stamp(self.expires),
            "invoice_url": f"{self.page}/web/{self.id}",
            "created": stamp(self.created),
            "updated": stamp(self.updated or self.created),
            "currency": "IDR",
        }


class Everything:
    """All that was sold, by Xendit's own ids."""

    def __init__(self) -> None:
        self.requests: dict[str, PaymentRequest] = {}
        self.invoices: dict[str, Invoice] = {}

    def all(self) -> list[Sold]:
        return [*self.requests.values(), *self.invoices.values()]

    def find(self, id_: str) -> Sold | None:
        """Find by the merchant's id or by Xendit's."""
        return next((sold for sold in self.all() if id_ in (sold.reference, sold.id)), None)


def stamp(at: datetime) -> str:
    """Write *at* as Xendit does: UTC with milliseconds, `2026-10-05T02:10:46.500Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stable_uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"xendit/{name}"))

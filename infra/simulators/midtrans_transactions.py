"""What Midtrans knows of each transaction: the provider's own truth, whatever it notified."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.simulators.clock import wib

MERCHANT_ID = "G141532850"
PAID = ("settlement", "capture")
REFUNDED = ("refund", "partial_refund")
STATUSES = (
    *("pending", "authorize", *PAID, "deny", "failure", "cancel", "expire", *REFUNDED),
    *("chargeback", "partial_chargeback"),
)
REFUND_WINDOW = {"qris": timedelta(days=7), "gopay": timedelta(days=45)}  # virtual accounts: never
REFUND_KEY_LIVES = timedelta(days=7)


class Refused(Exception):
    """Midtrans says no: its `status_code`, with its words."""

    def __init__(self, code: int, message: str, *validation: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.validation = list(validation)


def cannot_modify() -> Refused:
    return Refused(412, "Merchant cannot modify the status of the transaction")


@dataclass(slots=True)
class Refund:
    number: int
    key: str
    amount: int
    reason: str
    created: datetime
    confirmed: datetime | None = None

    def facts(self) -> dict[str, Any]:
        facts = {
            "refund_chargeback_id": self.number,
            "refund_chargeback_uuid": stable_uuid(f"refund/{self.number}/{self.key}"),
            "refund_amount": idr(self.amount),
            "created_at": wib(self.created),
            "reason": self.reason,
            "refund_key": self.key,
            "refund_method": "online",
        }
        return facts | ({"bank_confirmed_at": wib(self.confirmed)} if self.confirmed else {})


@dataclass(slots=True)
class Transaction:
    order_id: str
    payment_type: str
    gross_amount: int
    created: datetime
    expires: datetime
    details: dict[str, Any]
    """What only this way of paying has: `va_numbers`, `permata_va_number`, `bill_key`, `acquirer`…"""
    echoed: dict[str, Any]
    urls: tuple[str, ...]
    status: str = "pending"
    settled: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)
    expiry_unannounced: bool = True

    @property
    def id(self) -> str:
        return stable_uuid(self.order_id)

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds)

    def lapse(self, now: datetime) -> None:
        """Expire if nobody paid in time; the notification follows by itself."""
        if self.status == "pending" and now >= self.expires:
            self.status = "expire"

    def move_to(self, status: str, at: datetime) -> None:
        """Be *status* from now on, as the provider has it, whatever came before (late money, reversals)."""
        if status == "settlement":
            self.refunds.clear()  # a refund that was refused comes back as a settlement
        if status in PAID:
            self.settled = self.settled or at
        elif status in ("pending", "expire", "cancel"):
            self.settled = None
        self.status = status
        self.expiry_unannounced = status == "pending"

    def stop(self, status: str, at: datetime) -> None:
        """Cancel or expire on request; only what is pending can be stopped."""
        if self.status != "pending":
            raise cannot_modify()
        self.move_to(status, at)

    def refund(self, key: str, amount: int | None, reason: str, at: datetime) -> tuple[Refund, bool]:
        """Give money back and say whether this was new; the same key and amount is the same refund.

        refused with   when
        412            a virtual account, not settled, or past the window of this way of paying
        406            the key was used for another amount, or more than seven days ago
        414            more than what is left
        """
        for earlier in self.refunds:
            if earlier.key == key:
                if amount not in (None, earlier.amount) or at - earlier.created > REFUND_KEY_LIVES:
                    raise Refused(406, "Duplicate refund_key")
                return earlier, False
        window = REFUND_WINDOW.get(self.payment_type)
        if window is None or self.status not in ("settlement", "partial_refund") or self.settled is None:
            raise cannot_modify()
        if at - self.settled > window:
            raise cannot_modify()
        return self.give_back(key, amount, reason, at), True

    def give_back(self, key: str, amount: int | None, reason: str, at: datetime) -> Refund:
        left = self.gross_amount - self.refunded
        amount = left if amount is None else amount
        if not 0 < amount <= left:
            raise Refused(414, "Refund amount exceeds the amount that can be refunded")
        refund = Refund(len(self.refunds) + 1, key, amount, reason, at)
        self.refunds.append(refund)
        self.status = "refund" if amount == left else "partial_refund"
        return refund


class Transactions:
    def __init__(self) -> None:
        self._by_id: dict[str, Transaction] = {}

    def __contains__(self, order_id: str) -> bool:
        return order_id in self._by_id

    def __len__(self) -> int:
        return len(self._by_id) // 2

    def add(self, transaction: Transaction) -> None:
        self._by_id[transaction.order_id] = self._by_id[transaction.id] = transaction

    def get(self, id: str, now: datetime) -> Transaction:
        """Find by order_id or transaction_id, in its state at *now*."""
        if id not in self._by_id:
            raise Refused(404, "Transaction doesn't exist.")
        self._by_id[id].lapse(now)
        return self._by_id[id]


def idr(amount: int) -> str:
    """Write rupiah as Midtrans answers them: `265000.00`."""
    return f"{amount}.00"


def stable_uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"midtrans/{name}"))

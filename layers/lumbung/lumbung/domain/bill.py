"""A bill: a virtual account of ours at a bank that asks us what it owes, and tells us when it was paid (SNAP).

status   open → paid      the bank said so, under its signature: then it is money
         open → closed    nobody should pay it any more
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

# What the bank is answered: the case number of SNAP's response codes (protocols, C.4 and C.6).
ACCEPTED, UNKNOWN, WRONG_AMOUNT, PAID, LAPSED = "00", "12", "13", "14", "19"

NUMBERS = 5  # tries at a customer number that nobody else has
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Bill:
    """Whole rupiah. `partner` is the bank's number for us, eight characters, padded with spaces on the left."""

    partner: str
    customer: str
    payment_id: str
    amount: int
    expires_at: datetime
    status: str = "open"
    paid_at: datetime | None = None

    @property
    def number(self) -> str:
        """The account's number as the protocol has it: the spaces are part of it."""
        return self.partner + self.customer

    @property
    def shown(self) -> str:
        """The account's number as a person types it."""
        return self.number.strip()

    def verdict(self, at: datetime, *, paid: int | None) -> str:
        """Return what the bank is answered at *at*; *paid*: rupiah, None while it only asks.

        open, in time, the whole amount   ACCEPTED         paid before      PAID
        open, in time, another amount     WRONG_AMOUNT     closed, or late  LAPSED
        """
        if self.status == "paid":
            return PAID
        if self.status == "closed" or at >= self.expires_at:
            return LAPSED
        return ACCEPTED if paid in (None, self.amount) else WRONG_AMOUNT

    def pay(self, at: datetime) -> "Bill":
        return replace(self, status="paid", paid_at=at)

    def close(self) -> "Bill":
        return replace(self, status="closed")


@dataclass(frozen=True, slots=True)
class Flag:
    """A payment as a bank told of it, once: `verdict` is what it was answered first, and ever after.

    `what` says what was paid: told again under the same id, it has to be the same.
    """

    id: str
    what: str
    verdict: str


class Bills(Protocol):
    """Where bills are kept: read strongly, changed by one writer at a time."""

    def open(self, bill: Bill) -> Bill:
        """Keep *bill* unless its number is taken, and return what is kept under that number."""

    def find(self, number: str) -> Bill | None: ...

    def close(self, bill: Bill) -> Bill:
        """Close *bill* if it is still open, and return what became of it."""


def customer_numbers(payment_id: str) -> Iterator[str]:
    """Yield the customer numbers that a payment may have: the first that nobody else had before it is its own."""
    for attempt in range(NUMBERS):
        digest = hashlib.sha256(f"{payment_id}/{attempt}".encode()).digest()
        yield f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"

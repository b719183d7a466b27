"""A bank that asks us (SNAP, protocols C.4): the virtual accounts are ours, and so is the knowledge of them.

The bank is not called: a payer types the account's number, the bank asks what it owes and tells that it was
paid, under its signature over the whole message. That is the provider's word, so its state is read from what we
kept of it. Whether a bank also answers the status service (26) is a matter of its contract, and not relied on.
"""

from datetime import datetime, timedelta

from lumbung.domain.bill import Bill, Bills, customer_numbers
from lumbung.domain.errors import InvalidState, Stale
from lumbung.domain.payment import VIRTUAL_ACCOUNT, Payment, ProviderState
from lumbung.domain.payment_provider import RefundRefused

NAME = "snap"
LONGEST = timedelta(days=180)  # ours to choose: the bank asks each time
STATUS = {"open": "pending", "paid": "settled", "closed": "expired"}
PARTNER_WIDTH = 8


class Snap:
    name = NAME

    def __init__(self, bills: Bills, *, bank: str, partner: str) -> None:
        """*partner*: the bank's number for us, without the spaces."""
        self._bills, self._bank, self._partner = bills, bank, partner.rjust(PARTNER_WIDTH)

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return LONGEST if (method, bank) == (VIRTUAL_ACCOUNT, self._bank) else None

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        """Open a bill for *payment*, or find the one it has; InvalidState."""
        if payment.expires_at is None or payment.expires_at <= now:
            raise InvalidState("Waktu pembayaran sudah habis.")
        for customer in customer_numbers(payment.id):
            bill = Bill(self._partner, customer, payment.id, payment.amount, payment.expires_at)
            kept = self._bills.open(bill)
            if kept.payment_id == payment.id:
                return self._state(kept)
        raise InvalidState("Nomor virtual account tidak tersedia, coba lagi.")

    def status(self, payment: Payment) -> ProviderState | None:
        bill = self._find(payment)
        return self._state(bill) if bill else None

    def expire(self, payment: Payment) -> ProviderState | None:
        bill = self._find(payment)
        if bill is None or bill.status != "open":
            return self._state(bill) if bill else None
        try:
            return self._state(self._bills.close(bill))
        except Stale:  # the bank was faster
            return self.status(payment)

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        raise RefundRefused("Virtual account dikembalikan dengan transfer.")

    def _find(self, payment: Payment) -> Bill | None:
        for customer in customer_numbers(payment.id):
            bill = self._bills.find(self._partner + customer)
            if bill is None or bill.payment_id == payment.id:
                return bill
        return None

    def _state(self, bill: Bill) -> ProviderState:
        return ProviderState(
            status=STATUS[bill.status],
            amount=bill.amount,
            reference=bill.number,
            settled_at=bill.paid_at,
            instructions={"bank": self._bank, "va_number": bill.shown},
        )

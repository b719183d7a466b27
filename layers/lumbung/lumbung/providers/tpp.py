"""Deduction from an allowance (TPP), as a provider: there is nobody to call, a treasurer answers with a file.

What is known of a payment is what the member's consent allowed and what the treasurer said, both kept here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from lumbung.domain.deduction import Consent, Deduction, month, must_cover
from lumbung.domain.errors import AlreadyDone, InvalidState, Stale
from lumbung.domain.payment import TPP, Payment, ProviderState
from lumbung.domain.payment_provider import RefundRefused

LONGEST = timedelta(days=62)  # a treasurer answers with the next month's allowance; the order's own time is the bound
TRIES = 4


class Deductions(Protocol):
    def find(self, payment_id: str) -> Deduction | None: ...
    def claim(self, deduction: Deduction, consent: Consent) -> None: ...
    def stop(self, deduction: Deduction) -> Deduction: ...


class Consents(Protocol):
    def find(self, member_id: str) -> Consent | None: ...


class Tpp:
    name = TPP

    def __init__(self, deductions: Deductions, consents: Consents, *, owner: Callable[[str], str]) -> None:
        """*owner* returns the member whose order that is: nobody else's consent counts."""
        self._deductions, self._consents, self._owner = deductions, consents, owner

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return LONGEST if method == TPP else None

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        """Claim the amount against the member's consent, once. InvalidState, LimitExceeded, Stale."""
        if known := self._deductions.find(payment.id):
            return known.state()
        consent = must_cover(self._consents.find(self._owner(payment.order_id)), payment.amount, at=now)
        deduction = Deduction(
            payment_id=payment.id,
            order_id=payment.order_id,
            member_id=consent.member_id,
            institution_id=consent.institution_id,
            unit=consent.unit,
            amount=payment.amount,
            month=month(now),
            consent=consent.version,
            claimed_at=now,
        )
        try:
            self._deductions.claim(deduction, consent)
        except AlreadyDone:  # a rival with the same key
            return self._known(payment)
        return deduction.state()

    def status(self, payment: Payment) -> ProviderState | None:
        """Return what is known; a claim under a consent that is another now, which no treasurer gets, is stopped."""
        found = self._deductions.find(payment.id)
        if found and found.status == "claimed" and not self._may_be_handed_over(found):
            return self.expire(payment)
        return found.state() if found else None

    def expire(self, payment: Payment) -> ProviderState | None:
        """Stop it. One that a treasurer has already is stopped as well: what they deduct is then late money."""
        for _ in range(TRIES):
            found = self._deductions.find(payment.id)
            if found is None:
                return None
            try:
                return self._deductions.stop(found).state()
            except Stale:  # handed over or answered meanwhile
                continue
        raise Stale("the deduction does not hold still")

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        raise RefundRefused("Potongan TPP dikembalikan dengan transfer.")

    def _may_be_handed_over(self, claimed: Deduction) -> bool:
        consent = self._consents.find(claimed.member_id)
        return consent is not None and consent.version == claimed.consent

    def _known(self, payment: Payment) -> ProviderState:
        if state := self.status(payment):
            return state
        raise InvalidState("Potongan ini sudah tidak ada.")

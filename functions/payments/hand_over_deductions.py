"""A unit's treasurer is asked for what waits: each deduction once, under a consent that holds at that moment."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Protocol

from lumbung.domain.deduction import AT_ONCE, Batch, Consent, Deduction
from lumbung.domain.errors import Stale
from lumbung.domain.once import Once
from payments.ports import Memory, Orders, Payments, Provider, Settle, Write
from payments.stop_payment import stop_payment
from payments.watch_payments import wanted


class Deductions(Protocol):
    def open_batch(self, batch: Batch) -> Write: ...
    def waiting(self, institution_id: str, unit: str) -> Iterable[Deduction]: ...
    def hand_over(self, before: Deduction, after: Deduction) -> None: ...
    def commit(self, *writes: Write) -> None: ...


class Consents(Protocol):
    def find(self, member_id: str) -> Consent | None: ...


def hand_over_deductions(
    batch: Batch,
    *,
    at: datetime,
    once: Once,
    remember: Memory,
    deductions: Deductions,
    consents: Consents,
    payments: Payments,
    orders: Orders,
    provider: Provider,
    settle: Settle,
) -> int:
    """Put on *batch* what waits for its unit, and return how many were; after a crash the same key goes on."""
    deductions.commit(deductions.open_batch(batch))
    handed = 0
    for deduction in islice(deductions.waiting(batch.institution_id, batch.unit), AT_ONCE):
        payment = payments.get(deduction.payment_id)
        if not payment.confirmed:
            continue  # nobody was told of it yet
        try:
            if _allowed(deduction, consents.find(deduction.member_id), at) and wanted(
                payment, orders.get(deduction.order_id), at
            ):
                deductions.hand_over(deduction, deduction.hand_over(batch.id))
                handed += 1
            else:
                stop_payment(payment, payments=payments, provider=provider, settle=settle)
        except Stale:
            continue  # withdrawn, stopped, or on another batch meanwhile
    deductions.commit(remember(once, batch.id))
    return handed


def _allowed(deduction: Deduction, consent: Consent | None, at: datetime) -> bool:
    return consent is not None and consent.version == deduction.consent and consent.holds(at)

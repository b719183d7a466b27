"""Rice paid out of an allowance (TPP): only under a consent of its owner's own, which says how much, when and to whom.

deduction   claimed → exported → applied      handed to the unit's treasurer, who answers what was deducted
            claimed → ended                   nobody waits for it any more, or its consent is gone
            exported → recalled → applied     nobody waits for it, but the treasurer has it: what they deduct is booked
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone

from lumbung.domain import ledger
from lumbung.domain.errors import InvalidState, LimitExceeded
from lumbung.domain.payment import ProviderState

AT_ONCE = 300  # deductions in one batch, and lines in one answer: as many as one request has the time for
JAKARTA = timezone(timedelta(hours=7))  # allowances are paid by the month of the capital
TOLD = (
    "Pesanan terkonfirmasi setelah hasil potongan dari bendahara diterima. Bila belum ada sampai batas pembayaran, "
    "pesanan kedaluwarsa, dan potongan yang datang sesudahnya dikembalikan."
)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a member allows: at most *max_amount* rupiah in a calendar month, between two days, both included.

    Each change is a new `version`. `taken`: what was claimed, by month; `open`: payments that wait for a treasurer.
    """

    member_id: str
    institution_id: str
    unit: str
    max_amount: int
    valid_from: date
    valid_until: date
    text_version: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1
    taken: Mapping[str, int] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    def withdraw(self, *, at: datetime) -> "Consent":
        """InvalidState when it is withdrawn already."""
        if self.withdrawn_at:
            raise InvalidState("Persetujuan ini sudah dicabut.")
        return replace(self, withdrawn_at=at, version=self.version + 1)

    def holds(self, at: datetime) -> bool:
        return self.withdrawn_at is None and self.valid_from <= at.astimezone(JAKARTA).date() <= self.valid_until

    def remaining(self, at: datetime) -> int:
        return max(0, self.max_amount - self.taken.get(month(at), 0)) if self.holds(at) else 0


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a treasurer is asked to deduct for one payment; rupiah. `consent`: the version it was claimed under."""

    payment_id: str
    order_id: str
    member_id: str
    institution_id: str
    unit: str
    amount: int
    month: str
    consent: int
    claimed_at: datetime
    status: str = "claimed"
    batch_id: str | None = None
    deducted: int | None = None
    applied_at: datetime | None = None

    def hand_over(self, batch_id: str) -> "Deduction":
        return replace(self, status="exported", batch_id=batch_id)

    def stop(self) -> "Deduction":
        """Return it as it is once nobody waits for it; what a treasurer has answered stays."""
        return replace(self, status={"claimed": "ended", "exported": "recalled"}.get(self.status, self.status))

    def apply(self, deducted: int, *, at: datetime) -> "Deduction":
        """Note the treasurer's answer; InvalidState when it was another one before."""
        if self.status == "applied" and self.deducted != deducted:
            raise InvalidState(f"Sudah dilaporkan dipotong Rp {self.deducted}.")
        if self.status not in ("exported", "recalled", "applied"):
            raise InvalidState(f"Potongan ini berstatus {self.status}.")
        return self if self.status == "applied" else replace(self, status="applied", deducted=deducted, applied_at=at)

    @property
    def unused(self) -> int:
        """What of the claim goes back to the consent.

        asked   status    deducted   unused
          100   ended            -      100
          100   applied         60       40
          100   applied        130        0
        """
        if self.status == "ended":
            return self.amount
        return 0 if self.deducted is None else max(0, self.amount - self.deducted)

    @property
    def outcome(self) -> str:
        if not self.deducted:
            return "none"
        return "partial" if self.deducted < self.amount else "full" if self.deducted == self.amount else "too_much"

    def state(self) -> ProviderState:
        """Return what is known of the payment, as of any provider's."""
        waiting = {"claimed": "pending", "exported": "pending", "applied": "settled" if self.deducted else "failed"}
        return ProviderState(
            status=waiting.get(self.status, "expired"),
            amount=self.amount if self.deducted is None else self.deducted,
            reference=self.payment_id,
            settled_at=self.applied_at,
            instructions={"note": TOLD, "unit": self.unit, "month": self.month},
            account=ledger.tpp(self.institution_id),
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """What one unit's treasurer is asked for at once."""

    id: str
    institution_id: str
    unit: str
    made_by: str
    made_at: datetime


def month(at: datetime) -> str:
    """Return e.g. ``2020-04``."""
    return at.astimezone(JAKARTA).strftime("%Y-%m")


def same_unit(unit: str) -> str:
    """Return what two spellings of a unit share: ``Biro  Umum`` and ``BIRO UMUM`` are one."""
    return " ".join(unit.casefold().split())


def must_cover(consent: Consent | None, amount: int, *, at: datetime) -> Consent:
    """Return the consent if *amount* may be deducted under it; InvalidState, LimitExceeded."""
    if consent is None or not consent.holds(at):
        raise InvalidState("Belum ada persetujuan pemotongan TPP yang berlaku.")
    if amount > consent.remaining(at):
        raise LimitExceeded(f"Sisa persetujuan bulan ini Rp {consent.remaining(at)}, tagihan Rp {amount}.")
    return consent

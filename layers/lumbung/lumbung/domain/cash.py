"""Cash in the hands of a person in charge: what was collected, what was handed over, what is still owed."""

from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.errors import AmountMismatch, Forbidden, InvalidState, LimitExceeded


@dataclass(frozen=True, slots=True)
class Till:
    """The cash of one drop-off, in rupiah: `collected` less `remitted` is on hand, less `announced` is free."""

    dropoff_id: str
    collected: int = 0
    remitted: int = 0
    announced: int = 0  # in hand-overs that nobody has accepted yet

    @property
    def on_hand(self) -> int:
        return self.collected - self.remitted

    @property
    def free(self) -> int:
        return self.on_hand - self.announced


@dataclass(frozen=True, slots=True)
class Remittance:
    """A hand-over slip: announced by one person, counted by another. `counted` is None until then.

    With `refund_id` the cash goes to a member, and is counted once the refund is confirmed.
    """

    id: str
    dropoff_id: str
    amount: int
    method: str
    handed_by: str
    handed_at: datetime
    status: str = "pending"  # → accepted, or (a refund's) called_off
    counted: int | None = None
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    refund_id: str | None = None

    @property
    def shortage(self) -> int:
        """What was announced and not counted: it stays on hand, as the person's debt."""
        return 0 if self.counted is None else self.amount - self.counted

    def accept(self, counted: int, *, by: str, at: datetime) -> "Remittance":
        """Count it; Forbidden to whoever handed it over, AmountMismatch when there is more than was announced."""
        if by == self.handed_by:
            raise Forbidden("Setoran tidak dapat diterima oleh penyetornya sendiri.")
        if self.status != "pending":
            raise InvalidState(f"Setoran ini berstatus {self.status}.")
        if not 0 <= counted <= self.amount:
            raise AmountMismatch(f"Setoran ini paling banyak Rp {self.amount}.")
        return replace(self, status="accepted", counted=counted, accepted_by=by, accepted_at=at)

    def call_off(self, *, by: str, at: datetime) -> "Remittance":
        """The cash never left the till."""
        return replace(self, status="called_off", counted=0, accepted_by=by, accepted_at=at)


def refund_slip_id(refund_id: str, asked: int) -> str:
    """Return the id of the slip with which a refund's *asked*th request was paid out of the till."""
    return ids.within(refund_id, "rem_", str(asked))


def receipt_id(dropoff_id: str, number: str) -> str:
    """Return the id of the one payment that a receipt number of a drop-off stands for."""
    return ids.within(dropoff_id, "pay_", "receipt", number)


def over_limit(limit: int | None) -> LimitExceeded:
    return LimitExceeded(f"Kas di tangan akan melebihi batas Rp {limit}; setorkan dahulu.")

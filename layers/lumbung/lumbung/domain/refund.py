"""Refunds: decided in one transaction with the order, then asked of the provider or made by hand."""

from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.errors import InvalidState


@dataclass(frozen=True, slots=True)
class Refund:
    """Rupiah promised back to a member. `method` is how the order was paid, which decides how it goes back."""

    id: str
    order_id: str
    wave_id: str
    amount: int
    reason: str
    liable: str
    decided_at: datetime
    decided_by: str
    status: str = "decided"  # → requested → done or failed
    done_at: datetime | None = None
    reference: str | None = None
    withdrawn: bool = False  # no longer promised, because the money it was to come from is gone
    version: int = 1

    @property
    def owed(self) -> bool:
        return self.status != "done" and not self.withdrawn

    def request(self) -> "Refund":
        return self._to("requested", "decided", "failed")

    def finish(self, *, at: datetime, reference: str | None = None) -> "Refund":
        return replace(self._to("done", "decided", "requested", "failed"), done_at=at, reference=reference)

    def fail(self) -> "Refund":
        return self._to("failed", "requested")

    def undo(self) -> "Refund":
        """Its provider says after all that it was not given."""
        return replace(self._to("failed", "done"), done_at=None, reference=None)

    def withdraw(self) -> "Refund":
        return replace(self._to("failed", "decided", "requested", "failed"), withdrawn=True)

    def _to(self, status: str, *allowed: str) -> "Refund":
        if self.status not in allowed:
            raise InvalidState(f"Pengembalian ini berstatus {self.status}.")
        return replace(self, status=status)

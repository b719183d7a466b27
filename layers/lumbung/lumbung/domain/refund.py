"""Refunds: decided in one transaction with the order, then asked of the provider or made by hand.

    decided → requested → done
              requested → failed → requested      asked for again, by the same way or another
              done → failed                       the bank or the provider sent it back

By hand it takes two people: one pays (an operator from the bank, a person in charge from the till), another confirms.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumbung.domain.errors import Forbidden, InvalidState
from lumbung.domain.payment import QRIS, Payment

PROVIDER, TRANSFER, CASH = "provider", "transfer", "cash"  # how it goes back
# For how long after settlement a provider gives money back by itself; the shortest of each (protocols, A.5 and B).
WINDOWS = {
    ("midtrans", QRIS): timedelta(days=7),
    ("midtrans", "gopay"): timedelta(days=45),
    ("xendit", QRIS): timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a refund after it was decided. `reference`: the bank's, or the provider's key."""

    what: str  # requested, done, failed, withdrawn
    at: datetime
    by: str
    channel: str | None = None
    reference: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Rupiah promised back to a member.

    `bearer` is the account that pays for it where the goods have been received and owed for already; `borne` is what
    it has been charged so far. Without a bearer it comes out of what was paid for goods that nobody gets.
    """

    id: str
    order_id: str
    wave_id: str
    amount: int
    reason: str
    liable: str
    decided_at: datetime
    decided_by: str
    status: str = "decided"
    steps: tuple[Step, ...] = ()
    bearer: str | None = None
    borne: int = 0
    withdrawn: bool = False  # no longer promised, because the money it was to come from is gone
    version: int = 1

    @property
    def owed(self) -> bool:
        return self.status != "done" and not self.withdrawn

    @property
    def request(self) -> Step | None:
        """How it was last asked for."""
        return next((step for step in reversed(self.steps) if step.what == "requested"), None)

    @property
    def channel(self) -> str | None:
        return self.request.channel if self.request else None

    @property
    def under_way_by_hand(self) -> bool:
        return self.status == "requested" and self.channel != PROVIDER

    @property
    def done_at(self) -> datetime | None:
        return self.steps[-1].at if self.status == "done" else None

    @property
    def reference(self) -> str | None:
        """The provider's key of a refund that is done."""
        return self.steps[-1].reference if self.status == "done" else None

    def ask(self, channel: str, *, by: str, at: datetime, reference: str | None = None) -> "Refund":
        """Note that it was asked for; InvalidState while it is under way, or once it is done."""
        if self.withdrawn:
            raise InvalidState("Pengembalian ini sudah ditarik.")
        return self._to("requested", Step("requested", at, by, channel, reference), "decided", "failed")

    def finish(self, *, at: datetime, by: str, reference: str | None = None) -> "Refund":
        return self._to("done", Step("done", at, by, PROVIDER, reference), "decided", "requested", "failed")

    def confirm(self, *, by: str, at: datetime) -> "Refund":
        """Note that what was paid by hand has arrived; Forbidden to whoever paid it."""
        return self._to("done", Step("done", at, by, self._another(by).channel), "requested")

    def fail_by_hand(self, *, by: str, at: datetime, reason: str) -> "Refund":
        """Note that what was paid by hand did not arrive, or came back; Forbidden to whoever paid it."""
        channel = self._another(by).channel
        return self._to("failed", Step("failed", at, by, channel, reason=reason), "requested", "done")

    def fail(self, *, at: datetime, by: str) -> "Refund":
        """Note that its provider refuses, or says after all that it was not given."""
        return self._to("failed", Step("failed", at, by, PROVIDER), "requested", "done")

    def withdraw(self, *, at: datetime, by: str) -> "Refund":
        step = Step("withdrawn", at, by)
        return replace(self._to("failed", step, "decided", "requested", "failed"), withdrawn=True)

    def bear(self, amount: int) -> "Refund":
        return replace(self, borne=self.borne + amount)

    def _another(self, by: str) -> Step:
        """Return the step by which somebody else than *by* paid it by hand."""
        request = self.request
        if request is None or request.channel == PROVIDER:
            raise InvalidState(f"Pengembalian ini berstatus {self.status} dan tidak dibayar dengan tangan.")
        if request.by == by:
            raise Forbidden("Pengembalian tidak dapat dinilai oleh yang membayarkannya.")
        return request

    def _to(self, status: str, step: Step, *allowed: str) -> "Refund":
        if self.status not in allowed:
            raise InvalidState(f"Pengembalian ini berstatus {self.status}.")
        return replace(self, status=status, steps=(*self.steps, step))


def by_provider(payment: Payment, amount: int, *, now: datetime) -> bool:
    """Whether the payment's provider would give *amount* of it back by itself."""
    window = WINDOWS.get((payment.provider, payment.method))
    if window is None or payment.suspended or payment.held < amount or payment.settled_at is None:
        return False
    return now < payment.settled_at + window

"""Somebody else says what became of a refund that was paid by hand: it has arrived, or it has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain import ledger
from lumbung.domain.booking import Booking
from lumbung.domain.cash import refund_slip_id
from lumbung.domain.errors import InvalidState
from lumbung.domain.once import Once
from lumbung.domain.refund import CASH, Refund
from payments.ports import Bookings, Memory, Remittances, Tills, Write


@dataclass(frozen=True, slots=True)
class Hands:
    """What a refund by hand goes through."""

    remember: Memory
    bookings: Bookings
    tills: Tills
    remittances: Remittances

    def confirm(self, refund: Refund, *, by: str, at: datetime, once: Once) -> Refund:
        """Book it as paid; Forbidden to whoever paid it, InvalidState unless it is under way."""

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            before = booking.known(refund.id)
            after = booking.confirm(refund.id, _account(booking, before), by=by, at=at)
            return after, [self.remember(once, refund.id), *self._slip(before, by, at, counted=before.amount)]

        return self.bookings.decide(refund.order_id, step, once).refunds[refund.id]

    def fail(self, refund: Refund, *, reason: str, by: str, at: datetime, once: Once) -> Refund:
        """Have it owed again; a transfer may also come back after it was confirmed. Forbidden, InvalidState."""

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            before = booking.known(refund.id)
            if before.status == "done" and before.channel == CASH:
                raise InvalidState("Uang tunai ini sudah diterima anggota.")
            after = booking.fail_by_hand(refund.id, _account(booking, before), by=by, at=at, reason=reason)
            return after, [self.remember(once, refund.id), *self._slip(before, by, at, counted=0)]

        return self.bookings.decide(refund.order_id, step, once).refunds[refund.id]

    def _slip(self, refund: Refund, by: str, at: datetime, *, counted: int) -> list[Write]:
        """Return what the till owes no longer, or again."""
        if refund.channel != CASH:
            return []
        slip = self.remittances.get(refund_slip_id(refund.id, len(refund.steps)))
        after = slip.accept(counted, by=by, at=at) if counted else slip.call_off(by=by, at=at)
        return [
            self.remittances.accept(after),
            self.tills.hand_over(slip.dropoff_id, announced=slip.amount, counted=counted),
        ]


def _account(booking: Booking, refund: Refund) -> str:
    return ledger.pic(booking.order.dropoff_id) if refund.channel == CASH else ledger.BANK

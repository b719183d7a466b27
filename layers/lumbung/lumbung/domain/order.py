"""An order: what one member takes from one wave, and everything that happens to it.

    status              placed → confirmed → completed
                        placed → expired → (late money, packs left) confirmed
                        placed, confirmed → cancelled (by its member, or with its wave)
                        confirmed → (edited, costs more) placed → confirmed, as edited or else as it was paid for
    fulfilment_status   pending → allocated → at_dropoff → collected
                        at_dropoff → not_collected → collected, or its packs go another way (see `desk`)
                        at_dropoff → dispatched → delivered, or back to at_dropoff as `failed`; dispatched is what a
                        motorcycle was asked for, not what a trip that leaves later will bring
                        dispatched → at_dropoff, to be fetched, when no courier is left to ask
                        pending → none (nothing was allocated)

Every step returns a new order; the store writes it only over the version it came from.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lumbung.domain.errors import AmountMismatch, Fault, Invalid, InvalidState, LimitExceeded
from lumbung.domain.order_parts import Fulfilment, Happening, Hold, OrderLine, PaidFor, packs_of

STATUSES = ("placed", "confirmed", "completed", "expired", "cancelled")
MAX_EDITS = 30  # each leaves a line of history, and perhaps a refund that a reversal would have to withdraw
# Its goods were received, and are owed for.
RECEIVED = ("at_dropoff", "dispatched", "collected", "delivered", "not_collected")


@dataclass(frozen=True, slots=True)
class Order:
    """Amounts in whole rupiah. `paid` is the sum of the ledger's entries for this order, gross.

    `paid_for` only while the difference that an edit has made is awaited.
    `borne` is the part of `total` that whoever is liable for a refund pays in the member's place.
    `gone`: packs by way and offer that left the drop-off otherwise than all at once; see `desk`.
    """

    id: str
    wave_id: str
    dropoff_id: str
    institution_id: str | None
    member_id: str
    placed_by: str
    lines: tuple[OrderLine, ...]
    fulfilment: Fulfilment
    courier_fee: int
    payment_due_at: datetime
    placed_at: datetime
    request_hash: str
    status: str = "placed"
    fulfilment_status: str = "pending"
    paid: int = 0
    paid_by: Mapping[str, int] = field(default_factory=dict)
    refund_decided: int = 0
    refunded: int = 0
    borne: int = 0
    holds: tuple[Hold, ...] = ()
    private: bool = False
    person_id: str | None = None  # whose limits it counts against, where that is not `member_id`
    paid_for: PaidFor | None = None
    gone: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    history: tuple[Happening, ...] = ()
    version: int = 1

    @property
    def counted_as(self) -> str:
        """Whose limits in the wave this order counts against: a human, whoever placed it and by which account."""
        return self.person_id or self.member_id

    @property
    def packs(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def reserved(self) -> Counter[str]:
        """Packs by offer that nobody else may have: while a difference is awaited, of what was and of what is to be."""
        packs = packs_of(self.lines)
        return packs | packs_of(self.paid_for.lines) if self.paid_for else packs

    @property
    def held(self) -> Counter[str]:
        """Packs by offer that were taken from the quota, and count against the member's limits."""
        return packs_of(self.holds)

    @property
    def packs_by_offer(self) -> Counter[str]:
        """Packs that were ordered: lines of one offer are summed."""
        return packs_of(self.lines)

    @property
    def granted_by_offer(self) -> Counter[str]:
        """Packs that the member gets, where that is any: lines of one offer are summed."""
        packs: Counter[str] = Counter()
        for line in self.lines:
            packs[line.offer_id] += line.granted
        return +packs

    @property
    def tolerant(self) -> bool:
        """Whether the member said what else they would accept."""
        return any(line.tolerance for line in self.lines)

    @property
    def granted_packs(self) -> int:
        return sum(line.granted for line in self.lines)

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g * line.granted for line in self.lines)

    @property
    def goods_total(self) -> int:
        return sum(line.price * line.granted for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods_total + self.courier_fee

    @property
    def live(self) -> bool:
        return self.status in ("placed", "confirmed", "completed")

    @property
    def kept(self) -> int:
        """Money that the programme holds for this order and has not decided to give back."""
        return self.paid - self.refund_decided

    @property
    def owed(self) -> int:
        return self.total - self.borne if self.live else 0

    @property
    def goods_received(self) -> bool:
        return self.fulfilment_status in RECEIVED

    @property
    def balance(self) -> int:
        """What is still to be paid (positive) or to be given back (negative).

        Money that was promised back pays for nothing: an order that waits does not count on it.
        """
        if self.status == "placed":
            return self.owed - self.kept
        return self.owed - self.paid + self.refunded

    @property
    def payment_status(self) -> str:
        """
        paid   refunded   owed   status
           0          0    100   unpaid
          60          0    100   partially_paid
         100          0    100   paid
         160          0    100   overpaid           nothing decided yet
         160          0    100   refund_due         60 decided
         100        100      0   refunded
         100         40     60   paid               the shortage was given back
         100          0    150   partially_paid     50 were promised back, then the order was edited
        """
        net = self.paid - self.refunded
        if self.status == "placed" and 0 < self.kept < self.owed:
            return "partially_paid"
        if self.refund_decided > self.refunded:
            return "refund_due"
        if self.refunded and net == 0:
            return "refunded"
        if self.paid == 0:
            return "unpaid"
        if net < self.owed:
            return "partially_paid"
        return "paid" if net == self.owed else "overpaid"

    def is_overdue(self, now: datetime) -> bool:
        return self.status == "placed" and self.payment_due_at <= now

    def as_of(self, now: datetime) -> "Order":
        """Return the order as it reads *now*: what is overdue has expired, also before a sweep has come by."""
        if not self.is_overdue(now):
            return self
        return replace(self.expire(at=self.payment_due_at), history=self.history)

    # -- money

    def pay(self, amount: int, *, method: str, at: datetime, by: str) -> "Order":
        """Book *amount* to a live, unpaid order; it is confirmed once it is paid in full."""
        if amount <= 0:
            raise AmountMismatch("the amount must be positive")
        self._must("status", "placed")
        booked = {**self.paid_by, method: self.paid_by.get(method, 0) + amount}
        after = replace(self, paid=self.paid + amount, paid_by=booked)
        if after.kept < after.total:
            return after._noting(at, "partially_paid", by)
        return after._confirmed()._noting(at, "paid", by)

    def receive_unowed(
        self, amount: int, *, method: str, at: datetime, by: str, event: str = "received_unowed"
    ) -> "Order":
        """Book money that nothing is owed for (late, twice, too much); the caller decides its refund with it."""
        booked = {**self.paid_by, method: self.paid_by.get(method, 0) + amount}
        return replace(self, paid=self.paid + amount, paid_by=booked)._noting(at, event, by)

    def unpay(self, amount: int, *, method: str, at: datetime, by: str) -> "Order":
        """Take a reversed payment off again, and the order with it where `uncover` says so."""
        left = {**self.paid_by, method: self.paid_by.get(method, 0) - amount}
        after = replace(self, paid=self.paid - amount, paid_by=left)
        return after._noting(at, "payment_reversed", by).uncover(at=at)

    def uncover(self, *, at: datetime) -> "Order":
        """Return what becomes of an order whose money may be gone.

        still paid for, or goods already allocated     stays as it is: the goods are the member's
        not paid for, before it is due                 placed
        not paid for, later                            expired, holding no packs
        """
        if self.status != "confirmed" or self.fulfilment_status != "pending" or self.kept >= self.total:
            return self
        if at < self.payment_due_at:
            return replace(self, status="placed")
        return replace(self, status="expired", holds=())._noting(at, "expired", "clock")

    def decide_refund(self, amount: int, *, at: datetime, by: str, event: str = "refund_decided") -> "Order":
        """Promise *amount* back; AmountMismatch when more than was paid would then be promised."""
        if not 0 < amount <= self.kept:
            raise AmountMismatch(f"Paling banyak Rp {self.kept} dapat dikembalikan.")
        return replace(self, refund_decided=self.refund_decided + amount)._noting(at, event, by)

    def refund(self, amount: int, *, at: datetime, by: str) -> "Order":
        """Note that *amount*, decided before, has reached the member."""
        if self.refunded + amount > self.refund_decided:
            raise AmountMismatch("more than was decided")
        return replace(self, refunded=self.refunded + amount)._noting(at, "refunded", by)

    def unrefund(self, amount: int, *, at: datetime, by: str) -> "Order":
        """Note that *amount*, thought to have reached the member, has not."""
        if amount > self.refunded:
            raise AmountMismatch("more than was refunded")
        return replace(self, refunded=self.refunded - amount)._noting(at, "refund_failed", by)

    def withdraw_refund(self, amount: int, *, at: datetime, by: str) -> "Order":
        """Promise *amount* no longer; an order that waits for its money may thereby be paid for again."""
        if self.refund_decided - amount < self.refunded:
            raise AmountMismatch("it has reached the member already")
        after = replace(self, refund_decided=self.refund_decided - amount)
        if after.status == "placed" and after.kept >= after.total:
            after = after._confirmed()
        return after._noting(at, "refund_withdrawn", by)

    def lighten(self, amount: int) -> "Order":
        """Have somebody else pay *amount* of it."""
        return replace(self, borne=self.borne + amount)

    # -- life

    def expire(self, *, at: datetime) -> "Order":
        """Return what becomes of an order that was not paid in time.

        only a difference was awaited, what it was is still paid for     confirmed again, as it was
        otherwise                                                        expired, holding no packs
        """
        self._must("status", "placed")
        was = self.paid_for
        if was is None or self.kept < was.kept:
            return replace(self, status="expired", holds=(), paid_for=None)._noting(at, "expired", "clock")
        before = replace(self, lines=was.lines, fulfilment=was.fulfilment, courier_fee=was.courier_fee)
        return before._confirmed()._noting(at, "edit_lapsed", "clock")

    def edit(
        self, *, lines: tuple[OrderLine, ...], fulfilment: Fulfilment, courier_fee: int,
        due: datetime, at: datetime, by: str,
    ) -> "Order":  # fmt: skip
        """Return the order as it is to be; it still holds no packs that it did not hold before.

        was          what is kept pays for it, or it costs no more        otherwise
        confirmed    confirmed                                            placed until *due*, and `paid_for`
        placed       confirmed (if it is paid for)                        placed until it was due before
        """
        self._must("status", "placed", "confirmed")
        self._must("fulfilment_status", "pending")
        if self.is_overdue(at):
            raise InvalidState("Batas pembayaran pesanan ini sudah lewat.")
        if sum(happening.event == "edited" for happening in self.history) >= MAX_EDITS:
            raise LimitExceeded(f"Pesanan ini sudah diubah {MAX_EDITS} kali.")
        after = replace(self, lines=lines, fulfilment=fulfilment, courier_fee=courier_fee)._noting(at, "edited", by)
        if after.kept >= after.total or (self.status == "confirmed" and after.total <= self.total):
            return after._confirmed()
        if self.status == "confirmed":
            was = PaidFor(self.lines, self.fulfilment, self.courier_fee, self.kept)
            after = replace(after, status="placed", paid_for=was, payment_due_at=due)
        return after._holding_no_more()

    def revive(self, holds: tuple[Hold, ...], *, at: datetime, by: str) -> "Order":
        """Late money was accepted: the packs were still there, and are taken again."""
        self._must("status", "expired")
        return replace(self, status="placed", holds=holds)._noting(at, "revived", by)

    def cancel(self, *, at: datetime, by: str) -> "Order":
        self._must("status", "placed", "confirmed")
        self._must("fulfilment_status", "pending")
        return replace(self, status="cancelled", holds=(), paid_for=None)._noting(at, "cancelled", by)

    def call_off(self, *, at: datetime, by: str) -> "Order":
        """Its wave was cancelled before any goods were on their way: what was allocated will not come."""
        self._must("status", "placed", "confirmed")
        self._must("fulfilment_status", "pending", "allocated", "none")
        goods = "none" if self.fulfilment_status == "allocated" else self.fulfilment_status
        after = replace(self, status="cancelled", fulfilment_status=goods, holds=(), paid_for=None)
        return after._noting(at, "cancelled", by)

    # -- goods

    def allocate(self, packs: Mapping[str, int], *, at: datetime, further: Sequence[OrderLine] = ()) -> "Order":
        """Say how many packs of each offer the member gets; lines of one offer are filled in order.

        *further* lines are granted by tolerance.
        """
        self._must("status", "confirmed")
        self._must("fulfilment_status", "pending")
        left = dict(packs)
        lines = []
        for line in self.lines:
            got = min(line.quantity, left.get(line.offer_id, 0))
            left[line.offer_id] = left.get(line.offer_id, 0) - got
            lines.append(replace(line, allocated=got))
        lines += further
        anything = any(line.allocated for line in lines)
        after = replace(
            self,
            lines=tuple(lines),
            fulfilment_status="allocated" if anything else "none",
            courier_fee=self.courier_fee if anything else 0,
        )
        return after._noting(at, "allocated", "clock")

    def correct(self, offer_id: str, packs: int, *, at: datetime, by: str) -> "Order":
        """Give *packs* of an offer instead of what was allocated, never more than was ordered; Invalid."""
        self._must("status", "confirmed")
        self._must("fulfilment_status", "allocated")
        left, lines = packs, []
        for line in self.lines:
            if line.offer_id == offer_id:
                got = min(left, line.quantity or line.granted)
                left -= got
                line = replace(line, allocated=got)
            lines.append(line)
        if left:
            raise Invalid("Melebihi yang dipesan.", [Fault("/packs", f"Paling banyak {packs - left} kemasan.")])
        return self._with_lines(lines)._noting(at, "corrected", by)

    def shorten(self, missing: Mapping[str, int], *, at: datetime) -> "Order":
        """Take packs off again that did not arrive whole: only while nothing was handed over or dispatched."""
        self._must("fulfilment_status", "allocated", "at_dropoff")
        return self._without(missing)._noting(at, "shortened", "clock")

    def arrive(self, *, at: datetime) -> "Order":
        self._must("fulfilment_status", "allocated")
        return replace(self, fulfilment_status="at_dropoff")._noting(at, "at_dropoff", "clock")

    def plan_delivery(self, *, at: datetime, by: str) -> "Order":
        """A trip that leaves later will bring it; until then it stays."""
        self._must("fulfilment_status", "at_dropoff")
        return self._noting(at, "delivery_planned", by)

    def dispatch(self, *, at: datetime, by: str) -> "Order":
        self._must("fulfilment_status", "at_dropoff")
        return replace(self, fulfilment_status="dispatched")._noting(at, "dispatched", by)

    def come_back(self, *, at: datetime, by: str) -> "Order":
        """The delivery failed: the goods are at the drop-off again."""
        self._must("fulfilment_status", "dispatched")
        after = replace(self, fulfilment_status="at_dropoff")
        return after._noting(at, "failed", by)._noting(at, "at_dropoff", by)

    def seek_another_courier(self, *, at: datetime, by: str) -> "Order":
        """*by* found nobody to ride: another courier is asked."""
        self._must("fulfilment_status", "dispatched")
        return self._noting(at, "next_courier", by)

    def lose(self, packs: Mapping[str, int], *, at: datetime, by: str) -> "Order":
        """Take *packs* (by offer) off that a courier lost on the way; `none` when nothing else is left."""
        self._must("fulfilment_status", "dispatched")
        return self._without(packs)._noting(at, "lost", by)

    def fall_back_to_pickup(self, *, at: datetime, by: str) -> "Order":
        """No courier will bring it: the member fetches it, and the courier's fee is not owed."""
        self._must("fulfilment_status", "pending", "allocated", "at_dropoff")
        return replace(self, fulfilment=Fulfilment(), courier_fee=0)._noting(at, "pickup_instead", by)

    def deliver(self, *, at: datetime, by: str) -> "Order":
        self._must("fulfilment_status", "dispatched")
        return replace(self, fulfilment_status="delivered", status="completed")._noting(at, "delivered", by)

    def collect(self, *, at: datetime, by: str) -> "Order":
        self._must("fulfilment_status", "at_dropoff", "not_collected")
        return replace(self, fulfilment_status="collected", status="completed")._noting(at, "collected", by)

    def _confirmed(self) -> "Order":
        return replace(self, status="confirmed", paid_for=None)._holding_no_more()

    def _holding_no_more(self) -> "Order":
        """Hold no packs that are not reserved."""
        left, holds = self.reserved, []
        for hold in self.holds:
            packs = min(hold.packs, left[hold.offer_id])
            left[hold.offer_id] -= packs
            holds += [replace(hold, packs=packs)] if packs else []
        return replace(self, holds=tuple(holds))

    def _without(self, packs: Mapping[str, int]) -> "Order":
        left = dict(packs)
        lines = []
        for line in self.lines:
            lost = min(line.granted, left.get(line.offer_id, 0))
            left[line.offer_id] = left.get(line.offer_id, 0) - lost
            lines.append(replace(line, allocated=line.granted - lost))
        return self._with_lines(lines)

    def _with_lines(self, lines: Sequence[OrderLine]) -> "Order":
        anything = any(line.allocated for line in lines)
        return replace(
            self,
            lines=tuple(lines),
            fulfilment_status=self.fulfilment_status if anything else "none",
            courier_fee=self.courier_fee if anything else 0,
        )

    def _must(self, field_: str, *allowed: str) -> None:
        state: Any = getattr(self, field_)
        if state not in allowed:
            raise InvalidState(f"Pesanan ini berstatus {state}.")

    def _noting(self, at: datetime, event: str, by: str) -> "Order":
        return replace(self, history=(*self.history, Happening(at, event, by)))

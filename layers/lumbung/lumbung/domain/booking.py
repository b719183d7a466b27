"""What news about money does to an order, its refunds and the ledger: worked out here, written in one transaction.

money comes in                                          the ledger              the order
for an order that waits for it                          account → unearned      paid; too much is promised back
for an expired order whose packs can be had again       account → unearned      revived, paid
for an expired or cancelled order otherwise             account → unearned      received, promised back
for an order paid already                               account → member credit received, promised back
for an order whose payment was reversed after all       account → write off     paid again
another amount than was asked for                       account → suspense      nothing; an incident

money is taken away again                               unearned → account      placed until due, else expired
… and the goods are the member's already                write off → account     owes it; an incident

a refund is paid by hand                                refund payable → bank, till
a refund for goods that were received                   who is liable → unearned    owes less
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from lumbung.domain import ids, ledger
from lumbung.domain.errors import InvalidState
from lumbung.domain.incident import Incident
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Hold
from lumbung.domain.refund import Refund

LATE, TWICE, TOO_MUCH = "Pembayaran terlambat", "Pesanan sudah dibayar", "Pembayaran melebihi tagihan"
BY_PROVIDER = "Dikembalikan lewat penyedia pembayaran"


@dataclass(frozen=True, slots=True)
class Money:
    """Rupiah that came or went through the asset *account*, by *method*, because of *cause* (unique for ever)."""

    amount: int
    account: str
    method: str
    cause: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Booking:
    """An order and its refunds as they will be, and what is posted with them."""

    order: Order
    refunds: Mapping[str, Refund] = field(default_factory=dict)
    transfers: tuple[Transfer, ...] = ()
    incidents: tuple[Incident, ...] = ()

    # -- money comes in

    def pay(self, money: Money) -> "Booking":
        order = self.order.pay(money.amount, method=money.method, at=money.at, by=money.by)
        paid = self._on(order)._post(money, money.account, ledger.unearned(order.wave_id), "Pembayaran diterima")
        return paid._promise_surplus(money, max(0, order.kept - order.total), TOO_MUCH)

    def revive(self, money: Money, holds: tuple[Hold, ...]) -> "Booking":
        """Accept late money: *holds* are the packs that were taken anew."""
        return self._on(self.order.revive(holds, at=money.at, by=money.by)).pay(money)

    def refuse(self, money: Money) -> "Booking":
        """Take in money for an order that does not wait for it, and promise back all that it keeps without need."""
        order = self._receive(money)
        taken = self._on(order)._post(money, money.account, ledger.unearned(order.wave_id), LATE)
        return taken._promise_surplus(money, order.kept - order.owed, LATE)

    def give_up(self, money: Money) -> "Booking":
        """Take in money for an order that was still waiting when its time was over, and its wave as well.

        One that waited for a difference only is again what was paid for, and keeps what that costs.
        """
        return self._on(self.order.expire(at=money.at)).refuse(money)

    def credit(self, money: Money) -> "Booking":
        """Take in money for an order that is paid already, and promise it back."""
        order = self._receive(money)
        credit = ledger.member_credit(order.member_id)
        taken = self._on(order)._post(money, money.account, credit, TWICE)
        return taken._promise_surplus(money, money.amount, TWICE, source=credit)

    def recover(self, money: Money) -> "Booking":
        """Take in what was written off when the order's payment was reversed."""
        order = self._receive(money, "paid")
        return self._on(order)._post(money, money.account, ledger.WRITE_OFF, "Pembayaran diterima kembali")

    def suspend(self, money: Money, subject: str, asked: int) -> "Booking":
        """Set money aside that is not what was asked for; the order is not paid by it."""
        kept = self._post(money, money.account, ledger.SUSPENSE, "Jumlah berbeda", of_order=False)
        detail = f"Diterima Rp {money.amount}, diminta Rp {asked}."
        return kept.alert(money, "amount_differs", subject, detail)

    # -- money goes away again

    def resuspend(self, money: Money) -> "Booking":
        return self._post(money, money.account, ledger.SUSPENSE, "Pengembalian dibatalkan penyedia", of_order=False)

    def unsuspend(self, money: Money) -> "Booking":
        return self._post(money, ledger.SUSPENSE, money.account, "Pembayaran ditarik kembali", of_order=False)

    def reverse(self, money: Money) -> "Booking":
        """Take money off again that its provider has taken back; promises that it was to pay for fall first."""
        freed = self
        for refund in sorted(self.refunds.values(), key=lambda r: (r.decided_at, r.id), reverse=True):
            if freed._free < money.amount and refund.owed and not refund.under_way_by_hand:
                freed = freed._withdraw(refund, money)
        covered = max(0, min(money.amount, freed._free))
        order = freed.order.unpay(money.amount, method=money.method, at=money.at, by=money.by)
        after = freed._on(order)
        if covered:
            unearned = ledger.unearned(order.wave_id)
            after = after._post(money, unearned, money.account, "Pembayaran ditarik kembali", covered)
        if covered < money.amount:
            lost = money.amount - covered
            after = after._post(money, ledger.WRITE_OFF, money.account, "Pembayaran ditarik setelah dipakai", lost)
            after = after.alert(money, "reversed_after_use", order.id, f"Rp {lost} ditarik kembali setelah dipakai.")
        return after._settle_up(money)

    def give_back(self, money: Money, key: str) -> "Booking":
        """Note that the provider has given *money* back under *key*: a promise kept, or somebody's own doing."""
        refund = self._promised(key, money.amount)
        if refund is None and self.order.kept < money.amount:
            return self.reverse(money)
        booking = self
        if refund is None:
            booking, refund = self._decide(
                money, money.amount, BY_PROVIDER, liable="programme", by=money.by, bearer=ledger.WRITE_OFF
            )
        done = refund.finish(at=money.at, by=money.by, reference=key)
        order = booking.order.refund(money.amount, at=money.at, by=money.by)
        after = booking._on(order)._with(done)
        after = after._post(money, ledger.REFUND_PAYABLE, money.account, refund.reason)
        if refund.decided_by == money.by:
            after = after._on(after.order.uncover(at=money.at)).bear(at=money.at)
        return after._settle_up(money)

    def take_back(self, money: Money, key: str) -> "Booking | None":
        """Note that a refund did not happen after all; None when it was never booked as one.

        What we promised stays owed. What somebody gave back at the provider is forgotten with its promise.
        """
        given = next((r for r in self.refunds.values() if r.status == "done" and key in (r.id, r.reference)), None)
        if given is None or given.amount != money.amount:
            return None
        order = self.order.unrefund(money.amount, at=money.at, by=money.by)
        after = self._on(order)._with(given.fail(at=money.at, by=money.by))
        after = after._post(money, money.account, ledger.REFUND_PAYABLE, given.reason)
        if given.decided_by == money.by:
            after = after._withdraw(after.refunds[given.id], money)
        return after._settle_up(money)

    # -- decisions

    def decide(
        self, amount: int, *, cause: str, reason: str, liable: str, bearer: str | None = None, at: datetime, by: str
    ) -> "Booking":
        """Promise *amount* back to the member; AmountMismatch when more than was paid would be promised.

        *bearer*: the account of who is liable, which pays for it once the goods were received; None where it comes out
        of what was paid for goods that nobody gets.
        """
        money = Money(amount, "", "", cause, at, by)
        return self._decide(money, amount, reason, liable=liable, by=by, bearer=bearer)[0].bear(at=at)

    def bear(self, *, at: datetime) -> "Booking":
        """Have who is liable make up for what refunds took of goods that have been received.

        Their cooperative is owed for them, so that the wave's money must again be what its orders cost.

        paid   total   refunds with a bearer   borne before   borne now
         100     100   20                      0              20
         100     100   20                      20              0
         160     100   20                      0               0     there was a surplus
        """
        booking = self
        for refund in sorted(self.refunds.values(), key=lambda r: (r.decided_at, r.id)):
            lacking = booking.order.owed - booking.order.kept if booking.order.goods_received else 0
            share = min(lacking, refund.amount - refund.borne)
            if refund.bearer is None or refund.withdrawn or share <= 0:
                continue
            unearned = ledger.unearned(booking.order.wave_id)
            cause = f"borne:{refund.borne}"
            transfer = self._transfer(refund.id, cause, refund.bearer, unearned, share, at, "Pengembalian ditanggung")
            borne = booking._on(booking.order.lighten(share))._with(refund.bear(share))
            booking = replace(borne, transfers=(*booking.transfers, transfer))
        return booking

    # -- refunds by hand

    def known(self, refund_id: str) -> Refund:
        """Return a refund of the order; InvalidState when it is promised no longer."""
        if refund_id not in self.refunds:
            raise InvalidState("Pengembalian ini sudah ditarik.")
        return self.refunds[refund_id]

    def ask(self, refund_id: str, channel: str, *, by: str, at: datetime, reference: str | None = None) -> "Booking":
        return self._with(self.known(refund_id).ask(channel, by=by, at=at, reference=reference))

    def confirm(self, refund_id: str, account: str, *, by: str, at: datetime) -> "Booking":
        """Note that a refund paid by hand out of *account* has reached the member; Forbidden to who paid it."""
        done = self.known(refund_id).confirm(by=by, at=at)
        paid = self._on(self.order.refund(done.amount, at=at, by=by))._with(done)
        cause = f"by_hand:{len(done.steps)}"
        transfer = self._transfer(
            done.id, cause, ledger.REFUND_PAYABLE, account, done.amount, at, "Pengembalian dibayar"
        )
        reference = done.request.reference if done.request else None
        return replace(paid, transfers=(*self.transfers, replace(transfer, reference=reference)))

    def fail_by_hand(self, refund_id: str, account: str, *, by: str, at: datetime, reason: str) -> "Booking":
        """Note that it did not reach the member; what had been booked as paid out of *account* is back there."""
        before = self.known(refund_id)
        failed = before.fail_by_hand(by=by, at=at, reason=reason)
        if before.status != "done":
            return self._with(failed)
        back = self._on(self.order.unrefund(failed.amount, at=at, by=by))._with(failed)
        cause = f"by_hand:{len(failed.steps)}"
        transfer = self._transfer(
            failed.id, cause, account, ledger.REFUND_PAYABLE, failed.amount, at, "Pengembalian kembali"
        )
        return replace(back, transfers=(*self.transfers, transfer))

    def reclaim(self, *, cause: str, at: datetime, by: str) -> "Booking":
        """Withdraw promises, the newest first, until the order is paid for again; what is then over is promised anew.

        InvalidState where that would need a promise that somebody is keeping already.
        """
        booking, money = self, Money(0, "", "", cause, at, by)
        last: Refund | None = None
        for refund in sorted(self.refunds.values(), key=lambda r: (r.decided_at, r.id), reverse=True):
            if booking.order.kept >= booking.order.owed:
                break
            if refund.owed and refund.status == "decided":
                booking, last = booking._withdraw(refund, money), refund
        over = booking.order.kept - booking.order.owed
        if over < 0:
            raise InvalidState("Uang untuk kemasan ini sudah dalam pengembalian.")
        if not over or last is None:
            return booking
        return booking.decide(over, cause=cause, reason=last.reason, liable=last.liable, at=at, by=by)

    def alert(self, money: Money, kind: str, subject: str, detail: str) -> "Booking":
        incident = Incident(
            ids.within(subject, "inc_", kind, money.cause), kind, subject, detail, money.at, self.order.wave_id
        )
        return replace(self, incidents=(*self.incidents, incident))

    # -- steps

    @property
    def _free(self) -> int:
        """What may be taken away: what is kept, less what the member's goods are worth once they are allocated."""
        committed = self.order.owed if self.order.fulfilment_status != "pending" else 0
        return self.order.kept - committed

    def _receive(self, money: Money, event: str = "received_unowed") -> Order:
        return self.order.receive_unowed(money.amount, method=money.method, at=money.at, by=money.by, event=event)

    def _settle_up(self, money: Money) -> "Booking":
        """An order that came to its end keeps nothing."""
        return self if self.order.live else self._promise_surplus(money, max(0, self.order.kept), LATE)

    def _promise_surplus(self, money: Money, amount: int, reason: str, source: str | None = None) -> "Booking":
        if amount <= 0:
            return self
        because = replace(money, cause=f"{money.cause}:surplus")  # beside a refund that *money* itself is
        return self._decide(because, amount, reason, liable="member", by="clock", source=source)[0]

    def _decide(
        self,
        money: Money,
        amount: int,
        reason: str,
        *,
        liable: str,
        by: str,
        source: str | None = None,
        bearer: str | None = None,
    ) -> tuple["Booking", Refund]:
        id_ = ids.within(self.order.id, "ref_", money.cause)
        refund = Refund(id_, self.order.id, self.order.wave_id, amount, reason, liable, money.at, by, bearer=bearer)
        order = self.order.decide_refund(amount, at=money.at, by=by)
        source = source or ledger.unearned(order.wave_id)
        transfer = self._transfer(refund.id, "decided", source, ledger.REFUND_PAYABLE, amount, money.at, reason)
        return replace(self._on(order)._with(refund), transfers=(*self.transfers, transfer)), refund

    def _withdraw(self, refund: Refund, money: Money) -> "Booking":
        order = self.order.withdraw_refund(refund.amount, at=money.at, by=money.by)
        unearned = ledger.unearned(order.wave_id)
        transfer = self._transfer(
            refund.id,
            f"withdrawn:{money.cause}",
            ledger.REFUND_PAYABLE,
            unearned,
            refund.amount,
            money.at,
            refund.reason,
        )
        withdrawn = refund.withdraw(at=money.at, by=money.by)
        return replace(self._on(order)._with(withdrawn), transfers=(*self.transfers, transfer))

    def _promised(self, key: str, amount: int) -> Refund | None:
        owed = [r for r in self.refunds.values() if r.owed and r.amount == amount and not r.under_way_by_hand]
        return next((refund for refund in owed if refund.id == key), owed[0] if owed else None)

    def _on(self, order: Order) -> "Booking":
        return replace(self, order=order)

    def _with(self, refund: Refund) -> "Booking":
        return replace(self, refunds={**self.refunds, refund.id: refund})

    def _post(
        self, money: Money, debit: str, credit: str, reason: str, amount: int | None = None, *, of_order: bool = True
    ) -> "Booking":
        """Money that comes in debits its account; money that goes out credits it."""
        part = f"{debit}>{credit}"
        transfer = self._transfer(
            self.order.id, f"{money.cause}:{part}", debit, credit, money.amount if amount is None else amount,
            money.at, reason,
        )  # fmt: skip
        if not of_order:
            transfer = replace(transfer, order_id=None)
        return replace(self, transfers=(*self.transfers, transfer))

    def _transfer(
        self, parent: str, cause: str, debit: str, credit: str, amount: int, at: datetime, reason: str
    ) -> Transfer:
        id_ = ids.within(parent, "trf_", cause)
        return Transfer(id_, debit, credit, amount, at, reason, self.order.wave_id, self.order.id)

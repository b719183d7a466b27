"""Apply what a provider says of a payment: to the payment, its order and the ledger, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain import ledger
from lumbung.domain.booking import Booking, Money
from lumbung.domain.errors import Conflict, InvalidState, LimitExceeded, SoldOut, WaveNotOpen
from lumbung.domain.payment import Move, Payment, ProviderState
from payments.ports import Bookings, Orders, Payments, Waves, Write
from payments.receive_money import follow, receive_money

NOT_REVIVED = (SoldOut, WaveNotOpen, LimitExceeded, InvalidState)


class OldAnswer(Conflict):
    """The provider has just said more than it says now: ask again in a minute."""


class NotUnderstood(Conflict):
    """The provider uses a word that we do not know: somebody must read it."""


def settle_payment(
    payment_id: str,
    state: ProviderState,
    *,
    now: datetime,
    payments: Payments,
    bookings: Bookings,
    orders: Orders,
    waves: Waves,
) -> Payment:
    """Book whatever has moved since the payment was last learnt; repeated, it changes nothing.

    OldAnswer, NotUnderstood. Late money takes packs anew if it can, and is refunded if it cannot.
    """
    if state.status == "unknown":
        raise NotUnderstood(f"status of {payment_id}")
    payment = payments.get(payment_id)
    if payment.doubts(state, now=now):
        raise OldAnswer(f"{payment_id} is said to be pending")

    def applying(revive: bool) -> Payment:
        learnt = payment

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            nonlocal learnt
            before = payments.get(payment_id)
            learnt, moves = before.learn(state, at=now)
            if learnt == before:
                return booking, ()
            entry = _Entry(before, learnt, state, now, revive and len(moves) == 1, orders, waves)
            after = entry.book(booking, moves)
            packs = follow(booking.order, after.order, at=entry.moved_at, orders=orders, waves=waves)
            return after, [payments.save(learnt, look_at=learnt.expires_at), *packs]

        bookings.change(payment.order_id, step)
        return learnt

    try:
        return applying(revive=True)
    except NOT_REVIVED:
        return applying(revive=False)


class _Entry:
    """The moves of one payment, booked one after another."""

    def __init__(
        self,
        before: Payment,
        learnt: Payment,
        state: ProviderState,
        now: datetime,
        revive: bool,
        orders: Orders,
        waves: Waves,
    ) -> None:
        self._before, self._learnt, self._state, self._now = before, learnt, state, now
        self._revive, self._orders, self._waves = revive, orders, waves
        self._suspended = before.suspended

    @property
    def moved_at(self) -> datetime:
        return self._state.settled_at or self._now

    def book(self, booking: Booking, moves: Sequence[Move]) -> Booking:
        for move in moves:
            booking = self._one(booking, move)
        return booking

    def _one(self, booking: Booking, move: Move) -> Booking:
        money = self._money(move)
        if move.kind == "received":
            self._suspended = self._learnt.suspended
            if self._suspended:
                return booking.suspend(money, self._before.id, self._before.amount)
            return self._receive(booking, money)
        if self._suspended:
            return booking.resuspend(money) if move.kind == "taken_back" else booking.unsuspend(money)
        if move.kind == "returned":
            return booking.give_back(money, move.key)
        if move.kind == "taken_back":
            return booking.take_back(money, move.key) or self._receive(booking, money)
        reversed_ = booking.reverse(money)
        detail = f"Rp {move.amount} ditarik kembali oleh penyedia ({self._state.status})."
        return reversed_.alert(money, "payment_reversed", self._before.id, detail)

    def _receive(self, booking: Booking, money: Money) -> Booking:
        return receive_money(booking, money, now=self._now, revive=self._revive, orders=self._orders, waves=self._waves)

    def _money(self, move: Move) -> Money:
        return Money(
            amount=move.amount,
            account=self._state.account or ledger.gateway(self._before.provider),
            method=self._before.method,
            cause=f"{self._before.id}:{move.number}",
            at=self.moved_at if move.kind == "received" else self._now,
            by=self._before.provider,
        )

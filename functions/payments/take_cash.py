"""A person in charge takes cash: booked with the order, the till and the ledger in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain import ids, ledger
from lumbung.domain.booking import Booking, Money
from lumbung.domain.cash import receipt_id
from lumbung.domain.errors import AmountMismatch, Fault, Invalid, InvalidState, Stale
from lumbung.domain.incident import Incident
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.payment import CASH, Payment
from lumbung.domain.registry import Dropoff
from payments.ports import Bookings, Memory, Orders, Payments, Tills, Waves, Write
from payments.receive_money import follow, receive_money
from payments.settle_payment import NOT_REVIVED


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person in charge wrote. `number` from their device, `received_at` only when taken offline."""

    amount: int
    by: str
    number: str | None = None
    received_at: datetime | None = None


class _TakenBefore(Exception):
    def __init__(self, first: Payment) -> None:
        super().__init__(first.id)
        self.first = first


def take_cash(
    order: Order,
    dropoff: Dropoff,
    receipt: Receipt,
    *,
    new_id: str,
    at: datetime,
    now: datetime,
    once: Once,
    remember: Memory,
    payments: Payments,
    bookings: Bookings,
    tills: Tills,
    orders: Orders,
    waves: Waves,
) -> Payment:
    """Return the settled payment; the same number, order and amount is the first receipt again.

    AmountMismatch (not what is owed, or the number stands for something else, which is an incident),
    InvalidState, LimitExceeded. Taken offline it is always booked: what is late, over the limit or another
    amount raises an incident, and money that is not owed is promised back.
    """
    if receipt.received_at and receipt.received_at > at:
        raise Invalid("Waktu terima di masa depan.", [Fault("/received_at", "di masa depan")])
    id_ = receipt_id(dropoff.id, receipt.number) if receipt.number else new_id
    took_at = receipt.received_at or at
    payment = Payment(
        id=id_,
        order_id=order.id,
        wave_id=order.wave_id,
        dropoff_id=dropoff.id,
        provider=CASH,
        method=CASH,
        amount=receipt.amount,
        created_at=took_at,
        status="settled",
        received=receipt.amount,
        moves=1,
        settled_at=took_at,
        learnt_at=now,
        receipt_number=receipt.number,
        taken_by=receipt.by,
    )
    money = Money(receipt.amount, ledger.pic(dropoff.id), CASH, f"{id_}:1", took_at, receipt.by)
    offline = receipt.received_at is not None

    def booking_it(revive: bool) -> None:
        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            if first := payments.find(id_):
                raise _TakenBefore(first)
            if not offline:
                _must_be_owed(booking.order, receipt.amount, at)
            after = receive_money(booking, money, now=now, revive=revive, orders=orders, waves=waves)
            packs = follow(booking.order, after.order, at=took_at, orders=orders, waves=waves)
            first_of_all = [remember(once, id_), payments.add(payment)]
            if not offline:
                return after, [*first_of_all, tills.take(dropoff.id, receipt.amount, limit=dropoff.cash_limit), *packs]
            after = _noting_what_is_odd(booking, after, money)
            after, taken = _taken_offline(after, money, dropoff, tills)
            return after, [*first_of_all, taken, *packs]

        bookings.change(order.id, step)

    try:
        try:
            booking_it(revive=offline)
        except NOT_REVIVED:
            if not offline:
                raise
            booking_it(revive=False)
    except _TakenBefore as taken:
        return _first_again(taken.first, payment, at=at, once=once, remember=remember, bookings=bookings)
    return payment


def _must_be_owed(order: Order, amount: int, at: datetime) -> None:
    if order.status != "placed" or order.is_overdue(at) or order.balance <= 0:
        raise InvalidState(f"Pesanan ini tidak menunggu pembayaran (status {order.status}).")
    if amount != order.balance:
        raise AmountMismatch(f"Yang harus dibayar Rp {order.balance}, bukan Rp {amount}.")


def _noting_what_is_odd(before: Booking, after: Booking, money: Money) -> Booking:
    order = before.order
    if order.status != "placed" or order.is_overdue(money.at):
        return after.alert(money, "cash_late", order.id, f"Kas Rp {money.amount} untuk pesanan {order.status}.")
    if money.amount != order.balance:
        return after.alert(money, "cash_differs", order.id, f"Kas Rp {money.amount}, tagihan Rp {order.balance}.")
    return after


def _taken_offline(booking: Booking, money: Money, dropoff: Dropoff, tills: Tills) -> tuple[Booking, Write]:
    """Take it whatever the limit says; whether it is crossed is decided by the write, since others pay in meanwhile."""
    limit, on_hand = dropoff.cash_limit, tills.get(dropoff.id).on_hand + money.amount
    if limit is not None and on_hand > limit:
        noted = booking.alert(money, "cash_over_limit", dropoff.id, f"Rp {on_hand} melebihi Rp {limit}.")
        return noted, tills.take(dropoff.id, money.amount, limit=None)
    fuller = Stale("the till holds more by now")
    return booking, tills.take(dropoff.id, money.amount, limit=limit, otherwise=fuller)


def _first_again(
    first: Payment, said: Payment, *, at: datetime, once: Once, remember: Memory, bookings: Bookings
) -> Payment:
    if (first.order_id, first.amount) == (said.order_id, said.amount):
        bookings.commit(remember(once, first.id))
        return first
    detail = f"Kuitansi atas Rp {first.amount} dipakai lagi untuk Rp {said.amount} pada {said.order_id}."
    id_ = ids.within(first.id, "inc_", said.order_id, str(said.amount))
    bookings.alert(Incident(id_, "receipt_reused", first.id, detail, at, first.wave_id))
    raise AmountMismatch("Nomor kuitansi ini sudah dipakai untuk jumlah atau pesanan lain.")

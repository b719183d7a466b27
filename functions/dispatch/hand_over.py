"""At the desk: packs of an order change hands against its member's code.

An order that a courier was to bring may be fetched too, also after its delivery failed: it falls back to
pick-up, and the courier's fee is given back whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.ports import Bookings, Deliveries, Finish, Handovers, People, Remember, Write
from lumbung.domain import desk
from lumbung.domain.booking import Booking
from lumbung.domain.desk import Refused, Taking
from lumbung.domain.errors import Forbidden, InvalidState
from lumbung.domain.leftovers import is_refunded
from lumbung.domain.liability import bearer
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER
from lumbung.domain.people import Proxy

WHY = {"damaged": "Kemasan rusak", "wrong": "Barang keliru", "spoiled": "Barang tidak layak"}
IsRight = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hands orders over."""

    is_right: IsRight
    bookings: Bookings
    handovers: Handovers
    deliveries: Deliveries
    people: People
    finish: Finish

    def __call__(
        self, order_id: str, code: str, taking: Taking, *, at: datetime, by: str, once: Once, remember: Remember
    ) -> Order:
        """Hand packs over to who shows the code.

        Forbidden for a wrong one, TooMany after five, InvalidState unless they are there, Invalid above what is left.
        """
        self.check(order_id, code, at=at)

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            if is_refunded(booking):
                raise InvalidState("Waktu pengambilan sudah lewat, dan uangnya sudah dikembalikan.")
            after, writes = self.step(booking, taking, proxy=proxy, at=at, by=by)
            return after, [remember(once, order_id), *writes]

        try:
            proxy = self.proxy_of(order_id, taking)
            if taking.proxy and not proxy:
                raise InvalidState("Anggota ini belum menunjuk wakil.")
            return self.bookings.decide(order_id, step, once).order
        except Exception:
            self.handovers.forgive(order_id)  # the code was right: it is not held against the member
            raise

    def check(self, order_id: str, code: str, *, at: datetime) -> None:
        """Count a try of the order's code, and look at it. Forbidden, TooMany."""
        self.handovers.count_try(order_id, at=at)
        if not self.is_right(order_id, code):
            raise Forbidden("Kode pengambilan tidak cocok.")

    def proxy_of(self, order_id: str, taking: Taking) -> Proxy | None:
        """Return who takes it in the member's place, if that is said and they were named."""
        return self.people.proxies_of([order_id]).get(order_id) if taking.proxy else None

    def step(
        self, booking: Booking, taking: Taking, *, proxy: Proxy | None, at: datetime, by: str, device: str | None = None
    ) -> tuple[Booking, list[Write]]:
        """Return the booking after *taking*, and what is to be written besides."""
        at_desk = self._at_the_desk(booking, at=at, by=by)
        before = at_desk.order
        handed = replace(at_desk, order=desk.hand_out(before, taking, at=at, by=by))
        after = _refused(handed, taking.refused, number=len(before.history), at=at, by=by)
        writes = [self.handovers.add(before, after.order, desk.HANDED, at=at, by=by, device=device, proxy=proxy)]
        if desk.ended(after.order):
            writes.append(self.finish(before.wave_id, before.dropoff_id, orders=1))
        return after, [*writes, self.handovers.forget_tries(before.id)]

    def _at_the_desk(self, booking: Booking, *, at: datetime, by: str) -> Booking:
        """Return the order fallen back to pick-up if a courier was to bring it, and its fee promised back."""
        order = booking.order
        sent = any(happening.event == "dispatched" for happening in order.history)
        if order.fulfilment_status != "at_dropoff" or not (sent or order.fulfilment.method == COURIER):
            return booking
        delivery = self.deliveries.of_order(order.id)
        if delivery.waiting:
            raise InvalidState("Pesanan ini dijadwalkan diantar; batalkan dahulu perjalanannya.")
        order = desk.note_delivered(order, delivery.left(order))
        if order.fulfilment.method != COURIER:
            return replace(booking, order=order)
        fee = order.courier_fee
        after = replace(booking, order=order.fall_back_to_pickup(at=at, by=by))
        if (back := min(fee, after.order.kept - after.order.owed)) <= 0:
            return after
        return after.decide(
            back, cause="courier_fee", reason="Diambil sendiri, ongkos kirim dikembalikan",
            liable="courier" if delivery.failed_before else "programme", at=at, by=by,
        )  # fmt: skip


def _refused(booking: Booking, refused: Sequence[Refused], *, number: int, at: datetime, by: str) -> Booking:
    """Promise back what was refused, at the expense of who is liable: the goods were received, and are owed for."""
    cooperatives = {line.offer_id: line.cooperative_id for line in booking.order.lines}
    for n, line in enumerate(refused):
        order = booking.order
        amount = min(desk.value(order, {line.offer_id: line.packs}), order.kept)
        if amount > 0:
            account = bearer(line.liable, cooperative_id=cooperatives[line.offer_id], dropoff_id=order.dropoff_id)
            booking = booking.decide(
                amount, cause=f"refused:{number}:{n}", reason=WHY[line.reason], liable=line.liable, bearer=account,
                at=at, by=by,
            )  # fmt: skip
    return booking

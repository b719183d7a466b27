"""The programme office gives an order other packs than the run did, while its goods are still at the cooperative.

Order, refund, what the drop-off expects, the consignment and the record of it are one transaction; corrections
of one wave are made one after the other, so that no spare pack is given twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.ports import Bookings, Closings, Consignments, Corrections, Goods, Remember, Write
from lumbung.domain.booking import Booking
from lumbung.domain.consignment import EXPECTED, consignment_id
from lumbung.domain.correction import Correction
from lumbung.domain.errors import Fault, Invalid, InvalidState, NotFound
from lumbung.domain.once import Once
from lumbung.domain.order import Order


@dataclass(frozen=True, slots=True)
class Wanted:
    """*packs* of an offer are what an order is to get from now on. *liable* pays for those that it loses."""

    order_id: str
    offer_id: str
    packs: int
    reason: str
    liable: str


@dataclass(frozen=True, slots=True)
class CorrectAllocation:
    """Corrects allocations."""

    closings: Closings
    corrections: Corrections
    bookings: Bookings
    consignments: Consignments
    goods: Goods
    remember: Remember

    def __call__(
        self, wave_id: str, wanted: Wanted, *, correction_id: str, at: datetime, by: str, once: Once
    ) -> Correction:
        """Correct what one order gets of one offer, and return the record of it.

        Fewer packs are refunded. More come out of what the supply leaves over, never above what was ordered, and
        only while the money for them is still there. NotFound, Invalid, InvalidState.
        """
        made: Correction | None = None

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            nonlocal made
            run = self.closings.find(wave_id)
            if run is None or run.step != "done":
                raise InvalidState("Gelombang ini belum selesai dibagikan.")
            order = booking.order
            before = _granted(order, wave_id, wanted)
            after = _paid_up(booking, wanted, cause=f"correction {correction_id}", at=at, by=by)
            made = Correction(
                correction_id, wave_id, order.dropoff_id, order.id, wanted.offer_id, before, wanted.packs,
                after.order.refund_decided - order.refund_decided, wanted.reason, wanted.liable, at, by,
            )  # fmt: skip
            ended = int(after.order.fulfilment_status == "none")
            writes = [
                self.remember(once, f"{wave_id}#{correction_id}"),
                self.closings.keep(run),
                self.corrections.add(made),
                self._goods(made, ended),
                *self._consignments(order, made),
            ]
            return after, writes

        self.bookings.change(wanted.order_id, step)
        if made is None:
            raise RuntimeError("the step was not taken")
        return made

    def _goods(self, made: Correction, ended: int) -> Write:
        given = sum(opened.packs.get(made.offer_id, 0) for opened in self.goods.of_wave(made.wave_id))
        supplied = sum(packs.get(made.offer_id, 0) for packs in self.closings.supplies(made.wave_id).values())
        if made.change > supplied - given:
            raise InvalidState(f"Pasokan hanya menyisakan {supplied - given} kemasan.")
        return self.goods.correct(made.wave_id, made.dropoff_id, made.offer_id, made.change, ended=ended)

    def _consignments(self, order: Order, made: Correction) -> list[Write]:
        """Return the writes by which the consignment brings what was corrected, and the order's others still wait.

        Once one of them is on its way or was received, what the order waits for has been worked out.
        """
        cooperatives = {line.cooperative_id for line in order.lines if line.granted}
        [own] = {line.cooperative_id for line in order.lines if line.offer_id == made.offer_id}
        ids = {c: consignment_id(made.wave_id, c, made.dropoff_id) for c in {*cooperatives, own}}
        found = self.consignments.get_many(ids.values())
        if ids[own] not in found:
            raise InvalidState("Tidak ada kiriman koperasi ini ke titik ambil itu.")
        if any(consignment.state != EXPECTED for consignment in found.values()):
            raise InvalidState("Barang untuk pesanan ini sudah berangkat.")
        others = [self.consignments.still(found[id_]) for c, id_ in sorted(ids.items()) if c != own and id_ in found]
        return [self.consignments.save(found[ids[own]].correct(made.offer_id, made.change)), *others]


def _granted(order: Order, wave_id: str, wanted: Wanted) -> int:
    """Return the packs that the order has now."""
    if order.wave_id != wave_id:
        raise NotFound(f"Pesanan {order.id} tidak ditemukan.")
    granted = order.granted_by_offer[wanted.offer_id]
    if wanted.offer_id not in {line.offer_id for line in order.lines}:
        raise Invalid("Penawaran tidak dikenal.", [Fault("/offer_id", "Tidak ada dalam pesanan ini.")])
    if wanted.packs == granted:
        raise Invalid("Tidak ada yang dikoreksi.", [Fault("/packs", f"Pesanan ini sudah mendapat {granted} kemasan.")])
    return granted


def _paid_up(booking: Booking, wanted: Wanted, *, cause: str, at: datetime, by: str) -> Booking:
    """Return the booking with what the order is to get, and the money that this sets free or needs."""
    order = booking.order.correct(wanted.offer_id, wanted.packs, at=at, by=by)
    after = replace(booking, order=order)
    if order.total > booking.order.total:
        return after.reclaim(cause=cause, at=at, by=by)
    over = order.kept - order.owed
    if over <= 0:  # a payment was reversed after the goods were given: less is owed now, nothing is due back
        return after
    return after.decide(over, cause=cause, reason=wanted.reason, liable=wanted.liable, at=at, by=by)

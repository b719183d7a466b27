"""What a device without a network handed over is booked afterwards, at its own time: each hand-over once.

    it is told                                                       it ends as
    the first time                                                   collected or partly
    again under its number, by whomever                              as the first time
    of packs that went another way meanwhile (another device)        conflict: an incident, and handed over once
    of an order whose receipt is not entered yet                     refused: to be told again later
    with a wrong code, of another drop-off, of goods it never had    refused: to be looked at, and told again
    otherwise under the same number                                  refused, and an incident

What ended is remembered with its effect, in one transaction; what was refused leaves nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.hand_over import HandOver
from dispatch.ports import Decide, Orders, Write
from lumbung.domain import desk, ids
from lumbung.domain.booking import Booking
from lumbung.domain.errors import AlreadyDone, Invalid, InvalidState, Refusal
from lumbung.domain.incident import Incident
from lumbung.domain.leftovers import is_refunded
from lumbung.domain.offline import HandedOver, Told
from lumbung.domain.order import Order

COLLECTED, PARTLY, CONFLICT, REFUSED = "collected", "partly", "conflict", "refused"
NOT_THERE_YET = ("pending", "allocated")


@dataclass(frozen=True, slots=True)
class Result:
    """How one hand-over ended; `code` and `detail` say why it was refused."""

    number: int
    order_id: str
    outcome: str
    repeated: bool = False
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class TakeUploads:
    """Takes what devices of a drop-off tell."""

    hand_over: HandOver
    orders: Orders
    decide: Decide
    alert: Callable[[Incident], Write]

    def __call__(
        self, dropoff_id: str, device: str, entries: Sequence[HandedOver], *, now: datetime, by: str
    ) -> list[Result]:
        """Return how each of *entries* ended, in their order."""
        return [self._take(Upload(dropoff_id, device, entry, now, by)) for entry in entries]

    def _take(self, upload: "Upload") -> Result:
        entry = upload.entry
        try:
            if before := self.hand_over.handovers.told_before(upload.dropoff_id, upload.device, entry.number):
                raise before
            order = self._order(upload)
            self.hand_over.check(entry.order_id, entry.code, at=upload.now)
            return upload.result(self._book(upload, order))
        except AlreadyDone as before:
            return self._again(upload, before)
        except Refusal as refused:
            return upload.result(REFUSED, code=refused.code, detail=refused.detail)

    def _order(self, upload: "Upload") -> Order:
        order = self.orders.get(upload.entry.order_id)
        if order.dropoff_id != upload.dropoff_id:
            raise Invalid("Pesanan ini bukan milik titik ambil ini.")
        desk.split(order.granted_by_offer, upload.entry.taking)  # more than the order ever had was never handed over
        if order.fulfilment_status in NOT_THERE_YET:
            raise InvalidState("Barang pesanan ini belum dicatat diterima; kirim lagi nanti.")
        return order

    def _book(self, upload: "Upload", order: Order) -> str:
        entry, outcome = upload.entry, CONFLICT
        proxy = self.hand_over.proxy_of(order.id, entry.taking)

        def step(booking: Booking) -> tuple[Booking, Sequence[Write]]:
            nonlocal outcome
            refunded = is_refunded(booking) and booking.order.fulfilment_status == "not_collected"
            after, writes = self.hand_over.step(
                booking, entry.taking, proxy=proxy, at=entry.at, by=upload.by, device=upload.device
            )
            outcome = PARTLY if desk.left(after.order) else COLLECTED
            unknown = entry.taking.proxy and not proxy
            doubts = [kind for kind, so in (("collected_after_refund", refunded), ("proxy_not_named", unknown)) if so]
            alerts = [self.alert(upload.incident(kind, wave_id=order.wave_id)) for kind in doubts]
            return after, [self.hand_over.handovers.told(upload.told(outcome)), *alerts, *writes]

        try:
            self.hand_over.bookings.change(order.id, step)
        except (InvalidState, Invalid):
            self._conflict(upload, order)
            return CONFLICT
        except Exception:
            self.hand_over.handovers.forgive(order.id)  # the code was right: it is not held against the member
            raise
        return outcome

    def _conflict(self, upload: "Upload", order: Order) -> None:
        told = self.hand_over.handovers.told(upload.told(CONFLICT))
        tries = self.hand_over.handovers.forget_tries(order.id)
        incident = upload.incident("handed_over_twice", wave_id=order.wave_id)
        self.decide(lambda: (None, [told, self.alert(incident), tries]))

    def _again(self, upload: "Upload", before: AlreadyDone) -> Result:
        if before.request_hash == upload.entry.hash:
            return upload.result(before.thing, repeated=True)
        self.decide(lambda: (None, [self.alert(upload.incident("device_number_reused", upload.entry.hash))]))
        return upload.result(
            REFUSED, code="idempotency_key_reused", detail="Nomor ini sudah dipakai untuk penyerahan lain."
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """One hand-over as it was told."""

    dropoff_id: str
    device: str
    entry: HandedOver
    now: datetime
    by: str

    def told(self, outcome: str) -> Told:
        e = self.entry
        return Told(self.dropoff_id, self.device, e.number, e.hash, outcome, e.order_id, e.at, self.by)

    def incident(self, kind: str, *more: str, wave_id: str | None = None) -> Incident:
        number = str(self.entry.number)
        id_ = ids.within(self.dropoff_id, "inc_", kind, self.device, number, *more)
        detail = f"Perangkat {self.device}, penyerahan nomor {number}, titik ambil {self.dropoff_id}."
        return Incident(id_, kind, self.entry.order_id, detail, self.entry.at, wave_id)

    def result(
        self, outcome: str, *, repeated: bool = False, code: str | None = None, detail: str | None = None
    ) -> Result:
        return Result(self.entry.number, self.entry.order_id, outcome, repeated, code, detail)

"""What a drop-off's own rider does with a trip. Every step may be repeated: the second time nothing changes.

    planned → searching          offered to all riders of the drop-off
    searching → assigned         claimed by one, once; released, it is offered again
    searching → no_courier       claimed by nobody 45 minutes after it was first offered: couriers are asked
    assigned → picked_up
    picked_up → delivered        every door was opened
    picked_up → returning → …    some were not: what was meant for them is brought back, then it is at its end

The schedule looks at a trip when its 45 minutes are over, so that a courier is asked at the latest one tick of it
(five minutes) later. Who claims and releases it does not make them begin anew: released after that, couriers are next.

InvalidState when the trip is another rider's, or further than that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.courier import BOOKING, CANCELLED, DELIVERED, PLANNED, RETURNED, Proof
from lumbung.domain.errors import Fault, Invalid, InvalidState, NotFound
from lumbung.domain.trip import Trip

REASONS: Mapping[str, str] = {
    "nobody_home": "Tidak ada orang di rumah",
    "not_found": "Alamat tidak ditemukan",
    "refused": "Penerima menolak",
    "not_reachable": "Jalan tidak dapat dilalui",
}
CARRYING = ("picked_up", "returning")
CODE_MATCHED = "cocok"  # instead of the code, with which other packs of the order may still be fetched
_PHOTO = re.compile(r"[\w .()/-]{1,100}")  # a file's name or a number: nothing that a page could follow


@dataclass(frozen=True, slots=True)
class Received:
    """What a rider says at the door: who took it, and their pick-up code or else which photo shows it.

    receiver   code     photo
    Siti       123456   -            proven, if the code is right
    Siti       -        IMG_0042     proven
    Siti       -        -            Invalid
    -          123456   IMG_0042     Invalid: somebody must have taken it
    """

    receiver: str = ""
    code: str = ""
    photo: str = ""

    def must_prove(self) -> None:
        if not self.receiver or not self.receiver.isprintable():
            raise Invalid("Isi nama penerima.", [Fault("/receiver", "wajib diisi")])
        if not self.code and not self.photo:
            raise Invalid(
                "Isi kode pengambilan, atau nomor foto bila kodenya tidak ada.", [Fault("/code", "atau foto")]
            )
        if self.photo and not _PHOTO.fullmatch(self.photo):
            raise Invalid("Isi nama atau nomor foto saja.", [Fault("/photo", "huruf, angka, dan tanda . - _ / ( )")])

    def proof(self, sequence: int, at: datetime) -> Proof:
        """Return what its member sees: with a code, that it was the right one."""
        return Proof(sequence, self.receiver, at, self.photo or None, CODE_MATCHED if self.code else None)


def offer(trip: Trip, *, at: datetime) -> Trip:
    """Offer the trip to riders; they know it by its own id."""
    if trip.status not in (PLANNED, BOOKING):
        return trip
    return replace(trip, offered_at=at, reference=trip.id).to("searching", at=at)


def claim(trip: Trip, rider_id: str, *, at: datetime) -> Trip:
    if trip.rider_id == rider_id:
        return trip
    if trip.status != "searching":
        raise InvalidState("Perjalanan ini sudah diambil atau tidak ditawarkan lagi.")
    return replace(trip.to("assigned", at=at), rider_id=rider_id)


def release(trip: Trip, rider_id: str | None, *, at: datetime) -> Trip:
    """Offer it again; *rider_id* None: somebody in charge takes it from whoever has it."""
    if trip.status == "searching":
        return trip
    if rider_id is not None:
        _must_be_of(trip, rider_id)
    if trip.status != "assigned":
        raise InvalidState("Barang sudah dibawa; perjalanan ini tidak dapat dilepas.")
    return replace(trip.to("searching", at=at), rider_id=None)


def pick_up(trip: Trip, rider_id: str, *, at: datetime) -> Trip:
    _must_be_of(trip, rider_id)
    if trip.status in CARRYING:
        return trip
    if trip.status != "assigned":
        raise InvalidState(f"Perjalanan ini berstatus {trip.status}.")
    return trip.to("picked_up", at=at)


def end_stop(trip: Trip, rider_id: str, order_id: str, outcome: str, *, at: datetime) -> Trip:
    """Note how it ended at the door of an order: `delivered`, or one of the reasons why not."""
    _must_be_of(trip, rider_id)
    if order_id not in trip.order_ids:
        raise NotFound("Pesanan ini tidak ada dalam perjalanan ini.")
    if trip.outcomes.get(order_id) == outcome:
        return trip
    if trip.status not in CARRYING or trip.outcomes.get(order_id) == DELIVERED:
        raise InvalidState("Perhentian ini sudah selesai, atau barang belum diambil.")
    outcomes = {**trip.outcomes, order_id: outcome}
    after = replace(trip, outcomes=outcomes)
    if outcomes.keys() != trip.order_ids:
        return after
    return after.to(DELIVERED if set(outcomes.values()) == {DELIVERED} else "returning", at=at)


def bring_back(trip: Trip, rider_id: str, *, at: datetime) -> Trip:
    """What could not be handed over is at the drop-off again, and the trip at its end."""
    _must_be_of(trip, rider_id)
    if trip.ended:
        return trip
    if trip.status != "returning":
        raise InvalidState("Masih ada perhentian yang belum selesai.")
    return trip.to(DELIVERED if DELIVERED in trip.outcomes.values() else RETURNED, at=at)


def _must_be_of(trip: Trip, rider_id: str) -> None:
    if trip.rider_id != rider_id or trip.status == CANCELLED:
        raise InvalidState("Perjalanan ini bukan milik Anda.")

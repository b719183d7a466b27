"""A wave closes later than it said: while it is open, or once more if too little was ordered when it closed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.wave import Wave
from lumbung.domain.wave_times import contradictions


@dataclass(frozen=True, slots=True)
class Extension:
    """What an operator asks for; None: as it was."""

    closes_at: datetime
    payment_due_at: datetime | None = None
    delivery_date: date | None = None


def extend(wave: Wave, wish: Extension, *, at: datetime, ordered_g: int) -> Wave:
    """Return the wave with its new times; Invalid with every fault at once, InvalidState.

    state at *at*   minimum   ordered      extended before   then
    open            any       any          any               closes later
    closed          200 kg    150 kg       no                opens again, this once
    closed          200 kg    150 kg       while closed      InvalidState
    closed          200 kg    200 kg       no                InvalidState   reached
    closed          none      any          no                InvalidState
    frozen or any other                                      InvalidState
    """
    after = replace(
        wave,
        closes_at=wish.closes_at,
        payment_due_at=wish.payment_due_at or wave.payment_due_at,
        delivery_date=wish.delivery_date or wave.delivery_date,
    )
    if faults := list(_faults(wave, after, at)):
        raise Invalid("Perpanjangan bertentangan.", faults)
    if wave.state(at) == "open":
        return after
    if wave.status != "published" or at < wave.opens_at:
        raise InvalidState(f"Gelombang ini berstatus {wave.state(at)}.")
    if wave.prolonged:
        raise InvalidState("Gelombang ini sudah pernah dibuka kembali.")
    if wave.minimum_weight_g is None or ordered_g >= wave.minimum_weight_g:
        raise InvalidState("Gelombang ini sudah ditutup dan tidak kekurangan berat minimum.")
    return replace(after, prolonged=True)


def _faults(before: Wave, after: Wave, at: datetime) -> Iterator[Fault]:
    if after.closes_at <= max(before.closes_at, at):
        yield Fault("/closes_at", "Harus lebih lambat daripada sekarang dan daripada penutupan yang berlaku.")
    if after.payment_due_at < before.payment_due_at:
        yield Fault("/payment_due_at", "Batas bayar yang sudah dijanjikan tidak boleh dimajukan.")
    yield from contradictions(
        time_zone=after.time_zone, opens_at=after.opens_at, closes_at=after.closes_at,
        payment_due_at=after.payment_due_at, delivery_date=after.delivery_date,
    )  # fmt: skip

"""For how much an order would be brought home: asked before it is placed, and held to for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.errors import Fault, Invalid, InvalidState, LimitExceeded, TooFar, TooHeavy
from lumbung.domain.hours import Window
from lumbung.domain.order_parts import COURIER, Fulfilment, OrderLine
from lumbung.domain.tariff import Tariff

VALID = timedelta(minutes=30)
PROGRAMME = "lumbung"  # the programme's own tariff, whoever rides
_QUOTE = "/fulfilment/quote_id"


@dataclass(frozen=True, slots=True)
class CourierQuote:
    """Rupiah and trips for at most *weight_g* from a drop-off to a *place*.

    `trips` by the courier's own limits, `by_tariff` by the programme's.
    """

    id: str
    dropoff_id: str
    place: str
    weight_g: int
    courier: str
    service: str
    fee: int
    trips: int
    by_tariff: int
    eta_minutes: int
    valid_until: datetime

    @property
    def fee_per_kg(self) -> int:
        """What the way adds to the price of a kilogram, rounded up."""
        return -(-self.fee * 1000 // self.weight_g)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a courier is to bring an order, as far as its price needs to know. Metres by straight line.

    *quote* is what was found under *quote_id*; None: nothing. *window*: when somebody is there.
    """

    place: str
    straight_m: int
    quote_id: str | None = None
    quote: CourierQuote | None = None
    window: Window | None = None

    def bring(
        self, lines: Sequence[OrderLine], dropoff_id: str, *, instead_g: Sequence[int], tariff: Tariff, at: datetime
    ) -> tuple[Fulfilment, int]:
        """Return how *lines* go home, and the fee: the quote's, or the tariff's without one.

        *instead_g*: packs that may come instead; a motorcycle must be able to carry each.

        LimitExceeded; Invalid when the quote is for something else, InvalidState when it is too old.
        """
        fee, trips = fee_of(lines, self.straight_m, tariff, instead_g)
        if self.quote_id is None:
            return Fulfilment(COURIER, trips, self.straight_m, window=self.window), fee
        quote = self.quote
        if quote is None:
            raise _wrong("Penawaran kurir ini tidak dikenal.")
        if (quote.dropoff_id, quote.place) != (dropoff_id, self.place):
            raise _wrong("Penawaran kurir ini untuk titik ambil atau alamat lain.")
        if quote.weight_g < sum(packs_g(lines)) or quote.by_tariff < trips:
            raise _wrong(f"Penawaran kurir ini untuk paling banyak {quote.weight_g} gram.")
        if at >= quote.valid_until:
            detail = "Penawaran kurir ini sudah tidak berlaku; mintalah yang baru."
            raise InvalidState(detail, [Fault(_QUOTE, detail)])
        return Fulfilment(COURIER, quote.trips, self.straight_m, quote.id, self.window), quote.fee


def fee_of(
    lines: Sequence[OrderLine], straight_m: int, tariff: Tariff, instead_g: Sequence[int] = ()
) -> tuple[int, int]:
    """Return (fee, trips) of *lines* by the tariff; LimitExceeded that points at what is too far or too heavy."""
    try:
        for grams in instead_g:
            tariff.fee([grams], straight_m)
        return tariff.fee(packs_g(lines), straight_m)
    except TooFar as far:
        raise LimitExceeded(far.detail, [Fault("/fulfilment/address", far.detail)]) from None
    except TooHeavy as heavy:
        raise LimitExceeded(heavy.detail, [Fault("/lines", heavy.detail)]) from None


def place_of(secret: bytes, lat: float, lng: float) -> str:
    """Return what two addresses share if they are at the same spot, to a metre; nobody can read it back."""
    return ids.derive("", secret, "place", f"{lat:.5f}", f"{lng:.5f}")


def packs_g(lines: Sequence[OrderLine]) -> list[int]:
    return [line.weight_g for line in lines for _ in range(line.quantity)]


def _wrong(detail: str) -> Invalid:
    return Invalid(detail, [Fault(_QUOTE, detail)])

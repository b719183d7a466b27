"""For how much something would be brought home: by the programme's tariff, and by the couriers that answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.courier import Courier, Drop, Goods, Parcel, Place
from lumbung.domain.courier_quote import PROGRAMME, VALID, CourierQuote
from lumbung.domain.errors import CourierRefused, ProviderUnavailable
from lumbung.domain.geo import road_m, straight_line_m
from lumbung.domain.registry import Dropoff
from lumbung.domain.tariff import Tariff
from lumbung.domain.trip import MOTORCYCLE, minutes_for


class Quotes(Protocol):
    def add(self, quotes: Sequence[CourierQuote]) -> None: ...


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How many grams, from where, to where (degrees; *place* stands for it wherever it is written down)."""

    dropoff: Dropoff
    lat: float
    lng: float
    place: str
    weight_g: int
    at: datetime


@dataclass(frozen=True, slots=True)
class QuoteDelivery:
    """*new_id* makes the id of one inquiry's quote from the names of its courier and service."""

    tariff: Tariff
    couriers: Mapping[str, Courier]
    quotes: Quotes
    new_id: Callable[[str, str], str]

    def __call__(self, inquiry: Inquiry) -> list[CourierQuote]:
        """Return the quotes, cheapest first, each to be held to for a while; TooFar, TooHeavy.

        A courier that does not answer, or will not carry it, is left out.
        """
        straight_m = straight_line_m(inquiry.dropoff.lat, inquiry.dropoff.lng, inquiry.lat, inquiry.lng)
        trips = self.tariff.trips_for(inquiry.weight_g)
        offers = [(PROGRAMME, MOTORCYCLE, self.tariff.price(trips, straight_m))]
        for courier in self.couriers.values():
            try:
                offers.append((courier.name, *self._by(courier, inquiry)))
            except (CourierRefused, ProviderUnavailable):
                continue
        eta = minutes_for(road_m(straight_m, self.tariff.road_factor_pct))
        found = [
            CourierQuote(
                id=self.new_id(courier, service),
                dropoff_id=inquiry.dropoff.id,
                place=inquiry.place,
                weight_g=inquiry.weight_g,
                courier=courier,
                service=service,
                fee=fee,
                trips=trips,
                eta_minutes=eta,
                valid_until=inquiry.at + VALID,
            )
            for courier, service, fee in sorted(offers, key=lambda offer: offer[2])
        ]
        self.quotes.add(found)
        return found

    def _by(self, courier: Courier, inquiry: Inquiry) -> tuple[str, int]:
        """Return *courier*'s service and its price for all trips: full ones, and one with what is left."""
        full, left_g = divmod(inquiry.weight_g, self.tariff.max_weight_g)
        loads = [(self.tariff.max_weight_g, full)] * bool(full) + [(left_g, 1)] * bool(left_g)
        quotes = [(courier.quote(_parcel(inquiry, weight_g)), trips) for weight_g, trips in loads]
        return quotes[0][0].service, sum(quote.cost * trips for quote, trips in quotes)


def _parcel(inquiry: Inquiry, weight_g: int) -> Parcel:
    """Return what a courier needs to know for a price: no name, no phone, no address."""
    origin = Place("", "", "", inquiry.dropoff.lat, inquiry.dropoff.lng)
    destination = Place("", "", "", inquiry.lat, inquiry.lng)
    return Parcel("", origin, (Drop(destination, (Goods("Sembako", 0, 1, weight_g),)),))

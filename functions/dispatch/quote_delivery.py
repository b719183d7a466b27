"""For how much something would be brought home: by the programme's tariff, and by the couriers that answer."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.courier import Courier, Drop, Goods, Parcel, Place
from lumbung.domain.courier_quote import PROGRAMME, VALID, CourierQuote
from lumbung.domain.errors import CourierRefused, ProviderUnavailable, TooFar, TooHeavy
from lumbung.domain.geo import road_m, straight_line_m
from lumbung.domain.packing import Capacity, by_weight, fill
from lumbung.domain.registry import Dropoff
from lumbung.domain.tariff import Tariff
from lumbung.domain.trip import MOTORCYCLE, minutes_for


class Quotes(Protocol):
    def add(self, quotes: Sequence[CourierQuote]) -> None: ...


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How many grams, from where, to where (degrees; *place* stands for it wherever it is written down).

    *packs_g*: in which packs, if that was said; otherwise in such that fill a motorcycle well.
    """

    dropoff: Dropoff
    lat: float
    lng: float
    place: str
    weight_g: int
    at: datetime
    packs_g: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    courier: str
    service: str
    fee: int
    trips: int


@dataclass(frozen=True, slots=True)
class QuoteDelivery:
    """*new_id* makes the id of one inquiry's quote from the names of its courier and service.

    *capacity_of* tells what a courier carries, by its name.
    """

    tariff: Tariff
    couriers: Mapping[str, Courier]
    capacity_of: Callable[[str], Capacity]
    quotes: Quotes
    new_id: Callable[[str, str], str]

    def __call__(self, inquiry: Inquiry) -> list[CourierQuote]:
        """Return the quotes, cheapest first, each to be held to for a while; TooFar, TooHeavy.

        A courier that does not answer, or will not carry it, or not that far, is left out.
        """
        straight_m = straight_line_m(inquiry.dropoff.lat, inquiry.dropoff.lng, inquiry.lat, inquiry.lng)
        distance_m = road_m(straight_m, self.tariff.road_factor_pct)
        by_tariff = len(self._loads_g(inquiry, self.tariff.capacity))
        offers = [Offer(PROGRAMME, MOTORCYCLE, self.tariff.price(by_tariff, straight_m), by_tariff)]
        offers += self._by_couriers(inquiry, distance_m)
        found = [
            CourierQuote(
                id=self.new_id(offer.courier, offer.service),
                dropoff_id=inquiry.dropoff.id,
                place=inquiry.place,
                weight_g=inquiry.weight_g,
                courier=offer.courier,
                service=offer.service,
                fee=offer.fee,
                trips=offer.trips,
                by_tariff=by_tariff,
                eta_minutes=minutes_for(distance_m),
                valid_until=inquiry.at + VALID,
            )
            for offer in sorted(offers, key=lambda offer: offer.fee)
        ]
        self.quotes.add(found)
        return found

    def _by_couriers(self, inquiry: Inquiry, distance_m: int) -> list[Offer]:
        """Return what each courier offers, in the order of their configuration.

        All are asked at once: a silent one takes its own time, and not that of the others as well.
        """
        couriers = list(self.couriers.values())  # made here: what makes them may not be called by two threads

        def ask(courier: Courier) -> Offer | None:
            try:
                return self._by(courier, inquiry, distance_m)
            except (CourierRefused, TooFar, TooHeavy, ProviderUnavailable):
                return None

        with ThreadPoolExecutor(max_workers=len(couriers) or 1) as pool:
            return [offer for offer in pool.map(ask, couriers) if offer]

    def _by(self, courier: Courier, inquiry: Inquiry, distance_m: int) -> Offer:
        """Return *courier*'s service and its price for all trips: it is asked once about each weight."""
        capacity = self.capacity_of(courier.name)
        capacity.must_reach(distance_m)
        loads = Counter(self._loads_g(inquiry, capacity))
        quotes = [(courier.quote(_parcel(inquiry, weight_g)), trips) for weight_g, trips in loads.items()]
        fee = sum(quote.cost * trips for quote, trips in quotes)
        return Offer(courier.name, quotes[0][0].service, fee, loads.total())

    def _loads_g(self, inquiry: Inquiry, capacity: Capacity) -> list[int]:
        """Return the grams of each trip, within *capacity*; TooHeavy.

        20 kg limit     trips (kg)
        45 kg           20 20 5
        3 packs of 15   15 15 15
        """
        if inquiry.packs_g:
            packs, weights = by_weight(inquiry.packs_g)
            at_most = self.tariff.max_trips
            return [f.weight_g for f in fill(packs, weights, capacity, sizes=self.tariff.sizes, at_most=at_most)]
        trips, limit_g = self.tariff.trips_for(inquiry.weight_g, capacity), capacity.weight_g
        return [min(limit_g, inquiry.weight_g - n * limit_g) for n in range(trips)]


def _parcel(inquiry: Inquiry, weight_g: int) -> Parcel:
    """Return what a courier needs to know for a price: no name, no phone, no address."""
    origin = Place("", "", "", inquiry.dropoff.lat, inquiry.dropoff.lng)
    destination = Place("", "", "", inquiry.lat, inquiry.lng)
    return Parcel("", origin, (Drop(destination, (Goods("Sembako", 0, 1, weight_g),)),))

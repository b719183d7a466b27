"""A planned trip is booked at its courier, once, whatever becomes of the answer.

planned    quoted, and stored as booking before the courier is told
booking    its answer was lost, or is still to come. Where the courier tells a repetition, it is asked for again under
           the same id; elsewhere the courier is given time to tell by itself, then it is looked up, and only when
           nobody comes under that id it is booked under the next
riders'    offered to the drop-off's own, who claim it: nobody else is asked
refused    as if no courier was found: the next one is asked
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.end_trip import News
from dispatch.ports import Dropoffs, Orders, People, Trips
from lumbung.domain.courier import BOOKING, PLANNED, Courier, Drop, Goods, Parcel, Place, Quote
from lumbung.domain.errors import CourierRefused, InDoubt, ProviderUnavailable
from lumbung.domain.order import Order
from lumbung.domain.people import OrderPrivate
from lumbung.domain.registry import Dropoff
from lumbung.domain.ride import offer
from lumbung.domain.rider import RIDERS
from lumbung.domain.trip import ASK_AGAIN, Stop, Trip

MOST_ATTEMPTS = 3  # whose answers were all lost, before another courier is asked


@dataclass(frozen=True, slots=True)
class BookTrip:
    """*office_phone*: whom couriers call where the number of nobody at the drop-off is known."""

    trips: Trips
    orders: Orders
    dropoffs: Dropoffs
    people: People
    couriers: Mapping[str, Courier]
    news: News
    office_phone: str

    def __call__(self, trip_id: str, *, at: datetime) -> Trip:
        """Return the trip: booked, refused, or still booking while nobody knows; ProviderUnavailable to come again."""
        trip = self.trips.get(trip_id)
        if trip.waits or trip.status not in (PLANNED, BOOKING):
            return trip
        if trip.courier == RIDERS:
            return self.news.apply(trip_id, lambda trip: offer(trip, at=at), at=at)
        courier = self.couriers[trip.courier]
        try:
            if trip.status == BOOKING and not courier.repeatable:
                trip = self._looked_up(trip, courier, at)
                if trip.status != PLANNED:
                    return trip
            return self._booked(trip, courier, at)
        except CourierRefused as refused:
            reason = refused.detail
            return self.news.apply(trip_id, lambda trip: trip.refuse(reason, at=at), at=at)

    def _booked(self, trip: Trip, courier: Courier, at: datetime) -> Trip:
        parcel = self._parcel(trip, courier)
        quote = Quote(trip.service or "", trip.cost)
        if trip.status == PLANNED:
            quote = courier.quote(parcel)
            trip = self.news.apply(trip.id, lambda trip: trip.begin_booking(quote, at=at), at=at)
        try:
            report = courier.book(parcel, quote)
        except InDoubt:
            if courier.repeatable:
                raise
            return trip
        except ProviderUnavailable:
            if not courier.repeatable:
                self.news.apply(trip.id, lambda trip: trip.book_again(at=at), at=at)
            raise
        return self.news.apply(trip.id, lambda trip: trip.follow(report, at=at), at=at, report=report)

    def _looked_up(self, trip: Trip, courier: Courier, at: datetime) -> Trip:
        """Return the trip as it was booked after all, planned anew, or still booking while its courier may yet tell."""
        if at < (trip.since or trip.planned_at) + ASK_AGAIN:
            return trip
        if report := courier.look_up(trip.booking_id):
            return self.news.apply(trip.id, lambda trip: trip.follow(report, at=at), at=at, report=report)
        if trip.attempt == MOST_ATTEMPTS:
            raise CourierRefused("Kurir tidak menjawab pemesanan.")
        return self.news.apply(trip.id, lambda trip: trip.book_again(at=at), at=at)

    def _parcel(self, trip: Trip, courier: Courier) -> Parcel:
        if len(trip.stops) > courier.stops_per_trip:
            raise CourierRefused(f"Kurir ini hanya berhenti {courier.stops_per_trip} kali dalam satu perjalanan.")
        private = self.people.private_of([stop.order_id for stop in trip.stops])
        drops = tuple(self._drop(stop, private.get(stop.order_id)) for stop in trip.stops)
        return Parcel(trip.booking_id, self._origin(self.dropoffs.get(trip.dropoff_id), trip.planned_by), drops)

    def _drop(self, stop: Stop, private: OrderPrivate | None) -> Drop:
        if private is None or private.address is None:
            raise CourierRefused("Alamat pengiriman tidak ada.")
        to = private.address
        place = Place(to.recipient, to.phone, to.line, to.lat, to.lng, private.note or "")
        return Drop(place, _goods(self.orders.get(stop.order_id), stop.packs))

    def _origin(self, dropoff: Dropoff, by: str) -> Place:
        """Return the drop-off, with the number of who dispatched the trip, else of somebody else in charge."""
        in_charge = sorted(dropoff.pic_ids, key=lambda member_id: (member_id != by, member_id))
        known = (self.people.get(member_id) for member_id in in_charge)
        phone = next((person.phone for person in known if person and person.phone), self.office_phone)
        return Place(dropoff.name, phone, dropoff.address, dropoff.lat, dropoff.lng)


def _goods(order: Order, packs: Mapping[str, int]) -> tuple[Goods, ...]:
    about = {line.offer_id: line for line in order.lines}
    return tuple(
        Goods(about[offer_id].name, about[offer_id].price, count, about[offer_id].weight_g)
        for offer_id, count in packs.items()
    )

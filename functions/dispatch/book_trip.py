"""A planned trip is booked at its courier, once, whatever becomes of the answer.

planned    quoted, and stored as booking before the courier is told
booking    asked for under the trip's id: made now, or made before by a call whose answer was lost
riders'    offered to the drop-off's own, who claim it: nobody else is asked
refused    as if no courier was found: what it was to carry is at the drop-off again
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.end_trip import News
from dispatch.ports import Dropoffs, Orders, People, Trips
from lumbung.domain.courier import BOOKING, NO_COURIER, PLANNED, Courier, Goods, Parcel, Place
from lumbung.domain.errors import CourierRefused, InvalidState
from lumbung.domain.order import Order
from lumbung.domain.registry import Dropoff
from lumbung.domain.ride import offer
from lumbung.domain.rider import RIDERS
from lumbung.domain.trip import Trip


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
        """Return the trip, booked or refused; ProviderUnavailable while nobody knows, then it is to be repeated."""
        trip = self.trips.get(trip_id)
        if trip.status not in (PLANNED, BOOKING):
            return trip
        if trip.courier == RIDERS:
            return self.news.apply(trip_id, lambda trip: offer(trip, at=at), at=at)
        courier = self.couriers[trip.courier]
        try:
            parcel = self._parcel(trip)
            trip = self._begin(trip, parcel, courier, at)
            report = courier.book(parcel, trip.service or "")
        except CourierRefused:
            return self.news.apply(trip_id, lambda trip: _refused(trip, at), at=at)
        return self.news.apply(trip_id, lambda trip: trip.follow(report, at=at), at=at)

    def _begin(self, trip: Trip, parcel: Parcel, courier: Courier, at: datetime) -> Trip:
        if trip.status == BOOKING:
            return trip
        quote = courier.quote(parcel)
        return self.news.apply(trip.id, lambda trip: trip.begin_booking(quote, at=at), at=at)

    def _parcel(self, trip: Trip) -> Parcel:
        if len(trip.stops) != 1:
            raise CourierRefused("Kurir ini hanya berhenti satu kali dalam satu perjalanan.")
        [stop] = trip.stops
        private = self.people.private_of([stop.order_id]).get(stop.order_id)
        if private is None or private.address is None:
            raise CourierRefused("Alamat pengiriman tidak ada.")
        to = private.address
        destination = Place(to.recipient, to.phone, to.line, to.lat, to.lng, private.note or "")
        origin = self._origin(self.dropoffs.get(trip.dropoff_id), trip.planned_by)
        return Parcel(trip.id, origin, destination, _goods(self.orders.get(stop.order_id), stop.packs))

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


def _refused(trip: Trip, at: datetime) -> Trip:
    if trip.status not in (PLANNED, BOOKING):
        raise InvalidState(f"Perjalanan ini berstatus {trip.status}.")
    return trip.to(NO_COURIER, at=at)

"""A drop-off's own riders behind the couriers' port: nobody has to be asked, and nothing is told but by them."""

from datetime import datetime

from lumbung.domain.courier import Parcel, Quote, Report
from lumbung.domain.errors import CourierRefused
from lumbung.domain.rider import RIDERS


class OwnRiders:
    """Trips of theirs are offered, and not booked: see `domain.ride`."""

    name = RIDERS
    stops_per_trip = 8
    repeatable = True

    def quote(self, parcel: Parcel) -> Quote:
        raise CourierRefused("Pengendara titik ambil mengikuti tarif program.")

    def book(self, parcel: Parcel, quote: Quote) -> Report:
        raise CourierRefused("Pengendara titik ambil tidak dipesan.")

    def look_up(self, booking_id: str) -> Report | None:
        return None

    def ask(self, reference: str) -> Report | None:
        return None

    def told_at(self, report: Report) -> datetime | None:
        return None

    def cancel(self, reference: str) -> None:
        """A trip that is called off is not offered any more."""

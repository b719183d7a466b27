"""Couriers' quotes as the contract writes them."""

from typing import Annotated

from pydantic import Field

from lumbung.domain.courier_quote import CourierQuote
from lumbung.runtime.schema import (
    Id,
    Latitude,
    Longitude,
    Phone,
    PostalCode,
    Request,
    Text,
    Utc,
    View,
    VillageCode,
)


class QuotedAddress(Request):
    """An order's address, of which a price needs the coordinates alone; the rest is not kept."""

    lat: Latitude
    lng: Longitude
    line: Text | None = None
    village_code: VillageCode | None = None
    postal_code: PostalCode | None = None
    recipient: Text | None = None
    phone: Phone | None = None


class QuoteRequest(Request):
    dropoff_id: Id
    address: QuotedAddress
    weight_g: Annotated[int, Field(ge=1, le=100_000_000)]


class QuoteView(View):
    quote_id: str
    courier: str
    service: str
    fee: int
    fee_per_kg: int
    eta_minutes: int
    trips: int
    valid_until: Utc

    @classmethod
    def of(cls, quote: CourierQuote) -> "QuoteView":
        return cls(
            quote_id=quote.id,
            courier=quote.courier,
            service=quote.service,
            fee=quote.fee,
            fee_per_kg=quote.fee_per_kg,
            eta_minutes=quote.eta_minutes,
            trips=quote.trips,
            valid_until=quote.valid_until,
        )

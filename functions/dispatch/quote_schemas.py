"""Couriers' quotes as the contract writes them."""

from typing import Annotated

from pydantic import Field, model_validator

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
    """An order's address, of which a price needs the coordinates, or the village, alone; the rest is not kept."""

    lat: Latitude | None = None
    lng: Longitude | None = None
    line: Text | None = None
    village_code: VillageCode | None = None
    postal_code: PostalCode | None = None
    recipient: Text | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _is_a_place(self) -> "QuotedAddress":
        if (self.lat is None) is not (self.lng is None):
            raise ValueError("lat and lng come together")
        if self.lat is None and self.village_code is None:
            raise ValueError("lat and lng, or village_code")
        return self


class QuotedPacks(Request):
    weight_g: Annotated[int, Field(ge=1, le=1_000_000)]
    quantity: Annotated[int, Field(ge=1, le=1000)]


class QuoteRequest(Request):
    """*packs*: what the weight is made of; then the trips are those that such packs take."""

    dropoff_id: Id
    address: QuotedAddress
    weight_g: Annotated[int, Field(ge=1, le=100_000_000)]
    packs: Annotated[list[QuotedPacks], Field(min_length=1, max_length=20)] | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> "QuoteRequest":
        if self.packs and sum(self.packs_g) != self.weight_g:
            raise ValueError("the packs do not add up to weight_g")
        return self

    @property
    def packs_g(self) -> tuple[int, ...]:
        return tuple(pack.weight_g for pack in self.packs or () for _ in range(pack.quantity))


class QuoteView(View):
    quote_id: str
    courier: str
    service: str
    fee: int
    fee_per_kg: int
    eta_minutes: int
    trips: int
    valid_until: Utc
    warning: str | None = None

    @classmethod
    def of(cls, quote: CourierQuote, warning: str | None) -> "QuoteView":
        return cls(
            quote_id=quote.id,
            courier=quote.courier,
            service=quote.service,
            fee=quote.fee,
            fee_per_kg=quote.fee_per_kg,
            eta_minutes=quote.eta_minutes,
            trips=quote.trips,
            valid_until=quote.valid_until,
            warning=warning,
        )

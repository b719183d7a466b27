"""The base of everything strangers send, and of everything sent back to them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from lumbung.domain import geo, phone
from lumbung.domain.moments import rfc3339


class Request(BaseModel):
    """A request body: types are strict, unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _storable(text: str) -> str:
    if any((ord(c) < 0x20 and c not in "\n\t") or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("control characters are not allowed")
    return text


def _in_our_time(at: datetime) -> datetime:
    """Keep the ends of the calendar away from arithmetic: hours before the year 1 there is no moment."""
    if not 2000 <= at.year <= 2100:
        raise ValueError("a moment between the years 2000 and 2100 is expected")
    return at.astimezone(UTC)


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_in_our_time),
    PlainSerializer(lambda at: rfc3339(at), return_type=str, when_used="json"),
]
Utc = Annotated[datetime, PlainSerializer(lambda at: rfc3339(at), return_type=str, when_used="json")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), AfterValidator(_storable)]
Note = Annotated[str, StringConstraints(max_length=500), AfterValidator(_storable)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[A-Za-z0-9]{1,64}$")]
# As browsers check an address; whether somebody reads it, only a mail can tell.
_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
Email = Annotated[str, StringConstraints(pattern=_EMAIL, max_length=254)]


def _degrees(fault_of: Callable[[float], str | None]) -> AfterValidator:
    def checked(degrees: float) -> float:
        if fault := fault_of(degrees):
            raise PydanticCustomError("degrees", fault)
        return degrees

    return AfterValidator(checked)


def _range(between: tuple[float, float]) -> Any:
    return Field(json_schema_extra={"minimum": between[0], "maximum": between[1]})


Latitude = Annotated[float, _degrees(geo.fault_of_latitude), _range(geo.LATITUDES)]
Longitude = Annotated[float, _degrees(geo.fault_of_longitude), _range(geo.LONGITUDES)]
VillageCode = Annotated[str, Field(pattern=r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$")]
PostalCode = Annotated[str, Field(pattern=r"^\d{5}$")]

# A number plate, as it stands on it: B 1234 XYZ.
PlateNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2} ?\d{1,4} ?[A-Z]{0,3}$")]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _e164(text: str) -> str:
    if number := phone.normal(text):
        return number
    raise ValueError("not an Indonesian mobile number")


Phone = Annotated[str, StringConstraints(pattern=phone.PATTERN)]  # as it was typed
PhoneNumber = Annotated[Phone, AfterValidator(_e164)]

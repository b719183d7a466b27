"""What a device takes along, and what it tells afterwards, as the contract writes it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from dispatch.desk_schemas import HandoverRequest
from dispatch.take_uploads import Result
from lumbung.domain.offline import HandedOver
from lumbung.domain.once import request_hash
from lumbung.runtime.schema import Id, Moment, Request, Utc, View

Device = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
MOST_UPLOADS = 100


class UploadRequest(HandoverRequest):
    """One hand-over, under a number that its device gives once."""

    number: Annotated[int, Field(ge=1, le=999_999_999)]
    order_id: Id
    at: Moment

    def to_domain(self) -> HandedOver:
        told = request_hash(self.model_dump_json())
        taking = replace(self.taking, offline=True)
        return HandedOver(self.number, self.order_id, self.code, self.at, taking, told)


class UploadsRequest(Request):
    device_id: Device
    entries: Annotated[list[UploadRequest], Field(min_length=1, max_length=MOST_UPLOADS)]


class UploadView(View):
    """`outcome`: collected, partly, conflict or refused; `repeated`: as it was told before."""

    number: int
    order_id: str
    outcome: str
    repeated: bool
    code: str | None
    detail: str | None


class UploadsView(View):
    items: list[UploadView]

    @classmethod
    def of(cls, results: Sequence[Result]) -> "UploadsView":
        names = UploadView.model_fields
        return cls(items=[UploadView(**{name: getattr(r, name) for name in names}) for r in results])


class PickupListView(View):
    """`list`: a JWS (EdDSA) whose payload names orders, salted hashes of their codes, and what is left of each."""

    wave_id: str
    dropoff_id: str
    issued_at: Utc
    valid_until: Utc
    list: str
    next_cursor: str | None


class PickupKeysView(View):
    """The keys that a device verifies its list with: a JWK set (RFC 7517)."""

    keys: list[dict[str, str]]

"""A drop-off's own riders as its persons in charge keep them."""

from lumbung.domain.rider import Rider
from lumbung.runtime.schema import PhoneNumber, PlateNumber, Request, Text, Utc, View


class RiderRequest(Request):
    name: Text
    phone: PhoneNumber
    plate: PlateNumber


class RiderPatch(Request):
    """What is not named stays as it is; one who is not `active` sees and takes nothing."""

    name: Text | None = None
    phone: PhoneNumber | None = None
    plate: PlateNumber | None = None
    active: bool | None = None


class RiderView(View):
    id: str
    dropoff_id: str
    name: str
    phone: str
    plate: str
    active: bool

    @classmethod
    def of(cls, rider: Rider) -> "RiderView":
        return cls(
            id=rider.id, dropoff_id=rider.dropoff_id, name=rider.name, phone=rider.phone, plate=rider.plate,
            active=rider.active,
        )  # fmt: skip


class RiderList(View):
    items: list[RiderView]


class RiderLinkView(View):
    """*path*: of the rider's page, to be sent to them alone; whoever has it is the rider."""

    path: str
    valid_until: Utc

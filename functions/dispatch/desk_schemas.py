"""The desk as the contract writes it: manifests, codes, hand-overs, and what a device takes along and tells."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from dispatch import manifest
from dispatch.take_uploads import Result
from lumbung.domain import desk
from lumbung.domain.desk import Packs, Refused, Taking
from lumbung.domain.offline import HandedOver
from lumbung.domain.once import request_hash
from lumbung.domain.order import Order, OrderLine
from lumbung.domain.people import Proxy
from lumbung.runtime.schema import Id, Moment, Phone, Request, Text, Utc, View

Code = Annotated[str, StringConstraints(min_length=1, max_length=20)]
Device = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Count = Annotated[int, Field(ge=1, le=1_000)]
MOST_LINES, MOST_REFUSED, MOST_UPLOADS = 20, 10, 100


class PacksRequest(Request):
    offer_id: Id
    packs: Count

    def to_domain(self) -> Packs:
        return Packs(self.offer_id, self.packs)


class RefusedRequest(PacksRequest):
    reason: Literal["damaged", "wrong", "spoiled"]
    liable: Literal["cooperative", "courier", "pic", "programme"] = "cooperative"

    def to_domain(self) -> Refused:
        return Refused(self.offer_id, self.packs, self.reason, self.liable)


class HandoverRequest(Request):
    """Without `lines` everything that is left, and not refused, is handed over."""

    code: Code
    lines: Annotated[list[PacksRequest], Field(max_length=MOST_LINES)] | None = None
    refused: Annotated[list[RefusedRequest], Field(default_factory=list, max_length=MOST_REFUSED)]
    taken_by: Literal["member", "proxy"] = "member"

    @property
    def taking(self) -> Taking:
        lines = None if self.lines is None else tuple(line.to_domain() for line in self.lines)
        return Taking(lines, tuple(line.to_domain() for line in self.refused), self.taken_by == "proxy")


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


class LeftoversRequest(Request):
    """`amount`: rupiah taken for what is sold; their price unless it is given."""

    outcome: Literal["sold", "given", "spoiled"]
    lines: Annotated[list[PacksRequest], Field(min_length=1, max_length=MOST_LINES)]
    amount: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None


class PersonRequest(Request):
    name: Text
    phone: Phone | None = None


class ProxyRequest(Request):
    """`proxy` null: nobody may fetch it any more but its member."""

    proxy: PersonRequest | None


class PersonView(View):
    name: str
    phone: str | None


class ProxyView(View):
    order_id: str
    proxy: PersonView | None

    @classmethod
    def of(cls, order_id: str, proxy: Proxy | None) -> "ProxyView":
        named = PersonView(name=proxy.name, phone=proxy.phone) if proxy and proxy.name else None
        return cls(order_id=order_id, proxy=named)


class LineView(View):
    offer_id: str
    packs: int


class HandoverView(View):
    """`left`: what still lies at the drop-off."""

    order_id: str
    status: str
    fulfilment_status: str
    left: list[LineView]

    @classmethod
    def of(cls, order: Order) -> "HandoverView":
        left = [LineView(offer_id=offer_id, packs=packs) for offer_id, packs in sorted(desk.left(order).items())]
        return cls(order_id=order.id, status=order.status, fulfilment_status=order.fulfilment_status, left=left)


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


class PickupCodeView(View):
    code: str
    qr: str


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


class ManifestLineView(View):
    offer_id: str
    name: str
    weight_g: int
    packs: int


class ManifestMemberView(View):
    id: str
    name: str | None
    phone: str | None


class ManifestRowView(View):
    """`packs` are those that go over the desk, or went; of an order that is there in part: what is left."""

    order_id: str
    member: ManifestMemberView
    proxy: PersonView | None
    lines: list[ManifestLineView]
    packs: int
    weight_g: int
    method: str
    fulfilment_status: str

    @classmethod
    def of(cls, row: manifest.Row) -> "ManifestRowView":
        order, person, proxy = row.order, row.person, row.proxy
        return cls(
            order_id=order.id,
            member=ManifestMemberView(id=order.member_id, name=person.name, phone=person.phone),
            proxy=PersonView(name=proxy.name, phone=proxy.phone) if proxy and proxy.name else None,
            lines=[_line(line, packs) for line, packs in row.lines],
            packs=row.packs,
            weight_g=row.weight_g,
            method=order.fulfilment.method,
            fulfilment_status=order.fulfilment_status,
        )


class ManifestView(View):
    wave_id: str
    dropoff_id: str
    items: list[ManifestRowView]
    totals: list[ManifestLineView]
    packs: int
    weight_g: int

    @classmethod
    def of(cls, wave_id: str, dropoff_id: str, rows: Sequence[manifest.Row]) -> "ManifestView":
        return cls(
            wave_id=wave_id,
            dropoff_id=dropoff_id,
            items=[ManifestRowView.of(row) for row in rows],
            totals=[_line(line, packs) for line, packs in manifest.totals(rows)],
            packs=sum(row.packs for row in rows),
            weight_g=sum(row.weight_g for row in rows),
        )


def _line(line: OrderLine, packs: int) -> ManifestLineView:
    return ManifestLineView(offer_id=line.offer_id, name=line.name, weight_g=line.weight_g, packs=packs)

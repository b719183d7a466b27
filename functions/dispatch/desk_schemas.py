"""The desk as the contract writes it: codes, proxies, hand-overs, and what nobody fetched."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lumbung.domain import desk
from lumbung.domain.desk import Packs, Refused, Taking
from lumbung.domain.order import Order
from lumbung.domain.people import Proxy
from lumbung.runtime.schema import Id, Phone, Request, Text, View

Code = Annotated[str, StringConstraints(min_length=1, max_length=20)]
Count = Annotated[int, Field(ge=1, le=1_000)]
MOST_LINES, MOST_REFUSED = 20, 10


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


class PickupCodeView(View):
    code: str
    qr: str

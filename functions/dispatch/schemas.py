"""Consignments, hand-overs and dispatches as the contract writes them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from lumbung.domain.consignment import Consignment, Count
from lumbung.runtime.schema import Id, Request, Text, Utc, View

Packs = Annotated[int, Field(ge=0, le=1_000_000)]


class DepartureRequest(Request):
    vehicle: Text | None = None
    lot: Text | None = None


class CountRequest(Request):
    offer_id: Id
    received: Packs
    damaged: Packs = 0

    def to_domain(self) -> Count:
        return Count(self.offer_id, self.received, self.damaged)


class ReceiptRequest(Request):
    lines: Annotated[list[CountRequest], Field(max_length=100)]
    final: bool = True


class ConsignmentLineView(View):
    offer_id: str
    name: str
    weight_g: int
    expected: int
    received: int
    damaged: int


class ConsignmentView(View):
    id: str
    wave_id: str
    dropoff_id: str
    cooperative_id: str
    state: str
    lines: list[ConsignmentLineView]
    packs: int
    weight_g: int
    vehicle: str | None
    lot: str | None
    departed_at: Utc | None
    received_at: Utc | None

    @classmethod
    def of(cls, c: Consignment) -> "ConsignmentView":
        return cls(
            id=c.id,
            wave_id=c.wave_id,
            dropoff_id=c.dropoff_id,
            cooperative_id=c.cooperative_id,
            state=c.state,
            lines=[
                ConsignmentLineView(
                    offer_id=line.offer_id,
                    name=line.name,
                    weight_g=line.weight_g,
                    expected=line.expected,
                    received=line.received,
                    damaged=line.damaged,
                )
                for line in c.lines
            ],
            packs=c.packs,
            weight_g=c.weight_g,
            vehicle=c.vehicle,
            lot=c.lot,
            departed_at=c.departed_at,
            received_at=c.received_at,
        )


class ConsignmentList(View):
    items: list[ConsignmentView]
    next_cursor: str | None


class HandoverRequest(Request):
    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class HandoverView(View):
    order_id: str
    status: str
    fulfilment_status: str


class PickupCodeView(View):
    code: str
    qr: str


class DispatchRequest(Request):
    wave_id: Id


class DispatchView(View):
    id: str
    wave_id: str
    dropoff_id: str
    status: str


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
    order_id: str
    member: ManifestMemberView
    lines: list[ManifestLineView]
    packs: int
    weight_g: int
    method: str
    fulfilment_status: str


class ManifestView(View):
    wave_id: str
    dropoff_id: str
    items: list[ManifestRowView]
    totals: list[ManifestLineView]
    packs: int
    weight_g: int

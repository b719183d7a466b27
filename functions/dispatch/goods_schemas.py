"""Consignments as the contract writes them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from lumbung.domain.consignment import Consignment, Count, Departure, Receipt
from lumbung.runtime.schema import Id, Request, Text, Utc, View

Packs = Annotated[int, Field(ge=0, le=1_000_000)]
HEAVIEST_TRUCK_G = 40_000_000


class DepartureRequest(Request):
    vehicle: Text | None = None
    lot: Text | None = None
    load_g: Annotated[int, Field(ge=1, le=HEAVIEST_TRUCK_G)] | None = None

    def to_domain(self) -> Departure:
        return Departure(self.vehicle, self.lot, self.load_g)


class CountRequest(Request):
    offer_id: Id
    received: Packs
    damaged: Packs = 0

    def to_domain(self) -> Count:
        return Count(self.offer_id, self.received, self.damaged)


class ReceiptRequest(Request):
    """`photo`: a reference to where pictures of the goods lie, not the pictures."""

    lines: Annotated[list[CountRequest], Field(max_length=100)]
    final: bool = True
    photo: Text | None = None

    def to_domain(self, *, at: datetime, by: str) -> Receipt:
        return Receipt(at, by, self.final, tuple(line.to_domain() for line in self.lines), self.photo)


class ConsignmentLineView(View):
    offer_id: str
    name: str
    weight_g: int
    expected: int
    received: int
    damaged: int


class WeightClassView(View):
    weight_g: int
    expected: int
    received: int
    damaged: int


class CountView(View):
    offer_id: str
    received: int
    damaged: int


class ReceiptView(View):
    at: Utc
    by: str
    final: bool
    lines: list[CountView]
    photo: str | None


class ConsignmentView(View):
    """`weight_g` is what was expected, `load_g` what the truck was loaded with."""

    id: str
    wave_id: str
    dropoff_id: str
    cooperative_id: str
    state: str
    lines: list[ConsignmentLineView]
    classes: list[WeightClassView]
    packs: int
    weight_g: int
    vehicle: str | None
    lot: str | None
    load_g: int | None
    departed_at: Utc | None
    arrived_at: Utc | None
    received_at: Utc | None
    receipts: list[ReceiptView]

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
            classes=[
                WeightClassView(
                    weight_g=one.weight_g, expected=one.expected, received=one.received, damaged=one.damaged
                )
                for one in c.classes
            ],
            packs=c.packs,
            weight_g=c.weight_g,
            vehicle=c.departure.vehicle,
            lot=c.departure.lot,
            load_g=c.departure.load_g,
            departed_at=c.departed_at,
            arrived_at=c.arrived_at,
            received_at=c.received_at,
            receipts=[_receipt(receipt) for receipt in c.receipts],
        )


class ConsignmentList(View):
    items: list[ConsignmentView]
    next_cursor: str | None


def _receipt(receipt: Receipt) -> ReceiptView:
    lines = [CountView(offer_id=c.offer_id, received=c.received, damaged=c.damaged) for c in receipt.counts]
    return ReceiptView(at=receipt.at, by=receipt.by, final=receipt.final, lines=lines, photo=receipt.photo)

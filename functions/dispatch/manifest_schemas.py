"""Manifests as the contract writes them."""

from collections.abc import Sequence

from dispatch import manifest
from dispatch.desk_schemas import PersonView
from lumbung.domain.order_parts import OrderLine
from lumbung.runtime.schema import View


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

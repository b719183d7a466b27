"""What the catalogue's HTTP routes about suppliers and the market take and give."""

from collections.abc import Mapping

from catalog.product_schemas import CooperativeView
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import KnownSupplier
from lumbung.runtime.schema import Id, Request, Utc, View


class DecisionRequest(Request):
    """`cooperative_id`: whose products this supplier sells; null: none of ours."""

    cooperative_id: Id | None


class ProposalView(View):
    """`likeness` in per cent: of the names, or 100 where a number points there."""

    cooperative: CooperativeView
    likeness: int


class SupplierView(View):
    """`state`: open (nobody's yet), matched (`basis`: nib or npwp), decided (by a person)."""

    id: str
    source: str
    code: str
    name: str
    nib: str | None
    npwp: str | None
    state: str
    basis: str | None
    cooperative: CooperativeView | None
    proposals: list[ProposalView]
    decided_by: str | None
    decided_at: Utc | None

    @classmethod
    def of(cls, supplier: KnownSupplier, known: Mapping[str, Cooperative]) -> "SupplierView":
        told = supplier.told
        return cls(
            id=supplier.id, source=supplier.source, code=told.code, name=told.name, nib=told.nib, npwp=told.npwp,
            state=supplier.state, basis=supplier.basis, cooperative=_cooperative(known, supplier.cooperative_id),
            proposals=[
                ProposalView(cooperative=one, likeness=proposal.likeness)
                for proposal in supplier.proposals if (one := _cooperative(known, proposal.cooperative_id))
            ],
            decided_by=supplier.decided_by, decided_at=supplier.decided_at,
        )  # fmt: skip


class SupplierList(View):
    items: list[SupplierView]
    next_cursor: str | None


class MarketPrice(View):
    """Rupiah per kilogram: the middle of a sample of what was paid; null where too little was bought to tell."""

    commodity: str
    grade: str | None
    median_per_kg: int | None
    purchases: int
    read_at: Utc


class MarketView(View):
    items: list[MarketPrice]


def _cooperative(known: Mapping[str, Cooperative], id_: str | None) -> CooperativeView | None:
    one = known.get(id_ or "")
    return CooperativeView(id=one.id, name=one.name, regency=one.regency) if one else None

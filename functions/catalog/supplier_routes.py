"""HTTP: the programme office says which cooperatives a source's suppliers are, and reads what food is bought for."""

from collections.abc import Sequence
from typing import Any

from catalog.decide_supplier import decide_supplier
from catalog.supplier_schemas import DecisionRequest, MarketPrice, MarketView, SupplierList, SupplierView
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.people import OPERATOR
from lumbung.domain.supplier import KnownSupplier
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/catalog/suppliers", roles=(OPERATOR,), returns=SupplierList, query=("state", "cooperative_id", *PAGED))
def get_suppliers(call: Call) -> dict[str, Any]:
    """Return suppliers by name: those that nobody has decided on, those of `cooperative_id`, or `state=rejected`."""
    state = call.query.get("state", "open")
    if state not in ("open", "rejected"):
        raise Invalid("state tidak dikenal.", [Fault("/query/state", "salah satu dari open, rejected")])
    limit, start = call.page()
    place = call.query.get("cooperative_id") or deps_catalog.SUPPLIER_PLACES[state]
    found, more = deps_catalog.suppliers().page(place, limit=limit, start=start)
    return call.listing(_views(found), more)


def replay_decision(call: Call, supplier_id: str) -> SupplierView:
    [view] = _views([deps_catalog.suppliers().get(supplier_id)])
    return view


@routes.post(
    "/v1/catalog/suppliers/{supplier_id}/decision", roles=(OPERATOR,), body=DecisionRequest, returns=SupplierView,
    replay=replay_decision,
)  # fmt: skip
def post_decision(call: Call, supplier_id: str) -> SupplierView:
    """Accept a proposal, name another cooperative, or say that it is none; its products follow at once."""
    deps_catalog.suppliers().get(supplier_id)
    request = call.begin(DecisionRequest)
    if request.cooperative_id and deps.cooperatives().find(request.cooperative_id) is None:
        raise Invalid("Koperasi tidak dikenal.", [Fault("/cooperative_id", "tidak dikenal")])

    def step() -> tuple[KnownSupplier, Sequence[Any]]:
        return decide_supplier(
            supplier_id, request.cooperative_id, at=call.at, by=call.caller.id, suppliers=deps_catalog.suppliers(),
            first=[deps.remember(call.once, supplier_id)],
        )  # fmt: skip

    decided = deps_catalog.decide()(step, call.once)
    call.notes |= {"supplier_id": supplier_id, "cooperative_id": request.cooperative_id}
    [view] = _views([decided])
    return view


@routes.get("/v1/catalog/market", roles=(OPERATOR,), returns=MarketView)
def get_market(call: Call) -> MarketView:
    """Return what food was bought for, per commodity and grade: what prices of sources are held against."""
    return MarketView(
        items=[
            MarketPrice(
                commodity=price.observed.commodity, grade=price.observed.grade, median_per_kg=price.observed.median,
                purchases=price.observed.seen, read_at=price.read_at,
            )
            for price in deps_catalog.market_prices(call.at)
        ]
    )  # fmt: skip


def _views(suppliers: Sequence[KnownSupplier]) -> list[SupplierView]:
    wanted = {proposal.cooperative_id for supplier in suppliers for proposal in supplier.proposals}
    wanted |= {supplier.cooperative_id for supplier in suppliers if supplier.cooperative_id}
    known = deps.cooperatives().get_many(sorted(wanted))
    return [SupplierView.of(supplier, known) for supplier in suppliers]

"""HTTP: how a wave's closing goes on, what it came to, and what is ordered of each cooperative by it."""

from lumbung.domain.errors import InvalidState, NotFound
from lumbung.domain.people import COOPERATIVE, OPERATOR
from lumbung.domain.purchase_order import Place
from lumbung.domain.wave import Wave
from lumbung.runtime import clock, deps
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call
from ordering import purchase_document
from ordering.allocation_schemas import AllocationView, ClosingView, PurchaseOrderView, steps_of
from ordering.share_out import cooperatives_asked, total
from ordering.wave_routes import GRACE

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/waves/{wave_id}/closing", roles=(OPERATOR,), returns=ClosingView)
def get_closing(call: Call, wave_id: str) -> ClosingView:
    wave, run = _published(wave_id), deps.closings().find(wave_id)
    supplies = deps.closings().supplies(wave_id)
    waiting = run is not None and run.step == "supply"
    awaited = cooperatives_asked(wave, _demand(wave_id)) - supplies.keys() if waiting else set()
    return ClosingView(
        wave_id=wave_id,
        state=wave.state(clock.now()),
        freezes_at=wave.freezes_at(GRACE),
        step=run.step if run else None,
        steps=steps_of(run.steps if run else ()),
        pending_dropoff_ids=sorted(deps.closings().pending(run)) if run else [],
        supply_confirmed_by=sorted(supplies),
        supply_awaited_from=sorted(awaited),
    )


@routes.get("/v1/waves/{wave_id}/allocation", roles=(OPERATOR,), returns=AllocationView, refuses=(409,))
def get_allocation(call: Call, wave_id: str) -> AllocationView:
    wave, run = _published(wave_id), deps.closings().find(wave_id)
    if run is None or not run.done:
        raise _not_allocated()
    return AllocationView.of(
        wave,
        run,
        demand=_demand(wave_id),
        supply=total(deps.closings().supplies(wave_id).values()),
        parts=deps.closings().parts(wave_id, "apply"),
        corrections=deps.corrections().of_wave(wave_id),
    )


@routes.get(
    "/v1/waves/{wave_id}/purchase-orders",
    roles=(OPERATOR, COOPERATIVE),
    returns=PurchaseOrderView,
    query=("cooperative_id!",),
    media=("text/csv", "text/html"),
    refuses=(409,),
)
def get_purchase_order(call: Call, wave_id: str) -> PurchaseOrderView | Answer:
    wave, cooperative_id = _published(wave_id), call.required_query("cooperative_id")
    if cooperative_id not in wave.cooperative_ids or not _may_read(call, cooperative_id):
        raise NotFound(f"Koperasi {cooperative_id} tidak ditemukan.")
    head = deps.purchase_orders().find(wave_id, cooperative_id)
    if head is None:
        raise _not_allocated()
    parts = deps.closings().parts(wave_id, "apply")
    places = (Place(part["dropoff"], part["name"], part["address"], part["packs"]) for part in parts)
    order = head.ordering(wave, places, list(deps.corrections().of_wave(wave_id)))
    wanted = call.header("accept") or ""
    if "text/csv" in wanted:
        return Answer(purchase_document.as_csv(order, wave), media_type="text/csv; charset=utf-8")
    if "text/html" in wanted:
        return Answer(purchase_document.as_html(order, wave), media_type="text/html; charset=utf-8")
    return PurchaseOrderView.of(order, wave)


def _published(wave_id: str) -> Wave:
    wave = deps.waves().get(wave_id)
    if wave.status == "draft":
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    return wave


def _may_read(call: Call, cooperative_id: str) -> bool:
    cooperative = deps.cooperatives().find(cooperative_id)
    return call.caller.has(OPERATOR) or (cooperative is not None and call.caller.id in cooperative.operator_ids)


def _demand(wave_id: str) -> dict[str, int]:
    return total(part["packs"] for part in deps.closings().parts(wave_id, "aggregate"))


def _not_allocated() -> InvalidState:
    return InvalidState("Gelombang ini belum selesai dibagikan.")

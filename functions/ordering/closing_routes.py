"""HTTP: demand, supply, stock and the report of a wave."""

import csv
import io
from collections import Counter
from collections.abc import Collection
from typing import Any

from lumbung.domain.capacity import of_orders
from lumbung.domain.errors import InvalidState, NotFound
from lumbung.domain.people import COOPERATIVE, OPERATOR
from lumbung.domain.spreadsheet import harmless
from lumbung.domain.wave import Wave
from lumbung.runtime import deps, deps_ordering
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call
from ordering.confirm_supply import confirm_supply
from ordering.report_schemas import ReportView, SupplyView
from ordering.report_wave import Report, Sums, report_wave
from ordering.wave_schemas import (
    DemandLine,
    DemandSum,
    DemandView,
    StockLine,
    StockView,
    SuppliedView,
    SupplyRequest,
    WarningView,
)

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/waves/{wave_id}/demand", roles=(OPERATOR, COOPERATIVE), returns=DemandView, refuses=(409,))
def get_demand(call: Call, wave_id: str) -> DemandView:
    wave, mine = _wave_of_caller(call, wave_id)
    run = deps.closings().find(wave_id)
    if run is None or run.step == "aggregate" or wave.status == "cancelled":
        raise InvalidState("Permintaan baru diketahui setelah gelombang dibekukan.")
    lines = [
        DemandLine(
            offer_id=offer.id, name=offer.name, cooperative_id=offer.cooperative_id, dropoff_id=part["dropoff"],
            packs=packs, weight_g=packs * offer.weight_g, value=packs * offer.price,
        )
        for part in deps.closings().parts(wave_id, "aggregate")
        for offer in wave.offers
        if offer.cooperative_id in mine and (packs := part["packs"].get(offer.id, 0))
    ]  # fmt: skip
    return DemandView(
        wave_id=wave_id,
        items=lines,
        totals=_sum(lines),
        by_offer=_grouped(lines, "offer_id"),
        by_cooperative=_grouped(lines, "cooperative_id"),
        by_dropoff=_grouped(lines, "dropoff_id"),
        supply=_supplied(wave_id, mine),
        warnings=_too_heavy(lines) if call.caller.has(OPERATOR) else [],
    )


@routes.post(
    "/v1/waves/{wave_id}/supply", roles=(OPERATOR, COOPERATIVE), body=SupplyRequest, returns=SupplyView,
    replay=lambda call, wave_id: _supply_view(wave_id),
)  # fmt: skip
def post_supply(call: Call, wave_id: str) -> SupplyView:
    wave, mine = _wave_of_caller(call, wave_id)
    request = call.begin(SupplyRequest)
    confirm_supply(
        wave, sorted(mine), [(line.offer_id, line.packs) for line in request.lines],
        once=call.once, remember=deps.remember, closings=deps.closings(), queue=deps.queue("CLOSING_QUEUE"),
    )  # fmt: skip
    call.notes["wave_id"] = wave_id
    return _supply_view(wave_id)


@routes.get("/v1/waves/{wave_id}/stock", roles=(OPERATOR,), returns=StockView)
def get_stock(call: Call, wave_id: str) -> StockView:
    """Recount: what live orders hold against what the shards have left."""
    wave = deps.waves().get(wave_id)
    held: Counter[str] = Counter()
    for order in _orders(wave):
        if order.live:
            held.update(order.reserved)
    lines = []
    for offer in wave.offers:
        left = sum(deps.shards().look(offer).values()) if offer.quota is not None else None
        expected = deps.shards().sold(offer) if offer.quota is None else offer.quota - (left or 0)
        lines.append(
            StockLine(
                offer_id=offer.id, quota=offer.quota, available=left,
                in_live_orders=held[offer.id], difference=expected - held[offer.id],
            )
        )  # fmt: skip
    return StockView(items=lines)


@routes.get("/v1/waves/{wave_id}/report", roles=(OPERATOR,), returns=ReportView, media=("text/csv",))
def get_report(call: Call, wave_id: str) -> Answer:
    wave = deps.waves().get(wave_id)
    if wave.status == "draft":
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    report = report_wave(_orders(wave), {offer.id: offer.product_id for offer in wave.offers})
    document = {
        "wave_id": wave_id,
        "name": wave.name,
        "totals": report.totals.view(),
        **{group: _named(getattr(report, group), names) for group, names in _names(wave, report).items()},
        "payments_by_method": dict(report.payments_by_method),
        "settlement": _settlement(wave),
    }
    if "text/csv" in (call.header("accept") or ""):
        return Answer(_csv(document), media_type="text/csv; charset=utf-8")
    return Answer(ReportView.model_validate(document))


def _wave_of_caller(call: Call, wave_id: str) -> tuple[Wave, set[str]]:
    """Return the wave, and those of its cooperatives for which the caller speaks; NotFound when none."""
    wave = deps.waves().get(wave_id)
    if call.caller.has(OPERATOR):
        return wave, set(wave.cooperative_ids)
    found = deps.cooperatives().get_many(list(wave.cooperative_ids))
    mine = {coop.id for coop in found.values() if call.caller.id in coop.operator_ids}
    if not mine:
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    return wave, mine


def _orders(wave: Wave) -> Any:
    for dropoff_id in wave.dropoff_ids:
        yield from deps.orders().of_dropoff(wave.id, dropoff_id)


def _supply_view(wave_id: str) -> SupplyView:
    confirmed_by = deps.closings().supplies(wave_id).keys()
    return SupplyView(wave_id=wave_id, confirmed_by=sorted(confirmed_by), lines=_supplied(wave_id, confirmed_by))


def _supplied(wave_id: str, cooperative_ids: Collection[str]) -> list[SuppliedView]:
    supplies = deps.closings().supplies(wave_id)
    theirs = [packs for cooperative_id, packs in supplies.items() if cooperative_id in cooperative_ids]
    return [SuppliedView(offer_id=o, packs=n) for packs in theirs for o, n in sorted(packs.items())]


def _sum(lines: list[DemandLine]) -> DemandSum:
    return DemandSum(
        packs=sum(line.packs for line in lines),
        weight_g=sum(line.weight_g for line in lines),
        value=sum(line.value for line in lines),
    )


def _grouped(lines: list[DemandLine], field: str) -> dict[str, DemandSum]:
    keys = sorted({getattr(line, field) for line in lines})
    return {key: _sum([line for line in lines if getattr(line, field) == key]) for key in keys}


def _names(wave: Wave, report: Report) -> dict[str, dict[str, str]]:
    dropoffs = deps.dropoffs().get_many(list(wave.dropoff_ids))
    cooperatives = deps.cooperatives().get_many(list(wave.cooperative_ids))
    institutions = deps.institutions().get_many([id_ for id_ in report.by_institution if id_])
    products = deps_ordering.products().get_many(list(report.by_product))
    return {
        "by_institution": {key: thing.name for key, thing in institutions.items()},
        "by_dropoff": {key: thing.name for key, thing in dropoffs.items()},
        "by_cooperative": {key: thing.name for key, thing in cooperatives.items()},
        "by_product": {key: thing.name for key, thing in products.items()},
    }


def _too_heavy(lines: list[DemandLine]) -> list[WarningView]:
    weights = {id_: ordered.weight_g for id_, ordered in _grouped(lines, "dropoff_id").items()}
    return [WarningView.of(caution) for caution in of_orders(weights, deps.dropoffs().get_many(list(weights)))]


def _named(groups: dict[str, Sums], names: dict[str, str]) -> list[dict[str, Any]]:
    return [{"id": key or None, "name": names.get(key), **sums.view()} for key, sums in sorted(groups.items())]


def _settlement(wave: Wave) -> list[dict[str, Any]]:
    """What each cooperative is owed and has been paid, once a drop-off has received something of it."""
    found = [deps_ordering.settlements().find(wave.id, cooperative_id) for cooperative_id in wave.cooperative_ids]
    return [
        {
            "id": settlement.id,
            "cooperative_id": settlement.cooperative_id,
            "received": {
                "packs": sum(line.packs for line in settlement.received.values()),
                "weight_g": sum(line.packs * line.weight_g for line in settlement.received.values()),
            },
            "goods_value": settlement.goods_value,
            "deductions": settlement.deductions,
            "amount": settlement.amount,
            "paid": settlement.paid,
            "carried_forward": settlement.carried_forward,
            "status": settlement.status,
            "days_to_pay": settlement.days_to_pay,
        }
        for settlement in found
        if settlement is not None
    ]


def _csv(document: dict[str, Any]) -> str:
    """One row per group, in the order of the JSON document."""
    columns = ("orders", "packs", "weight_g", "goods_value", "courier_fees", "refunded")
    handed = ("packs", "weight_g", "goods_value")
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["group", "id", "name", *columns, *(f"handed_over_{name}" for name in handed)])
    for group in ("totals", "by_institution", "by_dropoff", "by_cooperative", "by_product"):
        for row in [document[group]] if group == "totals" else document[group]:
            name = harmless(row.get("name") or "")
            rows.writerow([group, row.get("id") or "", name, *(row[c] for c in columns),
                           *(row["handed_over"][h] for h in handed)])  # fmt: skip
    return out.getvalue()

"""HTTP: what became of a wave's goods."""

import csv
import io

from dispatch.report_goods import DropoffReport, ReportGoods
from dispatch.report_schemas import DispatchReportView, DropoffFiguresView, FiguresView, rows
from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR
from lumbung.domain.wave import Wave
from lumbung.runtime import clock, deps, deps_dispatch
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
ORDERS_AT_ONCE = 20_000  # what is read in some ten seconds, at half a millisecond an order


@routes.get(
    "/v1/waves/{wave_id}/dispatch-report",
    roles=(OPERATOR,),
    returns=DispatchReportView,
    query=PAGED,
    media=("text/csv",),
)
def get_dispatch_report(call: Call, wave_id: str) -> DispatchReportView | Answer:
    wave = deps.waves().get(wave_id)
    if not wave.is_public:
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    limit, start = call.page()
    first = start["dropoff"] if start else 0
    found = _reports(wave, first, limit)
    more = {"dropoff": first + len(found)} if first + len(found) < len(wave.dropoff_ids) else None
    totals, offers = DropoffReport(), wave.offers_by_id
    for report in found.values():
        totals.add(report)
    view = DispatchReportView(
        wave_id=wave_id,
        items=[DropoffFiguresView.of(dropoff_id, report, offers) for dropoff_id, report in found.items()],
        totals=FiguresView.model_validate(FiguresView.parts_of(totals, offers)),
        next_cursor=call.listing([], more)["next_cursor"],
    )
    call.notes |= {"wave_id": wave_id, "unexplained_packs": view.totals.unexplained_packs}
    if "text/csv" in (call.header("accept") or ""):
        return Answer(_csv(view), media_type="text/csv; charset=utf-8")
    return view


def _reports(wave: Wave, first: int, limit: int) -> dict[str, DropoffReport]:
    """Return the reports of some drop-offs: *limit* at most, and no further one after so many orders."""
    report_goods = ReportGoods(
        orders=deps.orders(), consignments=deps_dispatch.consignments(), deliveries=deps_dispatch.deliveries(),
        trips=deps_dispatch.trips(),
    )  # fmt: skip
    found: dict[str, DropoffReport] = {}
    orders = 0
    for dropoff_id in wave.dropoff_ids[first : first + limit]:
        found[dropoff_id] = report_goods(wave, dropoff_id, now=clock.now())
        orders += found[dropoff_id].orders["all"]
        if orders >= ORDERS_AT_ONCE:
            break
    return found


def _csv(view: DispatchReportView) -> str:
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(("dropoff_id", "group", "id", "figure", "value"))
    sheet.writerows(rows(view))
    return text.getvalue()

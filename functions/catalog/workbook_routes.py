"""HTTP: the workbooks with which the programme office lists packs in the sixth e-catalogue."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from catalog import workbook_rows
from catalog.listing_routes import places
from catalog.listing_schemas import RejectionRequest, WorkbookList, WorkbookRequest, WorkbookView
from catalog.make_workbook import discard, make_workbook, mark_uploaded, reject_lines
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.listing import Workbook
from lumbung.domain.people import OPERATOR
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call, Empty

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
Body = TypeVar("Body", bound=BaseModel)
Change = Callable[[Workbook, Body, Sequence[Any]], tuple[Workbook, Sequence[Any]]]
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def replay(call: Call, workbook_id: str) -> WorkbookView:
    return WorkbookView.of(deps_catalog.listings().workbook(workbook_id))


@routes.post(
    "/v1/catalog/workbooks", roles=(OPERATOR,), body=WorkbookRequest, returns=WorkbookView, status=201, replay=replay
)
def post_workbook(call: Call) -> WorkbookView:
    """Put what waits in one category of a cooperative into a workbook: nothing is ever in two that are undecided."""
    request = call.begin(WorkbookRequest)
    if deps.cooperatives().find(request.cooperative_id) is None:
        raise Invalid("Koperasi tidak dikenal.", [Fault("/cooperative_id", "tidak dikenal")])

    def step() -> tuple[Workbook, Sequence[Any]]:
        return make_workbook(
            call.new_id("wbk_"), cooperative_id=request.cooperative_id, commodity=request.commodity,
            places=places(request.cooperative_id), at=call.at, by=call.caller.id, listings=deps_catalog.listings(),
            first=[deps.remember(call.once, call.new_id("wbk_"))],
        )  # fmt: skip

    workbook = deps_catalog.decide()(step, call.once)
    call.notes |= {"workbook_id": workbook.id, "lines": len(workbook.lines)}
    return WorkbookView.of(workbook)


@routes.get("/v1/catalog/workbooks", roles=(OPERATOR,), returns=WorkbookList, query=("cooperative_id!", *PAGED))
def get_workbooks(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    found, more = deps_catalog.listings().workbooks(call.required_query("cooperative_id"), limit=limit, start=start)
    return call.listing([WorkbookView.of(workbook) for workbook in found], more)


@routes.get("/v1/catalog/workbooks/{workbook_id}", roles=(OPERATOR,), returns=WorkbookView, media=(SPREADSHEET,))
def get_workbook(call: Call, workbook_id: str) -> WorkbookView | Answer:
    """As JSON, or as the file to upload where `Accept` asks for a spreadsheet."""
    workbook = deps_catalog.listings().workbook(workbook_id)
    if SPREADSHEET not in (call.header("accept") or ""):
        return WorkbookView.of(workbook)
    title = workbook_rows.CATEGORIES[workbook.commodity]
    return Answer(deps_catalog.as_workbook(title, workbook_rows.rows(workbook)), media_type=SPREADSHEET)


@routes.post("/v1/catalog/workbooks/{workbook_id}/upload", roles=(OPERATOR,), returns=WorkbookView, replay=replay)
def post_upload(call: Call, workbook_id: str) -> WorkbookView:
    """Note that the file was uploaded."""
    listings = deps_catalog.listings()
    return _change(
        call, workbook_id, Empty, lambda book, _, first: mark_uploaded(book, at=call.at, listings=listings, first=first)
    )


@routes.post("/v1/catalog/workbooks/{workbook_id}/discarding", roles=(OPERATOR,), returns=WorkbookView, replay=replay)
def post_discarding(call: Call, workbook_id: str) -> WorkbookView:
    """Throw away a workbook that nobody uploaded; its packs wait until a look a day later finds none of them."""
    listings = deps_catalog.listings()
    return _change(
        call, workbook_id, Empty, lambda book, _, first: discard(book, at=call.at, listings=listings, first=first)
    )


@routes.post(
    "/v1/catalog/workbooks/{workbook_id}/rejections", roles=(OPERATOR,), body=RejectionRequest, returns=WorkbookView,
    replay=replay,
)  # fmt: skip
def post_rejections(call: Call, workbook_id: str) -> WorkbookView:
    """Note which lines the e-catalogue refused, and why; they wait until their product changes."""
    listings = deps_catalog.listings()
    return _change(
        call, workbook_id, RejectionRequest,
        lambda book, request, first: reject_lines(book, request.reasons(), listings=listings, first=first),
    )  # fmt: skip


def _change(call: Call, workbook_id: str, model: type[Body], change: Change[Body]) -> WorkbookView:
    """Answer with the workbook after *change*, which is decided anew while somebody else is faster."""
    listings = deps_catalog.listings()
    listings.workbook(workbook_id)
    body = call.begin(model)

    def step() -> tuple[Workbook, Sequence[Any]]:
        return change(listings.workbook(workbook_id), body, [deps.remember(call.once, workbook_id)])

    workbook = deps_catalog.decide()(step, call.once)
    call.notes["workbook_id"] = workbook_id
    return WorkbookView.of(workbook)

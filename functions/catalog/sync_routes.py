"""HTTP: the programme office configures sources, starts their runs and looks after them."""

from collections.abc import Sequence
from typing import Any

from catalog.approve_sync import approve_sync
from catalog.configure_source import configure_source
from catalog.retry_row import retry_row
from catalog.start_sync import start_sync
from catalog.sync_schemas import (
    Approval,
    Changes,
    ChangeView,
    QuarantinedRow,
    QuarantineList,
    Retry,
    SourceConfigured,
    SourceRequest,
    SourceState,
    SyncRequest,
    SyncStarted,
    SyncView,
    UploadLink,
    UploadRequest,
)
from lumbung.domain.errors import Fault, Invalid, NotFound
from lumbung.domain.people import OPERATOR
from lumbung.domain.product import Product
from lumbung.domain.sync import FILE_SOURCES, SHEET, SOURCES, Run, Source
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
MOST_WAITING = 20  # files, as they are shown
MAX_UPLOAD = 1024 * 1024 * 1024  # bytes: a million rows are some hundred megabytes


def replay_source(call: Call, source: str) -> SourceConfigured:
    return SourceConfigured.of(deps_catalog.syncs().source(source) or Source(source))


@routes.put(
    "/v1/catalog/sources/{source}", roles=(OPERATOR,), body=SourceRequest, returns=SourceConfigured,
    replay=replay_source,
)  # fmt: skip
def put_source(call: Call, source: str) -> SourceConfigured:
    if source not in SOURCES:
        raise NotFound(f"Sumber {source} tidak dikenal.")
    request = call.begin(SourceRequest)
    if deps.cooperatives().find(request.cooperative_id) is None:
        raise Invalid("Koperasi tidak dikenal.", [Fault("/cooperative_id", "tidak dikenal")])
    if request.columns and source != SHEET:
        raise Invalid("Hanya lembar kerja mempunyai kolom.", [Fault("/columns", "bukan lembar kerja")])
    configured = Source(
        source, request.cooperative_id, {str(field): heading for field, heading in request.columns.items()}
    )
    configure_source(configured, syncs=deps_catalog.syncs(), first=[deps.remember(call.once, source)])
    return SourceConfigured.of(configured)


@routes.get("/v1/catalog/sources/{source}", roles=(OPERATOR,), returns=SourceState)
def get_source(call: Call, source: str) -> SourceState:
    if source not in SOURCES:
        raise NotFound(f"Sumber {source} tidak dikenal.")
    syncs = deps_catalog.syncs()
    return SourceState.seen(syncs.source(source) or Source(source), syncs.waiting(source, limit=MOST_WAITING))


def replay_upload(call: Call, key: str) -> UploadLink:
    """Sign the same key again: the first link may have run out."""
    return _link(call, key, call.parse(UploadRequest))


@routes.post(
    "/v1/catalog/sources/{source}/uploads", roles=(OPERATOR,), body=UploadRequest, returns=UploadLink, status=201,
    replay=replay_upload,
)  # fmt: skip
def post_upload(call: Call, source: str) -> UploadLink:
    """Hand out a signed link for one file; once it was put there, a run of the source reads it."""
    if source not in FILE_SOURCES:
        raise NotFound(f"Sumber {source} tidak berupa berkas.")
    request = call.begin(UploadRequest)
    key = f"catalog/{source}/{call.new_id('upl_')}"
    deps_catalog.syncs().write(deps.remember(call.once, key))
    return _link(call, key, request)


def _link(call: Call, key: str, request: UploadRequest) -> UploadLink:
    link = deps_catalog.uploads().link(key, media_type=request.content_type, most=MAX_UPLOAD)
    return UploadLink(url=link.url, fields=dict(link.fields), max_bytes=MAX_UPLOAD, expires_at=call.at + link.good_for)


def replay_started(call: Call, run_id: str) -> SyncStarted:
    """Answer a repeated request; its message is sent again, since the first may never have been sent."""
    run = deps_catalog.syncs().get(run_id)
    if run.status == "running":
        deps.queue("SYNC_QUEUE").send(run=run.id)
    return SyncStarted(id=run.id, status=run.status)


@routes.post(
    "/v1/catalog/syncs", roles=(OPERATOR,), body=SyncRequest, returns=SyncStarted, status=202, replay=replay_started
)
def post_sync(call: Call) -> SyncStarted:
    request = call.begin(SyncRequest)
    if request.source not in SOURCES:
        raise Invalid("Sumber tidak dikenal.", [Fault("/source", f"salah satu dari {', '.join(SOURCES)}")])
    run_id = call.new_id("syn_")
    run = start_sync(
        request.source, run_id=run_id, at=call.at, by=call.caller.id, syncs=deps_catalog.syncs(),
        queue=deps.queue("SYNC_QUEUE"), first=[deps.remember(call.once, run_id)],
    )  # fmt: skip
    call.notes["sync_id"] = run.id
    return SyncStarted(id=run.id, status=run.status)


@routes.get("/v1/catalog/syncs/{sync_id}", roles=(OPERATOR,), returns=SyncView, query=PAGED)
def get_sync(call: Call, sync_id: str) -> SyncView:
    return _view(call, deps_catalog.syncs().get(sync_id))


def replay_approval(call: Call, sync_id: str) -> SyncView:
    """As `replay_started`."""
    replay_started(call, sync_id)
    return _view(call, deps_catalog.syncs().get(sync_id))


@routes.post(
    "/v1/catalog/syncs/{sync_id}/approval",
    roles=(OPERATOR,),
    body=Approval,
    returns=SyncView,
    replay=replay_approval,
    query=PAGED,
)
def post_approval(call: Call, sync_id: str) -> SyncView:
    run = deps_catalog.syncs().get(sync_id)
    request = call.begin(Approval)
    after = approve_sync(
        run, approve=request.approve, at=call.at, syncs=deps_catalog.syncs(), queue=deps.queue("SYNC_QUEUE"),
        first=[deps.remember(call.once, sync_id)],
    )  # fmt: skip
    call.notes |= {"sync_id": sync_id, "approved": request.approve}
    return _view(call, after)


@routes.get("/v1/catalog/quarantine", roles=(OPERATOR,), returns=QuarantineList, query=("sync_id", *PAGED))
def get_quarantine(call: Call) -> QuarantineList:
    limit, start = call.page()
    found, more = deps_catalog.syncs().quarantined(call.query.get("sync_id") or None, limit=limit, start=start)
    return QuarantineList(**call.listing([QuarantinedRow.of(row) for row in found], more))


def replay_retry(call: Call, place: str) -> QuarantinedRow:
    sync_id, _, position = place.partition("/")
    return QuarantinedRow.of(deps_catalog.syncs().quarantined_row(sync_id, position))


@routes.post(
    "/v1/catalog/syncs/{sync_id}/quarantine/{position}/retry", roles=(OPERATOR,), body=Retry,
    returns=QuarantinedRow, replay=replay_retry,
)  # fmt: skip
def post_retry(call: Call, sync_id: str, position: str) -> QuarantinedRow:
    """Take a quarantined row after all, once its cause is mended or a person believes it."""
    syncs, run = deps_catalog.syncs(), deps_catalog.syncs().get(sync_id)
    syncs.quarantined_row(sync_id, position)
    request = call.begin(Retry)

    def step() -> tuple[Product, Sequence[Any]]:
        return retry_row(
            syncs.quarantined_row(sync_id, position), believe=request.believe, market=deps_catalog.market_on(call.at),
            reread=deps_catalog.reread,
            at=call.at, by=call.caller.id, product_id=deps_catalog.product_ids(run),
            products=deps_catalog.products(), syncs=syncs, first=[deps.remember(call.once, f"{sync_id}/{position}")],
        )  # fmt: skip

    product = deps_catalog.decide()(step, call.once)
    call.notes |= {"sync_id": sync_id, "product_id": product.id}
    return QuarantinedRow.of(syncs.quarantined_row(sync_id, position))


def _view(call: Call, run: Run) -> SyncView:
    limit, start = call.page()
    changes, more = deps_catalog.syncs().changes(run.id, limit=limit, start=start)
    return SyncView.of(run, Changes(**call.listing([ChangeView.of(change) for change in changes], more)))

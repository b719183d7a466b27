"""What the catalogue's HTTP routes about sync runs take and give."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from lumbung.domain.product import Change
from lumbung.domain.sync import Quarantined, Run, Source
from lumbung.runtime.schema import Id, Request, Text, Utc, View

Column = Literal["sku", "name", "price", "size", "category", "origin", "active", "supplier", "nib", "npwp"]


class SourceRequest(Request):
    """`columns` of a spreadsheet: our field → its heading, where it is not a usual one."""

    cooperative_id: Id
    columns: dict[Column, Text] = Field(default_factory=dict)


class SourceConfigured(View):
    source: str
    cooperative_id: str | None
    columns: dict[str, str]

    @classmethod
    def of(cls, source: Source) -> "SourceConfigured":
        return cls(source=source.name, cooperative_id=source.cooperative_id, columns=dict(source.columns))


class SourceState(SourceConfigured):
    """`latest` run of it, whatever became of that, and the runs whose files wait for their turn, oldest first."""

    latest: str | None
    waiting: list[str]

    @classmethod
    def seen(cls, source: Source, waiting: Sequence[Run]) -> "SourceState":
        configured = SourceConfigured.of(source).model_dump()
        return cls(**configured, latest=source.latest, waiting=[run.id for run in waiting])


class UploadRequest(Request):
    content_type: Literal[
        "text/csv",
        "application/xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    ]


class UploadLink(View):
    """A form to be posted to `url`: `fields` as they are, then the file as `file`, of at most `max_bytes`."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_at: Utc


class SyncRequest(Request):
    source: Text


class Approval(Request):
    approve: bool


class SyncStarted(View):
    id: str
    status: str


class ChangeView(View):
    product_id: str
    sku: str | None
    field: str
    before: Any
    after: Any
    held: bool

    @classmethod
    def of(cls, change: Change) -> "ChangeView":
        return cls(
            product_id=change.product_id,
            sku=change.sku,
            field=change.field,
            before=change.before,
            after=change.after,
            held=change.held,
        )


class Changes(View):
    items: list[ChangeView]
    next_cursor: str | None


class SyncView(View):
    """`held`: rows whose price jumped; `total`: rows that the source says it has."""

    id: str
    source: str
    status: str
    seen: int
    created: int
    updated: int
    unchanged: int
    withdrawn: int
    quarantined: int
    held: int
    total: int | None
    held_reason: str | None
    failure: str | None
    started_at: Utc
    finished_at: Utc | None
    changes: Changes

    @classmethod
    def of(cls, run: Run, changes: Changes) -> "SyncView":
        return cls(
            id=run.id,
            source=run.source,
            status=run.status,
            **run.counts.as_dict(),
            held=run.aside,
            total=run.total,
            held_reason=run.held_reason,
            failure=run.failure,
            started_at=run.started_at,
            finished_at=run.finished_at,
            changes=changes,
        )


class Retry(Request):
    """`believe`: take the row although its price is not plausible."""

    believe: bool = False


class QuarantinedRow(View):
    """`position`: the row's place in its run, under which it can be tried again."""

    sync_id: str
    position: str
    source: str
    at: Utc
    reason: str
    row: Any
    taken_at: Utc | None

    @classmethod
    def of(cls, row: Quarantined) -> "QuarantinedRow":
        return cls(
            sync_id=row.run_id,
            position=row.position,
            source=row.source,
            at=row.at,
            reason=row.reason,
            row=row.row,
            taken_at=row.taken_at,
        )


class QuarantineList(View):
    items: list[QuarantinedRow]
    next_cursor: str | None

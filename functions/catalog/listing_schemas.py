"""What the catalogue's HTTP routes about the sixth e-catalogue's listings take and give."""

from typing import Annotated

from pydantic import Field, model_validator

from catalog.list_outbox import Place
from catalog.product_schemas import Commodity
from lumbung.domain.listing import Entry, Line, Workbook
from lumbung.domain.listing_look import Look
from lumbung.runtime.schema import Id, Request, Text, Utc, View


class WorkbookRequest(Request):
    """Of one category of one cooperative: what waits to be added, changed or ended, at most ninety packs."""

    cooperative_id: Id
    commodity: Commodity


class Refused(Request):
    sku: Text
    reason: Text


class RejectionRequest(Request):
    rejected: Annotated[list[Refused], Field(min_length=1, max_length=90)]

    @model_validator(mode="after")
    def _each_once(self) -> "RejectionRequest":
        if len({line.sku for line in self.rejected}) < len(self.rejected):
            raise ValueError("rejected: a sku comes twice")
        return self

    def reasons(self) -> dict[str, str]:
        return {line.sku: line.reason for line in self.rejected}


class LookRequest(Request):
    cooperative_id: Id


class EntryView(View):
    """Rupiah and grams; `told` is what procurement asks for."""

    name: str
    price: int
    weight_g: int
    commodity: str
    told: dict[str, str | float | bool | None]

    @classmethod
    def of(cls, entry: Entry | None) -> "EntryView | None":
        if entry is None:
            return None
        return cls(
            name=entry.name, price=entry.price, weight_g=entry.weight_g, commodity=entry.commodity,
            told=dict(entry.told),
        )  # fmt: skip


class ShownView(View):
    """What the data gateway tells: the catalogue's number, the name there, whether buyers see it."""

    number: str
    name: str
    visible: bool


class ListingView(View):
    """`state`: desired, in_workbook, listed, differs, rejected, withdrawn. `action`: what the next workbook does."""

    sku: str
    product_id: str
    state: str
    action: str | None
    desired: EntryView | None
    written: EntryView | None
    shown: ShownView | None
    workbook_id: str | None
    rejected: str | None

    @classmethod
    def of(cls, place: Place) -> "ListingView":
        listing, shown = place.listing, place.listing.shown if place.listing else None
        return cls(
            sku=place.sku, product_id=place.product_id, state=place.state, action=place.action,
            desired=EntryView.of(place.wanted), written=EntryView.of(listing.written) if listing else None,
            shown=ShownView(number=shown.number, name=shown.name, visible=shown.visible) if shown else None,
            workbook_id=listing.workbook_id if listing else None, rejected=listing.rejected if listing else None,
        )  # fmt: skip


class ListingList(View):
    items: list[ListingView]
    next_cursor: str | None


class LineView(View):
    """`number`: the catalogue's, of what is there already."""

    action: str
    sku: str
    number: str | None
    entry: EntryView | None

    @classmethod
    def of(cls, line: Line) -> "LineView":
        return cls(action=line.action, sku=line.sku, number=line.number, entry=EntryView.of(line.entry))


class WorkbookView(View):
    id: str
    cooperative_id: str
    commodity: str
    made_at: Utc
    made_by: str
    uploaded_at: Utc | None
    discarded_at: Utc | None
    lines: list[LineView]

    @classmethod
    def of(cls, workbook: Workbook) -> "WorkbookView":
        return cls(
            id=workbook.id, cooperative_id=workbook.cooperative_id, commodity=workbook.commodity,
            made_at=workbook.made_at, made_by=workbook.made_by, uploaded_at=workbook.uploaded_at,
            discarded_at=workbook.discarded_at, lines=[LineView.of(line) for line in workbook.lines],
        )  # fmt: skip


class WorkbookList(View):
    items: list[WorkbookView]
    next_cursor: str | None


class FindingView(View):
    """`kind`: listed_twice, missing, renamed, overdue, not_from_a_workbook."""

    kind: str
    sku: str
    detail: str


class LookView(View):
    """`status`: running, completed, failed. `found`: how many of the cooperative's packs are listed there."""

    id: str
    cooperative_id: str
    status: str
    found: int
    findings: list[FindingView]
    failure: str | None
    started_at: Utc
    finished_at: Utc | None

    @classmethod
    def of(cls, look: Look) -> "LookView":
        return cls(
            id=look.id, cooperative_id=look.cooperative_id, status=look.status, found=look.found,
            findings=[FindingView(kind=f.kind, sku=f.sku, detail=f.detail) for f in look.findings],
            failure=look.failure, started_at=look.started_at, finished_at=look.finished_at,
        )  # fmt: skip


class LookList(View):
    items: list[LookView]
    next_cursor: str | None

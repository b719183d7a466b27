"""What is listed in the government's sixth e-catalogue, which only people can write to: by workbooks that they upload.

A pack that was once put into a workbook is never added by another one until its result is known: the data gateway
shows it, or somebody says that it was refused. Its name there carries our number of it, since the gateway tells names
and no numbers of ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lumbung.domain.product import Pack, Product

DESIRED, IN_WORKBOOK, LISTED, DIFFERS, REJECTED, WITHDRAWN = (
    "desired", "in_workbook", "listed", "differs", "rejected", "withdrawn",
)  # fmt: skip
ADD, CHANGE, END = "add", "change", "end"
GATEWAY = "inaproc"  # what comes from there is listed there
LAG = timedelta(days=1)  # how long the gateway may take to show what was uploaded (protocols, F.2)
OVERDUE = timedelta(days=7)
_TOLD = ("kbki", "tkdn", "bmp", "pdn", "sni", "halal", "ppn", "umkm", "gtin")
_SKU = re.compile(r"\[lumbung (.+)\]$")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a workbook says of a pack: rupiah, grams, and what procurement asks for."""

    name: str
    price: int
    weight_g: int
    commodity: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the gateway tells of a listed pack: the catalogue's number of it, its name, and whether buyers see it."""

    number: str
    name: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file for one category of one cooperative, and what became of it."""

    id: str
    cooperative_id: str
    commodity: str
    made_at: datetime
    made_by: str
    lines: tuple["Line", ...]
    uploaded_at: datetime | None = None
    discarded_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a workbook; *number* is the catalogue's, of what is already there."""

    action: str
    sku: str
    entry: Entry
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A pack that was put into a workbook, or was seen in the catalogue.

    *written*: what the last workbook said; *unsure*: that one was thrown away. *workbook_id*: the one whose result is
    not known yet. *rejected*: why the catalogue refused it.
    """

    cooperative_id: str
    sku: str
    product_id: str
    written: Entry | None = None
    action: str | None = None
    workbook_id: str | None = None
    shown: Shown | None = None
    rejected: str | None = None
    unsure: bool = False
    version: int = 0

    def put_into(self, workbook_id: str, line: Line, product_id: str) -> "Listing":
        told = replace(self, written=line.entry, action=line.action, product_id=product_id)
        return replace(told, workbook_id=workbook_id, rejected=None, unsure=False)

    def reject(self, why: str) -> "Listing":
        return replace(self, workbook_id=None, rejected=why)

    def observe(self, shown: Shown | None, workbook: Workbook | None, *, at: datetime) -> "Listing":
        """Return the listing after a whole look at the catalogue; *workbook* is the one it waits for."""
        seen = shown or (replace(self.shown, visible=False) if self.shown else None)
        after = replace(self, shown=seen, rejected=None if shown and self.action == ADD else self.rejected)
        if workbook is None or not _is_known(self, shown, workbook, at):
            return after
        return replace(after, workbook_id=None, unsure=workbook.discarded_at is not None)


def _is_known(listing: Listing, shown: Shown | None, workbook: Workbook, at: datetime) -> bool:
    """Tell whether what became of the workbook's line is known by now.

    line                  shown                       known
    adds                  yes                         yes, whoever uploaded it
    adds                  no                          no: it may still come
    adds, discarded       no, a day after             yes: it did not come
    changes, uploaded     under its name, a day after yes: prices are not shown, so only time tells
    ends                  no, or hidden               yes
    """
    visible = shown is not None and shown.visible
    if workbook.discarded_at:
        return (listing.action == ADD and shown is not None) or at >= workbook.discarded_at + LAG
    if listing.action == END:
        return not visible
    if listing.action == ADD:
        return shown is not None
    old_enough = workbook.uploaded_at is not None and at >= workbook.uploaded_at + LAG
    return old_enough and shown is not None and listing.written is not None and shown.name == listing.written.name


def entry(product: Product, pack: Pack) -> Entry:
    """Return what the catalogue is to say of a pack."""
    told = {name: product.attributes[name] for name in _TOLD if product.attributes.get(name) is not None}
    name = f"{product.name} {pack.weight_g / 1000:g} kg [lumbung {pack.sku}]"
    return Entry(name, pack.price, pack.weight_g, product.commodity, told)


def sku_in(name: str) -> str | None:
    """Return our number of what is listed under *name*; None: it was not listed from here.

    "Beras Premium 5 kg [lumbung TM-B5]"   "TM-B5"
    "Beras Premium 5 kg"                   None
    """
    found = _SKU.search(name.strip())
    return found[1] if found else None


def standing(wanted: Entry | None, listing: Listing | None) -> tuple[str | None, str | None]:
    """Return (state, what the next workbook is to do) of a pack; no state: it is of no concern.

    wanted   listing                      state        next
    yes      none                         desired      add
    yes      in a workbook                in_workbook  -
    yes      refused as it still is       rejected     -
    yes      refused, changed since       desired      add
    yes      shown as wanted              listed       -
    yes      shown otherwise, or hidden   differs      change
    no       none, or refused             -            -
    no       in a workbook                in_workbook  -
    no       shown                        differs      end
    no       hidden, or gone              withdrawn    -
    """
    if listing and listing.workbook_id:
        return IN_WORKBOOK, None
    shown = listing.shown if listing else None
    if wanted is None:
        return (None, None) if shown is None else (DIFFERS, END) if shown.visible else (WITHDRAWN, None)
    if listing and listing.rejected and listing.written == wanted:
        return REJECTED, None
    if listing is None or shown is None:
        return DESIRED, ADD
    as_wanted = shown.visible and shown.name == wanted.name and listing.written == wanted and not listing.unsure
    return (LISTED, None) if as_wanted else (DIFFERS, CHANGE)

"""Make an upload workbook of the sixth e-catalogue, and say what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from catalog.list_outbox import Place
from catalog.ports import Listings
from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.listing import Listing, Workbook

MOST_LINES = 90  # of one workbook: made in one transaction (DynamoDB: 100 writes)


def make_workbook(
    workbook_id: str, *, cooperative_id: str, commodity: str, places: Iterable[Place], at: datetime, by: str,
    listings: Listings, first: Sequence[Any],
) -> tuple[Workbook, Sequence[Any]]:  # fmt: skip
    """Return the workbook of what waits in one category, and the writes that make it: it, and each pack's place.

    The cooperative is looked at every night from then on. InvalidState when nothing waits. What does not fit waits for
    the next one. *first* are writes that go before.
    """
    waiting = (place for place in places if place.commodity == commodity and place.line)
    chosen = [(place, line) for place in islice(waiting, MOST_LINES) if (line := place.line)]
    if not chosen:
        raise InvalidState(f"Tidak ada yang perlu didaftarkan atau diubah di kategori {commodity}.")
    workbook = Workbook(workbook_id, cooperative_id, commodity, at, by, tuple(line for _, line in chosen))
    saves = [
        listings.save(
            (place.listing or Listing(cooperative_id, place.sku, place.product_id)).put_into(
                workbook_id, line, place.product_id
            )
        )
        for place, line in chosen
    ]
    return workbook, [*first, listings.save_workbook(workbook), listings.look_nightly(cooperative_id), *saves]


def mark_uploaded(
    workbook: Workbook, *, at: datetime, listings: Listings, first: Sequence[Any]
) -> tuple[Workbook, Sequence[Any]]:
    """Return the workbook as uploaded, and the writes that say so; InvalidState for one that was thrown away."""
    _must_be_open(workbook)
    after = replace(workbook, uploaded_at=at)
    return after, [*first, listings.save_workbook(after)]


def discard(
    workbook: Workbook, *, at: datetime, listings: Listings, first: Sequence[Any]
) -> tuple[Workbook, Sequence[Any]]:
    """Return the workbook as thrown away, and the writes that say so; InvalidState once it was uploaded.

    Its packs wait until the gateway was looked at a day later: somebody may have uploaded it all the same.
    """
    _must_be_open(workbook)
    after = replace(workbook, discarded_at=at)
    return after, [*first, listings.save_workbook(after)]


def reject_lines(
    workbook: Workbook, reasons: Mapping[str, str], *, listings: Listings, first: Sequence[Any]
) -> tuple[Workbook, Sequence[Any]]:
    """Return the writes that note which lines (sku → why) the catalogue refused; Invalid for others' lines."""
    known = listings.get_many(workbook.cooperative_id, reasons)
    faults = [
        Fault(f"/rejected/{n}/sku", "tidak menunggu hasil buku kerja ini")
        for n, sku in enumerate(reasons)
        if sku not in known or known[sku].workbook_id != workbook.id
    ]
    if faults:
        raise Invalid("Hanya baris yang menunggu hasil dapat ditolak.", faults)
    return workbook, [*first, *(listings.save(known[sku].reject(why)) for sku, why in reasons.items())]


def _must_be_open(workbook: Workbook) -> None:
    if workbook.uploaded_at:
        raise InvalidState("Buku kerja ini sudah diunggah.")
    if workbook.discarded_at:
        raise InvalidState("Buku kerja ini sudah dibuang.")

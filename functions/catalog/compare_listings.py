"""Hold what the sixth e-catalogue shows of a cooperative against what was listed: through the data gateway."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from catalog.ports import Listings
from lumbung.domain.errors import Stale
from lumbung.domain.listing import END, OVERDUE, Listing, Shown, Workbook, sku_in
from lumbung.domain.listing_look import Finding, Look

MOST_FINDINGS = 200
TWICE, MISSING, RENAMED, LATE, UNWRITTEN = "listed_twice", "missing", "renamed", "overdue", "not_from_a_workbook"


def compare_listings(look: Look, shown: Iterable[Shown], *, at: datetime, listings: Listings) -> Look:
    """Return the look with what it found; every listing then knows what is shown of it.

    Done again after a crash it finds the same.
    """
    known = listings.all_of(look.cooperative_id)
    by_sku = _by_sku(shown, known)
    workbooks: dict[str, Workbook] = {}
    findings: list[Finding] = []
    for sku in sorted(by_sku.keys() | known.keys()):
        before = known.get(sku) or Listing(look.cooperative_id, sku, "")
        here = by_sku.get(sku, [])
        one = next((s for s in here if before.shown and s.number == before.shown.number), here[0] if here else None)
        if before.workbook_id and before.workbook_id not in workbooks:
            workbooks[before.workbook_id] = listings.workbook(before.workbook_id)
        workbook = workbooks.get(before.workbook_id or "")
        after = before.observe(one, workbook, at=look.started_at)
        findings += _findings(after, here, one, workbook, look.started_at)
        if after != before:
            with suppress(Stale):  # a workbook was made meanwhile: the next look tells
                listings.write(listings.save(after))
    return look.completed(found=len(by_sku), findings=tuple(findings[:MOST_FINDINGS]), at=at)


def _by_sku(shown: Iterable[Shown], known: Mapping[str, Listing]) -> dict[str, list[Shown]]:
    """Return what is shown by our number of it, what buyers see first; what is not ours is left out.

    What was renamed there is still known by the catalogue's own number.
    """
    numbers = {listing.shown.number: sku for sku, listing in known.items() if listing.shown}
    found: dict[str, list[Shown]] = defaultdict(list)
    for one in shown:
        if sku := numbers.get(one.number) or sku_in(one.name):
            found[sku].append(one)
    return {sku: sorted(some, key=lambda one: (not one.visible, one.number)) for sku, some in found.items()}


def _findings(
    after: Listing, here: list[Shown], one: Shown | None, workbook: Workbook | None, at: datetime
) -> Iterator[Finding]:
    if len([shown for shown in here if shown.visible]) > 1:
        yield Finding(TWICE, after.sku, ", ".join(shown.number for shown in here))
    if one and after.written is None:
        yield Finding(UNWRITTEN, after.sku, one.number)
    if one is None and after.shown and after.action != END:
        yield Finding(MISSING, after.sku, after.shown.number)
    if one and after.written and not after.workbook_id and one.name != after.written.name:
        yield Finding(RENAMED, after.sku, one.name)
    if workbook and workbook.uploaded_at and after.workbook_id and at >= workbook.uploaded_at + OVERDUE:
        yield Finding(LATE, after.sku, workbook.id)

"""A sync run: one source read once, from its first row to the withdrawal of what it no longer has.

    phase    reading → weighing → withdrawing → releasing → done
    status   waiting → running (a file that was put in the bucket, once its source is free)
             running → completed
             running → held → running (approved) → completed, or failed (rejected)
             running → failed (the source refuses, or does not answer for long)

Every step ends in one transaction that also saves the run, only over the version it came from. So a run that
was cut off goes on where it was, and a message that comes twice does nothing twice.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from lumbung.domain.errors import InvalidState
from lumbung.domain.feed import FeedPage, Row, StoredFile, broken_mark, seen_mark
from lumbung.domain.guard import doubt
from lumbung.domain.market import NO_MARKET, Market
from lumbung.domain.product import Change, Product, differences, new_product

PEPPOL, SHEET = "peppol", "sheet"
SOURCES = ("inaproc", "isb", "lkpp_v5", PEPPOL, SHEET)
FILE_SOURCES = (PEPPOL, SHEET)  # those that are one file, which may also be put in the bucket
READING, WEIGHING, WITHDRAWING, RELEASING, DONE = "reading", "weighing", "withdrawing", "releasing", "done"
HELD_ABOVE_PCT = 10  # of a source's packs that one run may withdraw (design.md, guard rails)
DOUBTS = "harga berubah lebih dari 30 %, harga jauh dari batas atau pasar, atau jenis barang berubah"
DEAD_AFTER = timedelta(hours=3)  # longer than a message waits to be delivered again


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of the source: `withdrawn` packs are those that it no longer has, or no longer sells."""

    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    quarantined: int = 0

    def plus(self, **more: int) -> "Counts":
        return replace(self, **{name: getattr(self, name) + n for name, n in more.items()})

    def as_dict(self) -> dict[str, int]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Source:
    """What is configured for a source: whose products it delivers where its rows do not say.

    *columns* of a spreadsheet: our field → its heading, where it is not a usual one. *tag*: how the source named its
    contents when a run last read all of them.
    """

    name: str
    cooperative_id: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    running: str | None = None
    latest: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """*cursor* and *offset*: where it goes on. *active*, *missing*: packs of the source, and those not seen.

    *aside*: rows that are doubted. *moved_at*: when its present or last step began. *file*: what it reads, where it
    was started by a file in the bucket; *started_at* is when that came, until it is the file's turn.
    """

    id: str
    source: str
    started_at: datetime
    started_by: str
    moved_at: datetime
    status: str = "running"
    phase: str = READING
    cursor: str | None = None
    offset: int = 0
    counts: Counts = field(default_factory=Counts)
    total: int | None = None
    shifted: bool = False
    active: int = 0
    missing: int = 0
    aside: int = 0
    held_reason: str | None = None
    failure: str | None = None
    finished_at: datetime | None = None
    file: StoredFile | None = None
    tag: str | None = None
    version: int = 1

    def begin(self, at: datetime) -> "Run":
        """The run of a file that has waited for its turn."""
        return replace(self, status="running", started_at=at, moved_at=at)

    def moving(self, at: datetime) -> "Run":
        return replace(self, moved_at=at)

    def progress(self, *, offset: int, aside: int = 0, **more: int) -> "Run":
        """The run after some rows of a page; *more* is what they count for."""
        return replace(self, offset=offset, aside=self.aside + aside, counts=self.counts.plus(**more))

    def turn(self, page: FeedPage) -> "Run":
        """The run after a whole page.

        A source that counts its rows differently on the way, or shows fewer than it counts, may have moved
        some past us; one that tells only what changed says nothing of the rest: then nothing is withdrawn.
        """
        shifted = self.shifted or page.partial or (self.total is not None and page.total != self.total)
        if page.next:
            return replace(self, cursor=page.next, offset=0, total=page.total, shifted=shifted)
        counted = self.counts.seen if page.total is None else page.total
        return self._to(WEIGHING, total=counted, shifted=shifted or self.counts.seen != counted, tag=page.tag)

    def weighed(self, *, active: int, missing: int, shelves: int) -> "Run":
        """The run after one more shelf was compared with what was seen; after the last it goes on or is held."""
        run = replace(self, active=self.active + active, missing=self.missing + missing, offset=self.offset + 1)
        if run.offset < shelves:
            return run
        if reason := run.reason_to_hold():
            return replace(run, status="held", held_reason=reason)
        return run.after_weighing()

    def reason_to_hold(self) -> str | None:
        """Say why a person has to look first: prices that jump, or more than 10 % of the packs gone."""
        reasons = []
        if self.aside:
            reasons.append(f"{self.aside} baris diragukan: {DOUBTS}")
        if self._may_withdraw and self.missing * 100 > self.active * HELD_ABOVE_PCT:
            reasons.append(f"{self.missing} dari {self.active} kemasan akan ditarik (lebih dari {HELD_ABOVE_PCT} %)")
        return "; ".join(reasons) or None

    def after_weighing(self) -> "Run":
        return self._to(WITHDRAWING) if self.missing and self._may_withdraw else self.after_withdrawing()

    def after_withdrawing(self) -> "Run":
        return self._to(RELEASING) if self.aside else self.complete()

    def complete(self) -> "Run":
        return replace(self._to(DONE), status="completed", finished_at=self.moved_at)

    def unchanged(self, tag: str) -> "Run":
        """The run of a source that is still as *tag* names it: there is nothing to read."""
        return replace(self, tag=tag).complete()

    def approve(self) -> "Run":
        return replace(self._held(), status="running").after_weighing()

    def reject(self, *, at: datetime) -> "Run":
        return self._held().fail("Ditolak oleh operator.", at=at)

    def fail(self, reason: str, *, at: datetime) -> "Run":
        return replace(self, status="failed", failure=reason, finished_at=at, moved_at=at)

    def is_dead(self, now: datetime) -> bool:
        """Whether a run that should be running has not moved for so long that it never will."""
        return self.status == "running" and now - self.moved_at > DEAD_AFTER

    @property
    def _may_withdraw(self) -> bool:
        return not self.shifted

    def _held(self) -> "Run":
        if self.status != "held":
            raise InvalidState(f"Sinkronisasi ini berstatus {self.status}.")
        return self

    def _to(self, phase: str, **more: Any) -> "Run":
        return replace(self, phase=phase, cursor=None, offset=0, **more)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that a run could not read, as received; of one that is too long, the beginning of its text.

    *position* is its place in the run. *read*: what it says where it can be read, but is not believed.
    *taken_at*: when somebody had it taken after all.
    """

    run_id: str
    position: str
    source: str
    at: datetime
    reason: str
    row: Any
    read: Row | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What one row does: *outcome* is created, updated, unchanged or aside (a person has to look first)."""

    outcome: str
    product: Product
    changes: tuple[Change, ...] = ()


def take_row(
    known: Product | None, row: Row, *, product_id: str, source: str, at: datetime, trusted: bool,
    market: Market = NO_MARKET,
) -> Taken:  # fmt: skip
    """Return what *row* does to the product *known*; what is doubted, also against the *market*, is set aside
    unless *trusted*.
    """
    if known is None:
        return Taken("created", new_product(product_id, row, source=source, at=at))
    pack = known.pack(row.sku)
    after = known.take(row, source=source, at=at)
    if after is known:
        return Taken("unchanged", known)
    changes = differences(known, after)
    if not trusted and doubt(known, row, market):
        return Taken("aside", known, tuple(replace(change, held=True) for change in changes))
    return Taken("updated" if pack else "created", after, changes if pack else ())


def not_seen(product: Product, seen: Set[bytes]) -> list[str]:
    """Return the skus that the product's source should have shown, and did not."""
    return [
        pack.sku
        for pack in product.known_packs
        if pack.active
        and not pack.local
        and seen_mark(product.id, pack.sku) not in seen
        and broken_mark(pack.sku) not in seen
    ]

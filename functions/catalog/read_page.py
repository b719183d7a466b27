"""Read one page of a source into products: a transaction for every few dozen rows that change something.

A pack that comes again on a later page changes nothing there: taking the last would change its product to and fro
in every run. What earlier pages held is only looked up where a row would change something.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from catalog.ports import Feed, Products, Syncs
from lumbung.domain.feed import Broken, FeedPage, Inactive, Row, seen_mark
from lumbung.domain.guard import implausible
from lumbung.domain.product import Product
from lumbung.domain.sync import Run, take_row

REPEATED = "the same number came before in this run: the first is kept"
ROOM = 88  # writes before a commit: a row adds up to four, the run and what it saw are two (DynamoDB: 100)


@dataclass
class _Batch:
    """What the rows since the last commit did."""

    products: dict[str, Product] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    writes: list[Any] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    aside: int = 0

    def count(self, outcome: str) -> None:
        self.counts[outcome] = self.counts.get(outcome, 0) + 1

    @property
    def is_full(self) -> bool:
        return len(self.products) + len(self.new) + len(self.writes) >= ROOM


def read_page(run: Run, *, feed: Feed, products: Products, syncs: Syncs, product_id: Callable[[str], str]) -> Run:
    """Return the run after its next page; ProviderUnavailable, SourceRefuses, Stale (somebody else moved it)."""
    page = feed.read(run.cursor)
    ids = {product_id(row.group) for row in page.rows[run.offset :] if isinstance(row, Row)}
    return _Reading(run, page, dict(products.stored(ids)), products, syncs, product_id).all()


class _Reading:
    def __init__(
        self,
        run: Run,
        page: FeedPage,
        known: dict[str, Product],
        products: Products,
        syncs: Syncs,
        product_id: Callable[[str], str],
    ) -> None:
        self._run, self._page, self._known = run, page, known
        self._products, self._syncs, self._product_id = products, syncs, product_id
        self._batch = _Batch()
        self._before: set[bytes] | None = None

    def all(self) -> Run:
        rows = self._page.rows
        for number in range(self._run.offset, len(rows)):
            self._take(number, rows[number])
            if self._batch.is_full and number + 1 < len(rows):
                self._commit(number + 1, last=False)
        self._commit(len(rows), last=True)
        return self._run

    def _take(self, number: int, row: Row | Broken | Inactive) -> None:
        self._batch.count("seen")
        if isinstance(row, Broken):
            self._set_aside(number, row)
        elif isinstance(row, Row):
            self._take_row(number, row)

    def _set_aside(self, number: int, broken: Broken) -> None:
        self._batch.count("quarantined")
        self._batch.broken += [broken.sku] if broken.sku else []
        self._batch.writes.append(self._syncs.quarantine(self._run, number, broken))

    def _take_row(self, number: int, row: Row) -> None:
        run, batch, id_ = self._run, self._batch, self._product_id(row.group)
        known = self._known.get(id_)
        if reason := implausible(known, row, self._page.market):
            self._set_aside(number, Broken(reason, asdict(row), row.sku, row))
            return
        taken = take_row(
            known, row, product_id=id_, source=run.source, at=run.moved_at, trusted=False, market=self._page.market
        )
        if taken.outcome in ("updated", "aside") and self._came_before(id_, row.sku):
            self._set_aside(number, Broken(REPEATED, asdict(row), row.sku, row))
            return
        batch.seen.append((id_, row.sku))
        batch.writes += self._syncs.note(run, number, taken.changes)
        if taken.outcome == "aside":
            batch.aside += 1
            batch.writes.append(self._syncs.set_aside(run, number, row))
            return
        batch.count(taken.outcome)
        if taken.product is not known:
            self._known[id_] = batch.products[id_] = taken.product
            batch.new |= {id_} if known is None else set()

    def _came_before(self, id_: str, sku: str) -> bool:
        if self._before is None:
            rows = (row for row in self._page.rows if isinstance(row, Row))
            wanted = {seen_mark(self._product_id(row.group), row.sku) for row in rows}
            self._before = self._syncs.saw_before(self._run, wanted)
        return seen_mark(id_, sku) in self._before

    def _commit(self, offset: int, *, last: bool) -> None:
        batch = self._batch
        moved = self._run.progress(offset=offset, aside=batch.aside, **batch.counts)
        saves = [
            write
            for id_, product in batch.products.items()
            for write in (self._products.add(product) if id_ in batch.new else [self._products.save(product)])
        ]
        saw = self._syncs.saw(self._run, batch.seen, batch.broken)
        self._run = self._syncs.commit(moved.turn(self._page) if last else moved, saw, *saves, *batch.writes)
        for id_ in batch.products.keys() - batch.new:
            self._known[id_] = replace(self._known[id_], version=self._known[id_].version + 1)
        self._batch = _Batch()

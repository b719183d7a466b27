"""A whole run of a national catalogue through the real use cases and stores: memory, writes, rows a second.

Rows are made as they are asked for, and the table is a file, so that the memory that is measured is the run's own.
`make bench` reads a million rows (`CATALOG_ROWS`); without it the sizes only show that the measures work.
"""

import gc
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from catalog import start_sync, take_step
from lumbung.domain.feed import FeedPage, Row
from lumbung.domain.sync import Run
from lumbung.store.catalog import Products
from lumbung.store.syncs import Syncs
from lumbung.store.table import Database
from tests.bench.disk_dynamodb import DiskDynamoDB
from tests.bench.test_catalog_feeds import LARGEST, SIZES
from tests.integration.conftest import NOW
from tests.memory_dynamodb import MemoryDynamoDB

PER_PAGE = 500
PAGE_KB = resource.getpagesize() // 1024


@dataclass
class Made:
    """*rows* packs, made as they are asked for; every hundredth costs *dearer* more."""

    rows: int
    dearer: int = 0
    peak_kb: int = 0

    def read(self, cursor: str | None) -> FeedPage:
        self.peak_kb = max(self.peak_kb, resident_kb())
        start = int(cursor or 0)
        end = min(start + PER_PAGE, self.rows)
        some = tuple(self._row(n) for n in range(start, end))
        return FeedPage(some, str(end) if end < self.rows else None, self.rows)

    def _row(self, n: int) -> Row:
        price = 55_000 + (self.dearer if n % 100 == 0 else 0)
        return Row(f"S{n}", f"Beras {n}", 5_000, price, "rice")


class Silent:
    def send(self, *, delay_s: int = 0, **message: str | int) -> None:
        """The bench goes on by itself."""


def sync(client: Any, feed: Made, run_id: str) -> Run:
    db = Database(client)
    products, syncs, queue = Products(db, "CatalogTable"), Syncs(db, "CatalogTable", lambda: NOW), Silent()
    start_sync.start_sync("lkpp_v5", run_id=run_id, at=NOW, by="bench", syncs=syncs, queue=queue)
    run = syncs.get(run_id)
    while run.status == "running":
        run = take_step.take_steps(
            run_id, attempt=0, feed=lambda _: feed, products=products, syncs=syncs, queue=queue,
            product_ids=lambda _: lambda group: f"prd_{group.partition(' ')[2]}", now=lambda: NOW,
        )  # fmt: skip
    assert run.status == "completed", run
    return run


@dataclass(frozen=True)
class Measured:
    rows: int
    written: Counter[str]
    rows_a_second: float
    peak_kb: int


def measured(disk: DiskDynamoDB, feed: Made, run_id: str) -> Measured:
    """Run *feed*. The peak is that of the process, above what it had when the run began, looked at once a page."""
    disk.forget()
    feed.peak_kb = 0
    gc.collect()
    before, began = resident_kb(), perf_counter()
    sync(disk, feed, run_id)
    return Measured(feed.rows, disk.written, feed.rows / (perf_counter() - began), max(0, feed.peak_kb - before))


def resident_kb() -> int:
    """Return the memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KB


@pytest.fixture
def disk(tmp_path: Path) -> DiskDynamoDB:
    return DiskDynamoDB(tmp_path)


def test_a_run_writes_what_changed_and_takes_no_more_memory_however_large_its_source(
    benchmark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a run holds is a page, and the marks of one shelf: an eighth of eight bytes a pack."""

    def runs() -> Iterator[tuple[Measured, Measured, Measured]]:
        for rows in SIZES:
            (folder := tmp_path / str(rows)).mkdir()
            disk = DiskDynamoDB(folder)
            yield (
                measured(disk, Made(rows), "syn_1"),
                measured(disk, Made(rows), "syn_2"),
                measured(disk, Made(rows, dearer=1_000), "syn_3"),
            )

    found = benchmark.pedantic(lambda: list(runs()), rounds=1)

    with capsys.disabled():
        for kinds in found:
            for name, one in zip(("new", "unchanged", "1 % changed"), kinds, strict=True):
                sys.stdout.write(
                    f"\n{name}: {one.rows:,} rows, peak {one.peak_kb:,} KB, {one.rows_a_second:,.0f} rows a second, "
                    f"writes {dict(one.written)}"
                )
    for new, again, changed in found:
        assert new.written["PRODUCT"] == new.rows
        assert again.written["PRODUCT"] == 0
        assert changed.written["PRODUCT"] == -(-changed.rows // 100)
        pages = -(-again.rows // PER_PAGE)
        assert again.written.total() == 2 * pages + Products.shelves + 3, "two writes a page, one a shelf, its source's"
    if LARGEST >= 100_000:  # smaller sources are a few pages
        marks_kb = (
            LARGEST * (100 // Products.shelves + 10) // 1024
        )  # eight bytes in a set take a hundred, in an array ten
        assert found[2][2].peak_kb < 2 * found[1][2].peak_kb + marks_kb + 10_000


def test_the_table_on_disk_ends_as_the_one_in_memory(disk: DiskDynamoDB) -> None:
    memory = MemoryDynamoDB({"CatalogTable": {"by_list": ("list_key", "list_sort", False)}})
    for number, feed in enumerate([Made(600), Made(600, dearer=1_000)]):
        for client in (disk, memory):
            sync(client, feed, f"syn_{number}")

    there, here = ({p.id: p for p in Products(Database(c), "CatalogTable").every()} for c in (disk, memory))
    assert there == here
    assert len(there) == 600

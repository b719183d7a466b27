"""A whole run of a large source, on tables in memory: what is written follows what changed, and memory does not grow.

`CATALOG_ROWS` is as in the benches of the feeds; a run takes a tenth of that, up to twenty thousand.
"""

import sys
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pytest

from catalog import start_sync, take_step
from lumbung.domain.feed import FeedPage, Row
from lumbung.domain.sync import Run
from lumbung.store.catalog import Products
from lumbung.store.syncs import Syncs
from lumbung.store.table import Database
from tests.bench.test_catalog_feeds import LARGEST
from tests.integration.conftest import NOW
from tests.memory_dynamodb import MemoryDynamoDB

ROWS = min(LARGEST // 10, 20_000)  # the tables in memory are slow with more
PER_PAGE = 500


class Counting:
    """A store's client that counts what is written, by kind."""

    def __init__(self, memory: MemoryDynamoDB) -> None:
        self._memory = memory
        self.written: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def transact_write_items(self, TransactItems: list[Any]) -> Any:
        for write in TransactItems:
            [body] = write.values()
            self.written[(body.get("Item") or body["Key"])["pk"]["S"].partition("#")[0]] += 1
        return self._memory.transact_write_items(TransactItems)


@dataclass
class Made:
    """*rows* packs, made as they are asked for; every hundredth costs *dearer* more."""

    rows: int
    dearer: int = 0

    def read(self, cursor: str | None) -> FeedPage:
        start = int(cursor or 0)
        end = min(start + PER_PAGE, self.rows)
        some = tuple(self._row(n) for n in range(start, end))
        return FeedPage(some, str(end) if end < self.rows else None, self.rows)

    def _row(self, n: int) -> Row:
        price = 55_000 + (self.dearer if n % 100 == 0 else 0)
        return Row(f"S{n}", f"Beras {n}", 5_000, price, "rice")


@dataclass
class World:
    client: Counting
    runs: int = 0

    def sync(self, feed: Made) -> tuple[Run, Counter[str], float]:
        """Return the run, what it wrote, and its rows a second."""
        db = Database(self.client)
        products, syncs, queue = Products(db, "catalog"), Syncs(db, "catalog", lambda: NOW), Silent()
        self.runs += 1
        run_id = f"syn_{self.runs}"
        start_sync.start_sync("lkpp_v5", run_id=run_id, at=NOW, by="bench", syncs=syncs, queue=queue)
        self.client.written.clear()
        began, run = perf_counter(), syncs.get(run_id)
        while run.status == "running":
            run = take_step.take_steps(
                run_id, attempt=0, feed=lambda _: feed, products=products, syncs=syncs, queue=queue,
                product_ids=lambda _: lambda group: f"prd_{group.partition(' ')[2]}", now=lambda: NOW,
            )  # fmt: skip
        return run, Counter(self.client.written), feed.rows / (perf_counter() - began)


class Silent:
    def send(self, *, delay_s: int = 0, **message: str | int) -> None:
        """The bench goes on by itself."""


@pytest.fixture
def world() -> World:
    return World(Counting(MemoryDynamoDB({"catalog": {}})))


def test_an_unchanged_run_writes_no_product_and_a_changed_hundredth_a_hundredth(
    benchmark: Any, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    first, again, changed = benchmark.pedantic(
        lambda: [world.sync(feed) for feed in (Made(ROWS), Made(ROWS), Made(ROWS, dearer=1_000))], rounds=1
    )

    with capsys.disabled():
        for name, (_, written, speed) in (("new", first), ("unchanged", again), ("1 % changed", changed)):
            sys.stdout.write(f"\n{name}: {ROWS:,} rows, {speed:,.0f} rows a second, writes {dict(written)}")
    assert first[1]["PRODUCT"] == ROWS
    assert again[1]["PRODUCT"] == 0
    assert changed[1]["PRODUCT"] == changed[0].counts.updated == ROWS // 100
    pages = -(-ROWS // PER_PAGE)
    assert again[1].total() == 2 * pages + Products.shelves + 1, "two writes a page, one a shelf, and the source's own"


def test_a_page_takes_no_more_memory_however_many_came_before(benchmark: Any, world: World) -> None:
    """What a run holds is a page, and the marks of one shelf (eight bytes a pack); what it saw is in the store."""

    def peak_kb(rows: int) -> int:
        world.sync(Made(rows))
        tracemalloc.start()
        world.sync(Made(rows))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak // 1024

    small, large = benchmark.pedantic(lambda: [peak_kb(ROWS // 10), peak_kb(ROWS // 2)], rounds=1)
    if LARGEST >= 100_000:  # smaller sources are a single page
        assert large < 2 * small

"""A run is cut off after any call to AWS, and goes on: the table ends as if nothing had happened."""

from collections.abc import Iterator
from typing import Any

import pytest

from lumbung.providers import feed_file, inaproc, isb, lkpp_v5
from lumbung.runtime import deps, deps_catalog
from lumbung.store import keys
from lumbung.store.catalog import Products
from tests.faults.seam import Seam, crash_points, seam
from tests.integration import feed as feeds
from tests.integration.catalog_world import Catalog, a_catalog, counts
from tests.integration.conftest import Http
from tests.integration.faults import Snapshot
from tests.integration.feed import FeedSimulator
from tests.integration.test_catalog_sources import PACKS, SERVE

# One price moves a little, one jumps, one pack is gone, one is new: the run is held, approved, and withdraws.
AFTER = [("B5", 5, 56_000), ("B10", 10, 210_000), ("B20", 20, 220_000), ("B25", 25, 270_000), ("B1", 1, 12_000)]
STATE = [("B1", 12_000), ("B5", 56_000), ("B10", 210_000), ("B20", 220_000), ("B25", 270_000)]


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    for module in (feed_file, inaproc, isb, lkpp_v5):
        monkeypatch.setattr(module, "PER_PAGE", 3)
    monkeypatch.setattr("catalog.read_page.ROOM", 4)  # more than one commit a page
    monkeypatch.setattr("catalog.take_step.STEPS", 4)  # more than one message a run
    monkeypatch.setattr(keys, "SHELVES", 1)
    monkeypatch.setattr(Products, "shelves", 1)
    return a_catalog(http, simulator, monkeypatch)


def play(catalog: Catalog, run_id: str) -> None:
    """Deliver the run's message, and approve it, until it is over; done again after a crash, it goes on."""
    while (run := deps_catalog.syncs().get(run_id)).status in ("running", "held"):
        if run.status == "running":
            assert catalog.deliver({"run": run_id}) == {"batchItemFailures": []}
        else:
            approved = catalog.post(f"/v1/catalog/syncs/{run_id}/approval", {"approve": True}, key="yes")
            assert approved.status == 200


def everything() -> list[dict[str, Any]]:
    return sorted(deps.db().scan(deps.table("catalog")), key=lambda item: (item["pk"], item["sk"]))


def cut_off(catalog: Catalog, run_id: str, crash_at: int | None) -> Seam:
    with seam(crash_at, after=True) as made:
        play(catalog, run_id)
    if made.crashed:
        play(catalog, run_id)
    return made


@pytest.mark.parametrize("source", list(SERVE))
def test_a_crash_at_any_call_of_a_run_changes_nothing_in_the_end(
    catalog: Catalog, simulator: FeedSimulator, source: str
) -> None:
    """A crash before a call is a crash after the one before it. `make faults` takes every call, not each twentieth."""
    SERVE[source](simulator, PACKS)
    catalog.sync(source)
    SERVE[source](simulator, AFTER)
    run_id = catalog.start(source)
    before = Snapshot()
    calls = len(cut_off(catalog, run_id, None).calls)
    whole = everything()
    assert counts(catalog.run(run_id)) == (5, 1, 2, 2, 1, 0)
    assert [(p["sku"], p["price"]) for p in catalog.products()[0]["packs"]] == STATE

    for crash_at in crash_points(calls):
        before.restore()
        assert cut_off(catalog, run_id, crash_at).crashed
        assert everything() == whole, f"crash after call {crash_at} of {calls}"

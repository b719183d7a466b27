"""The nightly run asks a source that is one file whether it has changed at all, and reads nothing if it has not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from catalog import schedule
from lumbung.domain import moments
from lumbung.runtime import deps, deps_catalog
from tests.integration import feed as feeds
from tests.integration.catalog_world import Catalog, a_catalog, counts
from tests.integration.conftest import NOW, Http
from tests.integration.feed import FeedSimulator
from tests.integration.test_catalog_sources import PACKS, SERVE

READ, NOT_READ = (5, 0, 0, 5, 0, 0), (0, 0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


@pytest.fixture(params=["peppol", "sheet"])
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch, source: str) -> Catalog:
    monkeypatch.setattr("lumbung.store.catalog.Products.shelves", 1)
    monkeypatch.setattr("lumbung.store.keys.SHELVES", 1)
    catalog = a_catalog(http, simulator, monkeypatch)
    catalog.configure(source)
    SERVE[source](simulator, PACKS)
    night(catalog, 1, source)
    return catalog


def night(catalog: Catalog, number: int, source: str) -> dict[str, Any]:
    """Let the schedule of one night start its runs, and return that of *source*."""
    schedule.handler({"time": moments.rfc3339(NOW + timedelta(days=number))}, None)
    catalog.drain()
    return catalog.run(catalog.get(f"/v1/catalog/sources/{source}")["latest"])


def test_what_has_not_changed_is_not_read(catalog: Catalog, source: str, simulator: FeedSimulator) -> None:
    second, third = night(catalog, 2, source), night(catalog, 3, source)

    for run in (second, third):
        assert (run["status"], counts(run)) == ("completed", NOT_READ)
    assert simulator.asked(source)[-1]["status"] == 304
    assert len(catalog.products()[0]["packs"]) == 5, "nothing is withdrawn"


def test_what_has_changed_is_read(catalog: Catalog, source: str, simulator: FeedSimulator) -> None:
    SERVE[source](simulator, [*PACKS[:4], ("B50", 50, 541_000)])

    assert counts(night(catalog, 2, source)) == (5, 0, 1, 4, 0, 0)


def test_an_operator_has_all_of_it_read(catalog: Catalog, source: str) -> None:
    assert counts(catalog.sync(source)) == READ


def test_a_value_that_is_given_back_is_read_although_nothing_changed(catalog: Catalog, source: str) -> None:
    [product] = catalog.products()
    path = f"/v1/catalog/products/{product['id']}"
    assert catalog.send("PATCH", path, {"name": "Beras Kami"}).status == 200
    assert catalog.post(f"{path}/following", {"fields": ["name"]}).status == 200

    night(catalog, 2, source)

    assert catalog.products()[0]["name"] == "Beras"


def test_a_source_that_is_configured_anew_is_read(catalog: Catalog, source: str) -> None:
    deps.db().commit(deps_catalog.syncs().configure(deps_catalog.syncs().source(source)))  # type: ignore[arg-type]  # there is one

    assert counts(night(catalog, 2, source)) == READ


def test_what_was_held_is_read_again(catalog: Catalog, source: str, simulator: FeedSimulator) -> None:
    SERVE[source](simulator, PACKS[:4])
    assert night(catalog, 2, source)["status"] == "held"

    again = night(catalog, 3, source)

    assert (again["status"], again["seen"]) == ("held", 4)

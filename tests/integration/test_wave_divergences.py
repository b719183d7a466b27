"""The catalogue moves on while a wave is open: its offers stay, and the office is told what diverged."""

from dataclasses import replace
from typing import Any

import pytest

from catalog import api as catalog_api
from lumbung.domain.feed import FeedPage
from lumbung.domain.product import Product
from lumbung.providers import lkpp_v5
from lumbung.runtime import deps, deps_catalog, deps_ordering
from tests.integration.catalog_world import OFFICE, Catalog
from tests.integration.conftest import call
from tests.integration.feed import a_produk
from tests.integration.office import PIC, Office, a_member, office

__all__ = ["office"]


def change(office: Office, **changes: Any) -> None:
    """Change the product as a sync does."""
    products = deps_ordering.products()
    known = products.stored([office.product])[office.product]
    deps.waves().commit(products.save(replace(known, **changes)))


def priced(product: Product, sku: str, **changes: Any) -> Any:
    return tuple(replace(pack, **changes) if pack.sku == sku else pack for pack in product.known_packs)


def told(office: Office, wave: dict[str, Any]) -> list[tuple[Any, ...]]:
    answer = office.get(f"/v1/waves/{wave['id']}/divergences")
    assert answer.status == 200, answer.text
    return [tuple(row[name] for name in ("sku", "field", "in_wave", "in_catalog")) for row in answer.json["items"]]


@pytest.fixture
def product(office: Office) -> Product:
    return deps_ordering.products().stored([office.product])[office.product]


def test_nothing_diverges_as_long_as_nothing_changed(office: Office) -> None:
    assert told(office, office.wave(quotas={5: 10, 10: 4})) == []


def test_an_open_wave_keeps_its_offers_and_the_office_is_told(office: Office, product: Product) -> None:
    wave = office.wave(quotas={5: 10, 10: 4, 20: None})
    packs = priced(product, "B5", price=60_000)
    packs = tuple(replace(p, active=False) if p.sku == "B10" else p for p in packs)

    change(office, known_packs=packs, name="Beras Mulus")

    assert told(office, wave) == [
        ("B5", "name", "Beras Premium 5 kg", "Beras Mulus 5 kg"),
        ("B5", "price", 55_000, 60_000),
        ("B10", "state", "active", "withdrawn"),
        ("B20", "name", "Beras Premium 20 kg", "Beras Mulus 20 kg"),
    ]
    made = office.order(wave, packs=1)
    assert (made.status, made.json["total"]) == (201, 55_000)
    assert office.get(f"/v1/waves/{wave['id']}").json["offers"][0]["name"] == "Beras Premium 5 kg"


def test_another_size_and_another_cooperative_diverge(office: Office, product: Product) -> None:
    wave = office.wave()
    change(office, known_packs=priced(product, "B5", weight_g=5_500), cooperative_id="cop_other")

    fields = [row[1:] for row in told(office, wave)]

    assert ("cooperative_id", office.cooperative, "cop_other") in fields
    assert ("weight_g", 5_000, 5_500) in fields


def test_a_price_given_for_the_wave_is_not_the_catalogues(office: Office, product: Product) -> None:
    given = {"product_id": office.product, "sku": "B5", "quota": 10, "max_per_member": None, "price": 50_000}
    wave = office.wave(offers=[given])
    change(office, known_packs=priced(product, "B5", price=60_000))

    assert told(office, wave) == []


def test_only_the_office_reads_what_diverged_and_only_of_what_was_published(office: Office) -> None:
    path = f"/v1/waves/{office.wave()['id']}/divergences"

    assert office.get(path, PIC).status == 403
    assert office.get("/v1/waves/wav_none/divergences").status == 404


def test_a_sync_changes_nothing_of_an_open_wave_and_the_office_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the source's row to the list of what diverged, through the real worker."""
    catalog = Catalog(call)
    served = [a_produk("B1", "Gula Aren 1 kg", 30_000), a_produk("B2", "Gula Aren 2 kg", 60_000)]
    monkeypatch.setattr(deps_catalog, "one_feed", lambda: lambda run: OnePage(served))
    body = {"cooperative_id": office.cooperative}
    configured = call(catalog_api.handler, "PUT", "/v1/catalog/sources/lkpp_v5", body, caller=OFFICE, key="s")
    assert configured.status == 200
    catalog.sync()
    [sugar] = catalog.products("?q=gula")
    offers = [
        {"product_id": sugar["id"], "sku": sku, "quota": 10, "max_per_member": None} for sku in ("B1", "B2")
    ]  # fmt: skip
    wave = office.wave(offers=offers)
    served[:] = [a_produk("B1", "Gula Aren 1 kg", 33_000)]
    held = catalog.sync()
    assert (held["status"], told(office, wave)) == ("held", [("B1", "price", 30_000, 33_000)])

    assert catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True}).status == 200
    catalog.drain()

    assert told(office, wave) == [("B1", "price", 30_000, 33_000), ("B2", "state", "active", "withdrawn")]
    ordered = [office.order(wave, offer=n, key=f"o{n}", member=a_member(n)) for n in (0, 1)]
    assert [(made.status, made.json["total"]) for made in ordered] == [(201, 30_000), (201, 60_000)]


class OnePage:
    """A source whose rows fit on one page."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def read(self, cursor: str | None) -> FeedPage:
        return FeedPage(tuple(map(lkpp_v5.to_row, self._rows)), None, len(self._rows))

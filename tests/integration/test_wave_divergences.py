"""The catalogue moves on while a wave is open: its offers stay, and the office is told what diverged."""

from dataclasses import replace
from typing import Any

import pytest

from lumbung.domain.product import Product
from lumbung.runtime import deps, deps_ordering
from tests.integration.office import PIC, Office, office

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

"""Purchases show what food is bought for; prices far from it, or above the ceiling, wait for a person."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration import feed as feeds
from tests.integration.catalog_world import Catalog, a_catalog, counts
from tests.integration.conftest import Http
from tests.integration.feed import RICE, FeedSimulator, a_produk

COFFEE = ("Kopi Gayo 500 gr", "Kopi Toraja 1 kg")


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    return a_catalog(http, simulator, monkeypatch)


def bought(number: int, product: str, name: str, price: int, **more: Any) -> list[dict[str, Any]]:
    """One purchase, as both lists tell it: how much, and of what."""
    order = {"order_id": f"o{number}", "product_id": product, "status": "COMPLETED", **more}
    return [
        order | {"kode_penyedia": "somebody", "total_qty": 2, "total": 2 * price},
        order | {"nama_produk": name, "nilai_transaksi": 2 * price},
    ]


def observe(catalog: Catalog, simulator: FeedSimulator) -> None:
    """Let coffee be bought for 90,000 to 110,000 a kilogram, and once for a price that is none."""
    rows = [
        row
        for n, per_kg in enumerate((90_000, 95_000, 100_000, 105_000, 110_000))
        for row in bought(n, f"p{n % 2}", COFFEE[n % 2], per_kg // (2 - n % 2))
    ]
    rows += bought(6, "p0", COFFEE[0], 1) + bought(7, "p9", "Kertas A4 80 gr", 50_000)
    rows += bought(8, "p0", COFFEE[0], 900_000, status="CANCELLED")
    simulator.serve(*rows, source="inaproc")
    assert catalog.sync("inaproc")["status"] == "completed"


def test_what_was_bought_is_kept_by_kind_and_read_again_without_growing(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    observe(catalog, simulator)
    once = catalog.get("/v1/catalog/market")

    observe(catalog, simulator)

    [coffee] = once["items"]
    assert (coffee["commodity"], coffee["grade"], coffee["purchases"]) == ("coffee", None, 6)
    assert coffee["median_per_kg"] == 95_000
    assert catalog.get("/v1/catalog/market") == once


def test_a_new_pack_far_from_the_market_is_set_aside_until_somebody_believes_it(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    observe(catalog, simulator)
    simulator.serve(a_produk("K1", "Kopi Gayo 1 kg", 142_500), a_produk("K2", "Kopi Luwak 1 kg", 900_000))

    run = catalog.sync()

    assert counts(run) == (2, 1, 0, 0, 0, 1)
    [row] = catalog.get(f"/v1/catalog/quarantine?sync_id={run['id']}")["items"]
    assert row["reason"] == "jauh di atas harga pasar: 900000 per kilogram, pasar 95000"
    path = f"/v1/catalog/syncs/{run['id']}/quarantine/{row['position']}/retry"
    assert catalog.post(path, {"believe": False}).json["errors"][0]["message"] == row["reason"]
    assert catalog.post(path, {"believe": True}).status == 200
    assert catalog.sync()["unchanged"] == 2


def test_a_known_pack_that_leaves_the_market_holds_the_run(catalog: Catalog, simulator: FeedSimulator) -> None:
    observe(catalog, simulator)
    simulator.serve(a_produk("K1", "Kopi Gayo 1 kg", 130_000))
    catalog.sync()
    simulator.serve(a_produk("K1", "Kopi Gayo 1 kg", 150_000))

    held = catalog.sync()

    assert (held["status"], held["held"]) == ("held", 1)
    assert catalog.products()[0]["packs"][0]["price"] == 130_000
    catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True})
    catalog.drain()
    assert catalog.products()[0]["packs"][0]["price"] == 150_000
    simulator.serve(a_produk("K1", "Kopi Gayo 1 kg", 155_000))
    assert catalog.sync()["updated"] == 1  # a person let it out before


def test_rice_above_every_ceiling_is_set_aside(catalog: Catalog, simulator: FeedSimulator) -> None:
    simulator.serve(*RICE, a_produk("M1", "Beras Mahal 1 kg", 14_000), a_produk("M2", "Beras Merah 1 kg", 40_000))

    run = catalog.sync()

    assert counts(run) == (5, 4, 0, 0, 0, 1)
    [row] = catalog.get(f"/v1/catalog/quarantine?sync_id={run['id']}")["items"]
    assert row["reason"] == "di atas harga eceran tertinggi: 14000 per kilogram, tertinggi 13600"


def test_a_unit_that_is_mixed_up_holds_the_run(catalog: Catalog, simulator: FeedSimulator) -> None:
    sugar = a_produk("P1", "Gula Pasir", 14_000)
    in_kilograms, in_grams = ({"item": [{"label": "Berat", "deskripsi": size}]} for size in ("1 kg", "1 g"))
    simulator.serve(sugar | {"spesifikasi": in_kilograms})
    assert counts(catalog.sync()) == (1, 1, 0, 0, 0, 0)
    simulator.serve(sugar | {"spesifikasi": in_grams})

    held = catalog.sync()

    assert (held["status"], held["held"]) == ("held", 1)
    assert [(c["field"], c["before"], c["after"]) for c in held["changes"]["items"] if c["held"]] == [
        ("weight_g", 1_000, 1)
    ]


def test_a_kind_that_changes_holds_the_run_also_where_the_pack_is_new(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    def pack(number: int, kind: str) -> dict[str, Any]:
        return {"kd_produk": number, "nama_produk": f"Rajanya {number} kg", "harga": 20_000, "nama_komoditas": kind}

    simulator.serve(pack(1, "Kopi"), source="isb")
    assert counts(catalog.sync("isb")) == (1, 1, 0, 0, 0, 0)
    simulator.serve(pack(1, "Kopi"), pack(2, "Gula"), source="isb")

    held = catalog.sync("isb")

    assert (held["status"], held["held"], catalog.products()[0]["commodity"]) == ("held", 1, "coffee")
    catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True})
    catalog.drain()
    assert counts(catalog.run(held["id"])) == (2, 1, 0, 1, 0, 0)


def test_two_rupiah_for_a_phone_is_not_believed(catalog: Catalog, simulator: FeedSimulator) -> None:
    simulator.serve(a_produk("HP", "Ponsel Pintar 200 g", 2))

    assert counts(catalog.sync()) == (1, 0, 0, 0, 0, 1)

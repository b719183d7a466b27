"""Rows of LKPP's older service bus."""

import pytest

from lumbung.domain.feed import Broken, Inactive, Row
from lumbung.domain.supplier import Supplier
from lumbung.providers.isb import to_row

EXAMPLE = {
    "kd_produk": 1234567, "no_produk_penyedia": "SKU-BERAS-5KG", "nama_produk": "Beras Premium 5 kg",
    "nama_kategori_terkecil": "Beras", "nama_komoditas": "Bahan Pokok", "harga": "65000.00", "jumlah_stok": 500.0,
    "unit_pengukuran": "karung", "jenis_produk": "Lokal", "kbki_id": None, "tkdn_produk": "40,5", "nilai_bmp": "0",
    "active": 1, "status_tayang": "tayang", "modified_date": "2024-02-01 10:00:00",
}  # fmt: skip


def test_a_row_says_what_the_bus_says() -> None:
    assert to_row(EXAMPLE) == Row(
        "SKU-BERAS-5KG", "Beras Premium", 5_000, 65_000, "rice", "premium", None, {"tkdn": 40.5, "bmp": 0, "pdn": True}
    )


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        pytest.param({"harga": "334180.55"}, "price", 334_181, id="a price with cents"),
        pytest.param({"harga": "Rp62.500 "}, "price", 62_500, id="a price as people write it"),
        pytest.param({"no_produk_penyedia": None}, "sku", "1234567", id="without the supplier's number, the bus's own"),
        pytest.param({"nama_produk": "Mentik Wangi 5 kg"}, "commodity", "rice", id="the category stands in"),
        pytest.param({"nama_produk": "Beras Premium", "unit_pengukuran": "10 kg"}, "weight_g", 10_000, id="size aside"),
    ],
)
def test_what_can_be_read_is_read(change: dict, field: str, value: object) -> None:
    assert getattr(to_row(EXAMPLE | change), field) == value


def test_names_come_in_either_case() -> None:
    assert to_row({name.title(): value for name, value in EXAMPLE.items()}) == to_row(EXAMPLE)


@pytest.mark.parametrize("change", [{"active": 0}, {"status_tayang": "turun"}])
def test_what_is_not_shown_is_not_sold(change: dict) -> None:
    assert to_row(EXAMPLE | change) == Inactive("SKU-BERAS-5KG")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(EXAMPLE | {"harga": "-"}, "there is no price", id="no price"),
        pytest.param(EXAMPLE | {"harga": "hubungi kami"}, "is no price", id="words for a price"),
        pytest.param(EXAMPLE | {"nama_produk": "Beras Premium"}, "there is no weight", id="no size"),
        pytest.param(EXAMPLE | {"nama_produk": None}, "nama_produk is missing", id="no name"),
        pytest.param(["a"], "the row is no object", id="no object"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(row: object, reason: str) -> None:
    broken = to_row(row)

    assert isinstance(broken, Broken)
    assert reason in broken.reason
    assert broken.received == row


def test_a_supplier_is_told_by_its_purchases_or_by_name() -> None:
    detail = {"kd_penyedia": 77, "nama_penyedia": "KUD Mulus", "npwp_16": "0012345678901000", "penyedia_ukm": "UMKK",
              "kbli2020_penyedia": "46311;46312"}  # fmt: skip
    product = {"kd_produk": 1, "nama_produk": "Beras Premium 5 kg", "harga": "65000.00", "nama_penyedia": "Kud  Mulus"}

    row, named = to_row(product, detail), to_row(product)

    assert isinstance(row, Row)
    assert isinstance(named, Row)
    assert row.supplier == Supplier("77", "KUD Mulus", None, "0012345678901000")
    assert named.supplier == Supplier("kud mulus", "Kud Mulus")
    assert (row.attributes["umkm"], row.attributes["kbli"], "umkm" in named.attributes) == (True, "46311;46312", False)

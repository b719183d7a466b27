import json

import pytest

from lumbung.domain.feed import Broken, Inactive, Row
from lumbung.providers.lkpp_v5 import to_row

EXAMPLE = {
    "informasi": {
        "unspsc": 50221101,
        "nama_produk": "Beras Premium 5 kg",
        "no_produk_penyedia": "SKU-BERAS-5KG",
        "tanggal_update": "2026-09-30 08:00:00",
        "tkdn_produk": 0,
        "produk_aktif": 1,
        "apakah_produk_lokal": 1,
    },
    "spesifikasi": {"item": [{"label": "Berat", "deskripsi": "5 kg"}], "tanggal_update": "2026-09-30 08:00:00"},
    "harga": {"harga_retail": 68_000, "harga_pemerintah": 65_000, "kurs_id": 1},
}


def a_produk(**parts):
    """The example with some parts changed: informasi__nama_produk=…, harga=…"""
    produk = json.loads(json.dumps(EXAMPLE))
    for path, value in parts.items():
        part, _, name = path.partition("__")
        if name:
            produk[part][name] = value
        else:
            produk[part] = value
    return produk


def spec(**labels):
    return {"item": [{"label": label, "deskripsi": text} for label, text in labels.items()]}


def test_a_row_says_what_the_feed_says():
    assert to_row(EXAMPLE) == Row(
        "SKU-BERAS-5KG", "Beras Premium", 5_000, 65_000, "rice", "premium", None, {"tkdn": 0, "pdn": True}
    )


def test_dates_of_fetching_and_stock_are_no_change():
    later = a_produk(informasi__tanggal_update="2027-01-01 00:00:00", informasi__kuantitas_stok=3)

    assert to_row(later).hash == to_row(EXAMPLE).hash


@pytest.mark.parametrize(
    ("parts", "field", "value"),
    [
        pytest.param({"harga__harga_pemerintah": None}, "price", 68_000, id="the retail price stands in"),
        pytest.param({"harga__harga_pemerintah": "Rp 62.500,-"}, "price", 62_500, id="a price as text"),
        pytest.param({"harga__harga_pemerintah": 62500.5}, "price", 62_501, id="a price with cents"),
        pytest.param(
            {"informasi__nama_produk": "Beras Premium"}, "weight_g", 5_000, id="the size of the specification"
        ),
        pytest.param({"spesifikasi": None}, "weight_g", 5_000, id="the size of the name alone"),
        pytest.param({"spesifikasi": spec(Berat="5.1 kg")}, "weight_g", 5_000, id="the name's size before the gross"),
        pytest.param({"informasi__no_produk_penyedia": 77}, "sku", "77", id="a number as a number"),
        pytest.param({"spesifikasi": spec(Asal="Indramayu")}, "origin", "Indramayu", id="the origin"),
        pytest.param(
            {"spesifikasi": spec(SNI="bersertifikat", Halal="Ya")},
            "attributes",
            {"halal": "Ya", "tkdn": 0, "pdn": True, "doubted": ["sni"]},
            id="a standard without number",
        ),
        pytest.param({"informasi__tkdn_produk": float("nan")}, "attributes", {"pdn": True}, id="no number for content"),
    ],
)
def test_what_can_be_read_is_read(parts, field, value):
    assert getattr(to_row(a_produk(**parts)), field) == value


@pytest.mark.parametrize(
    ("produk", "reason"),
    [
        pytest.param(None, "informasi is no object", id="nothing"),
        pytest.param([1], "informasi is no object", id="a list"),
        pytest.param(a_produk(informasi="x"), "informasi is no object", id="text for an object"),
        pytest.param(a_produk(informasi__no_produk_penyedia=None), "no_produk_penyedia is missing", id="no number"),
        pytest.param(a_produk(informasi__nama_produk=" "), "nama_produk is missing", id="no name"),
        pytest.param(a_produk(informasi__nama_produk="a\x00b"), "too long, or not printable", id="control characters"),
        pytest.param(a_produk(informasi__nama_produk="\ud800 5 kg"), "not printable", id="half a character"),
        pytest.param(a_produk(harga={"harga_pemerintah": 0}), "there is no price", id="a price of nothing"),
        pytest.param(a_produk(harga={"harga_pemerintah": "gratis"}), "is no price", id="words for a price"),
        pytest.param(a_produk(harga={"harga_pemerintah": 10**40}), "cannot be right", id="an impossible price"),
        pytest.param(
            a_produk(informasi__nama_produk="Beras", spesifikasi=None), "there is no weight", id="no weight anywhere"
        ),
        pytest.param(a_produk(spesifikasi=spec(Berat="10 kg")), "the name says 5000 g", id="two weights"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_reason(produk, reason):
    row = to_row(produk)

    assert isinstance(row, Broken)
    assert reason in row.reason
    assert row.received is produk


def test_a_row_that_is_not_sold_any_more_needs_no_price():
    assert to_row(a_produk(informasi__produk_aktif=0, harga=None)) == Inactive("SKU-BERAS-5KG")

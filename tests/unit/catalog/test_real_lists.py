"""A shop's real list, with all its dirt: how much of it is understood, and that a sample of it is understood rightly.

The list is not part of this project; where it is not at hand, the share is not measured.
"""

import csv
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from lumbung.domain import normalise
from lumbung.domain.feed import Broken, Row
from lumbung.domain.guard import implausible
from lumbung.domain.market import Market, Sampler
from lumbung.providers.inaproc import kind_of, unit_price
from lumbung.providers.isb import to_row
from lumbung.providers.sheet import rows_of

LISTS = Path(__file__).parents[4] / "shared" / "data" / "catalogue"
PURCHASES = LISTS / "lkpp_v6_epurchasing_K34_2025.csv"
OLDER_PURCHASES = LISTS / "lkpp_v5_epurchasing_K34_2023.csv"
FOOD = LISTS / "klikindomaret_2020-02-28_food.csv"
READ_BY_HAND = {  # grams of a pack, rupiah
    ("Refina Garam Meja Murni", 500, 7_800), ("Snickers Chocolate", 35, 7_400), ("Snickers Chocolate", 120, 21_900),
    ("Sari Roti Roti Manis Sobek Coklat-Srikaya", 216, 15_500), ("Mamasuka Mayonnais", 300, 21_900),
    ("Luwak White Koffie Original", 240, 6_900), ("Greenfields Fresh Milk Pasteurisasi Full Cream", 500, 17_000),
    ("Tasseo Teh Celup Java Jasmine", 40, 35_900), ("Nabati Richeese Wafer Krim Keju", 145, 7_100),
    ("Indomaret Kacang Bali", 150, 12_500),
}  # fmt: skip
WRITTEN_OUT_BY_HAND = {  # grams, pieces
    "Delfi Chocolate Cha Cha Minis Surprise 2X20g": (40, None),
    "Tropicana Slim Sweetener 50X2.5G": (125, None),
    "Aqua Galon 19L (Isi Ulang)": (19_000, None),
    "Indomaret Air Minum 24X220ml": (5_280, None),
    "Bintang Soft Drink Radler 0.0% 330Ml": (330, None),
    "Kopiko Coffee 78C Caramel Frape 240Ml": (240, None),
    "Fiesta Siomay Ayam 10'S 180G": (180, 10),
    "Nutrijell Konnyaku Jelly Powder Mango15g": (15, None),
    "Mr.Bread Roti Tawar 4'S Choco Chips": (None, 4),
    "Telur Ayam Omega 3 (Harga Per-Butir)": (None, 1),
    "Sk Mix Fruit Apel Red & Granny 6's Parcel": (None, 6),
    "Mom's Recipe Pudding Tart Round 20cm": (None, None),
    "Strepsils Candy 6'S / 8'S Menthol / Cool": (None, None),
    "Sugus Promo Candy Stick 3+1": (None, None),
    "Royco Bumbu Siap Pakai Nasi Goreng Rendang": (None, None),
}


@pytest.mark.parametrize(("name", "size"), WRITTEN_OUT_BY_HAND.items(), ids=WRITTEN_OUT_BY_HAND)
def test_a_sample_is_read_as_people_read_it(name: str, size: tuple[int | None, int | None]) -> None:
    assert (normalise.pack_size_g(name), normalise.pieces(name)) == size


@pytest.mark.skipif(not FOOD.exists(), reason="the shop's list is not at hand")
def test_nearly_all_of_a_shops_list_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(FOOD.open(encoding="utf-8-sig")))
    prices = [row["Harga"] for row in rows if is_price(row["Harga"])]
    sizes = [n for row in rows if normalise.pack_size_g(n := row["Nama Produk"]) or normalise.pieces(n)]
    unread = sorted({row["Nama Produk"].strip() for row in rows} - {name.strip() for name in sizes})

    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(rows)} rows: prices {len(prices) / len(rows):.1%}, sizes {len(sizes) / len(rows):.1%}; "
            f"{len(unread)} names without a size, such as {'; '.join(unread[:8])}\n"
        )
    assert len(prices) >= 0.99 * len(rows)
    assert len(sizes) >= 0.94 * len(rows)


@pytest.mark.skipif(not PURCHASES.exists(), reason="the purchases of the sixth catalogue are not at hand")
def test_real_purchases_show_prices_only_where_one_product_was_bought_and_paid() -> None:
    rows = list(csv.DictReader(PURCHASES.open(encoding="utf-8-sig")))
    bought = [row | {"total_qty": int(row["total_qty"])} for row in rows]

    shown = [row for row in bought if unit_price(row)]

    assert 0 < len(shown) < len(bought)
    assert all(row["status"] == "COMPLETED" and "," not in row["product_id"] for row in shown)


def is_price(text: str) -> bool:
    try:
        return bool(normalise.rupiah(text))
    except ValueError:
        return False


COLUMNS = {"sku": "URL Gambar", "name": "Nama Produk", "price": "Harga", "category": "Subkategori"}


@pytest.mark.skipif(not FOOD.exists(), reason="the shop's list is not at hand")
def test_a_shops_list_goes_through_and_nothing_passes_that_was_misread(capsys: pytest.CaptureFixture[str]) -> None:
    """Every row is read, or set aside with a reason; what passes of the sample is as people read it."""
    with FOOD.open("rb") as file:
        read = [row for row, _ in rows_of(file, COLUMNS)]
    rows = [row for row in read if isinstance(row, Row)]
    doubted = [row for row in rows if implausible(None, row, Market(date(2020, 2, 28)))]
    reasons = Counter(row.reason.partition(":")[0] for row in read if isinstance(row, Broken))

    with capsys.disabled():
        sys.stdout.write(f"\n{len(rows)} of {len(read)} rows read, {len(doubted)} not believed; {dict(reasons)}\n")
    assert len(read) == 3_042
    assert {(row.name, row.weight_g, row.price) for row in rows if row not in doubted} >= READ_BY_HAND


@pytest.mark.skipif(not PURCHASES.exists(), reason="the purchases are not at hand")
def test_real_purchases_of_both_catalogues_go_through() -> None:
    """No unit price of the older catalogue is unreadable; of the newer one each that shows is sampled or is no food."""
    older = list(csv.DictReader(OLDER_PURCHASES.open(encoding="utf-8-sig")))
    assert all(normalise.rupiah(row["harga_satuan"]) is not None for row in older)
    details = [to_row({"kd_produk": row["kd_produk"], "nama_produk": row["nama_paket"], "harga": row["harga_satuan"]})
               for row in older]  # fmt: skip
    assert all(isinstance(row, Row | Broken) for row in details)

    sampler = Sampler()
    for row in csv.DictReader(PURCHASES.open(encoding="utf-8-sig")):
        price = unit_price(row | {"total_qty": int(row["total_qty"])})
        if price and (kind := kind_of(row["rup_name"])):
            sampler.note(*kind[0], price * 1000 // kind[1], row["order_id"])
    assert all(one.seen == len(one.sample) for one in sampler.observed())

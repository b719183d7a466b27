"""Products of the government's data gateway, and what purchases say about their prices."""

import pytest

from lumbung.domain.feed import Broken, Inactive, Row
from lumbung.domain.supplier import Supplier
from lumbung.providers.inaproc import kind_of, to_row, unit_price

PRODUCT = {"kd_produk": "0b8c", "nama_produk": "Beras Premium 5 kg", "status_produk_tayang": True}
BOUGHT = {"status": "COMPLETED", "product_id": "0b8c", "total_qty": 10, "total": 650_000, "shipping_fee": None}


def test_a_product_costs_the_middle_of_what_was_paid() -> None:
    assert to_row(PRODUCT, "01H", {"0b8c": [70_000, 65_000, 64_000]}) == Row(
        "0b8c", "Beras Premium", 5_000, 65_000, "rice", "premium", None, {"price_basis": "observed", "supplier": "01H"}
    )


def test_a_product_that_nobody_bought_has_no_price() -> None:
    broken = to_row(PRODUCT | {"last_update_ref": "2026-10-05T00:10:00Z"}, "01H", {})

    assert isinstance(broken, Broken)
    assert "no purchase shows one" in broken.reason
    assert broken.received == PRODUCT  # without what changes on every fetch


def test_a_product_that_is_not_shown_is_not_sold() -> None:
    assert to_row(PRODUCT | {"status_produk_tayang": False}, "01H", {"0b8c": [1]}) == Inactive("0b8c")


@pytest.mark.parametrize(
    ("change", "price"),
    [
        pytest.param({}, 65_000, id="without shipping"),
        pytest.param({"shipping_fee": 20_000, "total": 670_000}, 65_000, id="shipping is no part of it"),
        pytest.param({"total": 334_181, "total_qty": 10}, 33_418, id="rounded"),
        pytest.param({"total": "650000.00"}, 65_000, id="a total as text"),
        pytest.param({"product_id": "0b8c, 0b8d"}, None, id="two products in one order"),
        pytest.param({"status": "CANCELLED"}, None, id="cancelled"),
        pytest.param({"total_qty": 0}, None, id="nothing bought"),
        pytest.param({"total_qty": True}, None, id="a quantity that is none"),
        pytest.param({"total": None}, None, id="no total"),
        pytest.param({"total": "tanya"}, None, id="words for a total"),
        pytest.param({"shipping_fee": 700_000}, None, id="more shipping than total"),
    ],
)
def test_what_one_pack_cost(change: dict, price: int | None) -> None:
    assert unit_price(BOUGHT | change) == price


def test_a_supplier_is_told_with_what_procurement_asks_of_it() -> None:
    prices = {"0b8c": [65_000]}
    detail = {"nama_penyedia": "KUD Mulus", "nib": "9120001122334", "status_umkk": 1, "kbli_id": "46311"}

    row = to_row(PRODUCT, "01H", prices, detail)

    assert isinstance(row, Row)
    assert row.supplier == Supplier("01H", "KUD Mulus", "9120001122334")
    assert (row.attributes["umkm"], row.attributes["kbli"]) == (True, "46311")
    assert to_row(PRODUCT, "01H", prices, {"status_umkk": [1]}) == to_row(PRODUCT, "01H", prices)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Beras Premium 5 kg", (("rice", "premium"), 5_000)), ("Kopi Gayo 250 gr", (("coffee", None), 250)),
        ("Beras Premium", None), ("Kertas A4 80 gr", None), ("", None),
    ],
)  # fmt: skip
def test_what_food_was_bought(name: str, kind: object) -> None:
    assert kind_of(name) == kind

"""The office sees which rice costs more than the ceiling; selling it is not refused."""

from typing import Any

import pytest

from catalog import api
from lumbung.domain.people import COOPERATIVE, OPERATOR, Caller
from lumbung.domain.product import Pack, Product
from lumbung.runtime import deps, deps_catalog
from tests.integration.catalog_world import follow_products
from tests.integration.conftest import Http

OFFICE = Caller("usr_office", frozenset({OPERATOR}))


def sell(id_: str, grade: str | None, *packs: Pack, commodity: str = "rice") -> None:
    product = Product(id_, f"Beras {id_}", commodity, packs, grade=grade, cooperative_id="cop_mulus")
    deps.db().commit(*deps_catalog.products().add(product))


@pytest.fixture
def read(http: Http) -> Any:
    """7 April 2020: medium 9,450 and premium 12,800 a kilogram in zone I, 10,250 and 13,600 in zone III."""
    sell("prd_medium", "medium", Pack("M5", 5_000, 47_250), Pack("M10", 10_000, 94_501))
    sell("prd_premium", "premium", Pack("P5", 5_000, 64_001), Pack("P1", 1_000, 99_000, active=False))
    sell("prd_flour", None, Pack("F1", 1_000, 90_000), commodity="flour")
    follow_products()

    def read(query: str = "", caller: Caller = OFFICE) -> Any:
        return http(api.handler, "GET", f"/v1/catalog/above-ceiling{query}", caller=caller)

    return read


def test_rice_above_the_ceiling_of_a_zone_is_listed(read: Any) -> None:
    one, third = read().json, read("?zone=III").json

    assert [item["sku"] for item in one["items"]] == ["M10", "P5"]
    assert one["items"][0] == {
        "product_id": "prd_medium", "name": "Beras prd_medium", "sku": "M10", "weight_g": 10_000, "price": 94_501,
        "grade": "medium", "ceiling_per_kg": 9_450, "regulation": "Permendag 57/2017",
    }  # fmt: skip
    assert third == {"items": [], "next_cursor": None}


def test_pages_go_on_through_all_rice(read: Any) -> None:
    first = read("?limit=1").json

    assert [item["sku"] for item in first["items"]] == ["M10"]
    assert [item["sku"] for item in read(f"?limit=1&cursor={first['next_cursor']}").json["items"]] == ["P5"]


def test_another_zone_or_another_caller_is_refused(read: Any) -> None:
    assert (read("?zone=IV").status, read("?zone=IV").json["errors"][0]["pointer"]) == (422, "/query/zone")
    assert read(caller=Caller("usr_mulus", frozenset({COOPERATIVE}))).status == 403

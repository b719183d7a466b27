"""What a search reads follows what was written, whatever order that is told in."""

from dataclasses import replace
from typing import Any

import pytest

from catalog import api, stream
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.product import Pack, Product
from lumbung.domain.product_search import Search, listing
from lumbung.runtime import deps, deps_catalog
from lumbung.store.catalog_items import to_item
from lumbung.store.table import to_wire
from tests.faults.seam import Seam, seam
from tests.integration.conftest import Http

RICE = Product("prd_1", "Beras Solok", "rice", (Pack("B5", 5_000, 60_000),), cooperative_id="cop_1")


@pytest.fixture(autouse=True)
def aws(aws_env: None) -> None:
    """Empty tables."""


def add(*products: Product) -> None:
    for product in products:
        deps.db().commit(*deps_catalog.products().add(product))
        tell(None, product)


def change(before: Product, **fields: Any) -> Product:
    deps.db().commit(deps_catalog.products().save(replace(before, **fields)))
    return replace(before, **fields, version=before.version + 1)


def tell(before: Product | None, after: Product) -> None:
    images = {"NewImage": to_wire(to_item(after))} | ({"OldImage": to_wire(to_item(before))} if before else {})
    record = {"dynamodb": {"SequenceNumber": "1", **images}}
    assert stream.handler({"Records": [record]}, None) == {"batchItemFailures": []}


def found(**search: Any) -> list[str]:
    items, more = deps_catalog.products().page(Search(**search), limit=50, start=None)
    assert more is None
    return [product.name for product in items]


def test_a_product_of_another_name_is_found_by_that_alone() -> None:
    add(RICE)
    tell(RICE, change(RICE, name="Beras Ketan"))

    assert (found(text="solok"), found(text="ketan"), found(commodity="rice")) == ([], ["Beras Ketan"], ["Beras Ketan"])


def test_a_search_never_shows_a_product_as_it_was_before_it_is_listed_anew() -> None:
    add(RICE)
    change(RICE, name="Beras Ketan", commodity="other")

    assert found(commodity="rice") == found(text="solok") == []


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [0, 2, 1, 0, 1], [2, 0, 0]], ids=str)
def test_changes_that_are_told_in_any_order_and_twice_lead_to_the_same_lists(order: list[int]) -> None:
    deps.db().commit(*deps_catalog.products().add(RICE))
    second = change(RICE, name="Beras Ketan")
    third = change(second, name="Beras Solok", commodity="other")
    changes: list[tuple[Product | None, Product]] = [(None, RICE), (RICE, second), (second, third)]

    for number in order:
        tell(*changes[number])

    listed = [i for i in deps.db().scan(deps.table("catalog")) if i["pk"].startswith("FIND#") and "expires" not in i]
    assert {(i["pk"], i["sk"]) for i in listed} == {
        (f"FIND#{term}", listing(third).place) for term in listing(third).terms
    }
    assert {(i["text"], i["commodity"]) for i in listed} == {(listing(third).text, "other")}


def test_another_price_is_written_where_prices_are_listed_and_nowhere_else() -> None:
    add(RICE)
    before = len(places())
    dearer = change(RICE, known_packs=(Pack("B5", 5_000, 61_000),))
    with seam() as little:
        tell(RICE, dearer)
    dearest = change(dearer, known_packs=(Pack("B5", 5_000, 90_000),))
    with seam() as much:
        tell(dearer, dearest)

    assert [written(one) for one in (little, much)] == [2, 4], "the other band's places are marked as gone"
    assert len(places()) == before
    assert {place["per_kg"] for place in places() if "price" in place["pk"]} == {18_000}


def written(made: Seam) -> int:
    return sum(len(p["TransactItems"]) for o, p in made.requests if o == "TransactWriteItems")


def places() -> list[dict[str, Any]]:
    return [i for i in deps.db().scan(deps.table("catalog")) if i["pk"].startswith("FIND#") and "expires" not in i]


def test_what_is_withdrawn_is_found_as_such_and_what_comes_back_is_not() -> None:
    add(RICE)
    gone = change(RICE, known_packs=(Pack("B5", 5_000, 60_000, active=False),))
    tell(RICE, gone)
    assert found(state="withdrawn") == ["Beras Solok"]

    tell(gone, change(gone, known_packs=(Pack("B5", 5_000, 60_000),)))
    assert (found(state="withdrawn"), found(text="solok", state="active")) == ([], ["Beras Solok"])


def test_products_of_one_search_come_by_name_in_pages_each_once() -> None:
    names = ["Beras Solok", "Beras Cianjur", "Berat Jenis", "Gula Beras"]
    add(*(replace(RICE, id=f"prd_{n}", name=name) for n, name in enumerate(names)))

    seen: list[str] = []
    start: Any = None
    while True:
        items, start = deps_catalog.products().page(Search(text="bera"), limit=1, start=start)
        seen += [product.name for product in items]
        if start is None:
            break
    assert seen == sorted(names)


def test_a_word_that_could_not_be_written_down_is_written_when_its_product_is_told_of_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deps.db().commit(*deps_catalog.products().add(RICE))
    with monkeypatch.context() as busy, pytest.raises(ProviderUnavailable):
        busy.setattr("lumbung.store.table.Database.commit", unavailable)
        tell(None, RICE)

    tell(None, RICE)

    assert found(text="sol") == ["Beras Solok"]


def unavailable(*_: Any) -> None:
    raise ProviderUnavailable("the store is busy")


def test_the_list_that_is_spread_thinnest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbung.store.product_index.FIRST_LOOK", 3)
    add(*(replace(RICE, id=f"prd_{n}", name=f"Beras {n}") for n in range(9)))
    add(replace(RICE, id="prd_x", name="Beras 9", cooperative_id="cop_2"))

    with seam() as read:
        assert found(text="beras", cooperative_id="cop_2") == ["Beras 9"]

    asked = [p["ExpressionAttributeValues"][":term"]["S"] for o, p in read.requests if o == "Query" and "Limit" in p
             and ":term" in p["ExpressionAttributeValues"]]  # fmt: skip
    assert sorted(asked) == ["FIND#seller:cop_2", "FIND#word:beras"], "one look at each, and no more"


def test_a_search_stops_after_so_many_looks_and_says_where_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"product_index.FIRST_LOOK": 1, "product_index.LOOK": 1, "product_index.LOOKS": 2}.items():
        monkeypatch.setattr(f"lumbung.store.{name}", value)
    add(*(replace(RICE, id=f"prd_{n}", name=f"Beras {n}") for n in range(6)))
    add(replace(RICE, id="prd_6", name="Beras 6", known_packs=(Pack("B5", 5_000, 65_000),)))
    looked_for = Search(commodity="rice", min_per_kg=12_001, max_per_kg=14_999)

    pages = 0
    found: list[str] = []
    start: Any = None
    while True:
        items, start = deps_catalog.products().page(looked_for, limit=1, start=start)
        found += [product.name for product in items]
        pages += 1
        if start is None:
            break
    assert (pages, found) == (4, ["Beras 6"])


def test_a_cursor_of_another_kind_of_search_is_refused(http: Http) -> None:
    add(*(replace(RICE, id=f"prd_{n}", name=f"Beras {n}") for n in range(3)))

    def read(query: str) -> Any:
        return http(api.handler, "GET", f"/v1/catalog/products?limit=1{query}")

    plain, searched = (read(query).json["next_cursor"] for query in ("", "&q=beras"))
    assert read(f"&q=beras&cursor={plain}").status == read(f"&cursor={searched}").status == 422
    assert read(f"&cursor={plain}").status == read(f"&q=beras&cursor={searched}").status == 200

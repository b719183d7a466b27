from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lumbung.domain.feed import Row
from lumbung.domain.guard import implausible, is_price_jump
from lumbung.domain.market import NO_MARKET
from lumbung.domain.product import Change, Pack, differences, new_product
from lumbung.domain.sync import not_seen, seen_mark, take_row

AT = datetime(2020, 4, 6, 19, tzinfo=UTC)


def a_row(sku="B5", weight_g=5_000, price=55_000, **more):
    return Row(sku, "Beras Premium", weight_g, price, "rice", **{"grade": "premium"} | more)


def a_product(*rows):
    rows = rows or (a_row(),)
    product = new_product("prd_1", rows[0], source="lkpp_v5", at=AT)
    for row in rows[1:]:
        product = product.take(row, source="lkpp_v5", at=AT)
    return product


def take(product, row, **more):
    options = {"product_id": "prd_1", "source": "lkpp_v5", "at": AT, "trusted": False}
    return take_row(product, row, **options | more)


def test_rows_of_one_product_become_its_packs_by_weight():
    product = a_product(a_row("B20", 20_000, 220_000), a_row("B5"), a_row("B10", 10_000, 110_000))

    assert [(p.sku, p.weight_g, p.price) for p in product.packs] == [
        ("B5", 5_000, 55_000),
        ("B10", 10_000, 110_000),
        ("B20", 20_000, 220_000),
    ]
    assert product.price_per_kg == 11_000
    assert product.state == "active"


def test_an_unchanged_row_changes_nothing():
    product = a_product()

    assert product.take(a_row(), source="lkpp_v5", at=AT.replace(day=7)) is product
    assert take(product, a_row()).outcome == "unchanged"


def test_a_changed_row_says_field_by_field_what_differs():
    taken = take(a_product(), a_row(price=60_000, origin="Indramayu"))

    assert taken.outcome == "updated"
    assert taken.changes == (
        Change("prd_1", "origin", None, "Indramayu"),
        Change("prd_1", "price", 55_000, 60_000, "B5"),
    )


@pytest.mark.parametrize(
    ("before", "after", "jump"),
    [(50_000, 65_000, False), (50_000, 65_001, True), (50_000, 35_000, False), (50_000, 34_999, True)],
)
def test_a_price_jumps_beyond_thirty_per_cent(before, after, jump):
    assert is_price_jump(before, after) is jump


def test_a_row_whose_price_jumps_is_set_aside_until_it_is_trusted():
    product = a_product()

    aside = take(product, a_row(price=99_000))

    assert (aside.outcome, aside.product) == ("aside", product)
    assert aside.changes == (Change("prd_1", "price", 55_000, 99_000, "B5", held=True),)
    assert take(product, a_row(price=99_000), trusted=True).product.packs[0].price == 99_000


def test_what_was_set_here_survives_the_source():
    product = a_product().edit({"name": "Beras Indramayu"}, [Pack("B5", 5_000, 50_000)], at=AT, by="staff")

    after = product.take(a_row(price=58_000, origin="Indramayu"), source="lkpp_v5", at=AT)

    assert (after.name, after.origin, after.packs[0].price) == ("Beras Indramayu", "Indramayu", 50_000)
    assert after.local["name"].by == "staff"


def test_a_product_without_packs_is_withdrawn_and_comes_back():
    withdrawn = a_product().without(["B5"], at=AT)

    assert withdrawn.state == "withdrawn"
    assert [p.sku for p in withdrawn.packs] == ["B5"]
    assert withdrawn.take(a_row(), source="lkpp_v5", at=AT).state == "active"


def test_a_withdrawn_pack_is_no_longer_offered():
    product = a_product(a_row(), a_row("B10", 10_000, 110_000)).without(["B5"], at=AT)

    assert [p.sku for p in product.packs] == ["B10"]
    assert {c.field for c in differences(a_product(a_row(), a_row("B10", 10_000, 110_000)), product)} == {"active"}


def test_a_pack_set_here_is_not_missed_in_its_source():
    product = a_product(a_row(), a_row("B10", 10_000, 110_000)).edit({}, [Pack("B5", 5_000, 55_000)], at=AT, by="staff")

    assert not_seen(product, set()) == ["B10"]
    assert not_seen(product, {seen_mark("prd_1", "B10")}) == []


def test_the_price_per_kilogram_is_rounded_half_up():
    assert replace(a_product(), known_packs=(Pack("x", 3_000, 10_001), Pack("y", 400, 2_001))).price_per_kg == 3_334


@pytest.mark.parametrize(
    ("row", "believed"),
    [
        pytest.param(a_row(), True, id="rice as it is sold"),
        pytest.param(a_row(price=20_000), True, id="the cheapest that is believed"),
        pytest.param(a_row(price=19_999), False, id="a rupiah less"),
        pytest.param(a_row(price=750_000), True, id="the dearest that is believed"),
        pytest.param(a_row(price=750_001), False, id="a rupiah more"),
        pytest.param(a_row(price=2), False, id="two rupiah"),
        pytest.param(a_row(weight_g=5), False, id="grams for kilograms"),
    ],
)
def test_a_new_pack_is_believed_at_a_price_at_which_such_food_is_sold(row, believed):
    assert (implausible(None, row, NO_MARKET) is None) is believed
    assert implausible(a_product(), row, NO_MARKET) is None  # known: its price may move by a third


def test_another_kind_of_goods_under_a_known_number_waits_for_a_person():
    product = a_product()
    coffee = replace(a_row(), commodity="coffee")

    assert take(product, coffee).outcome == "aside"
    assert take(product, coffee, trusted=True).outcome == "updated"
    assert take(product.edit({"commodity": "rice"}, [], at=AT, by="usr"), coffee).outcome == "updated"


@pytest.mark.parametrize(
    ("told", "rows", "gtin"),
    [
        ("8991234567891", [a_row()], "08991234567891"),
        (8991234567891, [a_row()], "08991234567891"),
        ("8991234567890", [a_row()], None),
        ("8991234567891", [a_row(), a_row("B10", 10_000, 110_000)], None),
        (None, [a_row()], None),
    ],
)
def test_a_trade_number_is_told_of_one_pack_and_with_its_check_digit_right(told, rows, gtin):
    assert replace(a_product(*rows), attributes={"gtin": told}).gtin == gtin

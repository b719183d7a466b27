"""What food is bought for, from a sample that does not grow; and prices held against it and against the ceiling."""

from datetime import date
from random import Random

import pytest

from lumbung.domain.feed import Row
from lumbung.domain.guard import doubt, implausible, out_of_line
from lumbung.domain.market import ENOUGH, NO_MARKET, SAMPLE, Market, Observed, Sampler
from lumbung.domain.product import Pack, Product

APRIL_2020 = Market(date(2020, 4, 7), {("coffee", None): 100_000, ("rice", "premium"): 11_000})


def a_row(
    price: int, weight_g: int = 1_000, *, name: str = "Beras", commodity: str = "rice", grade: str | None = None
) -> Row:
    return Row("S1", name, weight_g, price, commodity, grade)


def a_product(price: int, weight_g: int = 1_000, commodity: str = "rice", **more) -> Product:
    return Product("prd_1", "Beras", commodity, (Pack("S1", weight_g, price, **more),))


def test_the_sample_does_not_grow_and_is_the_same_in_any_order() -> None:
    purchases = [(n * 7 % 5_000 + 8_000, f"order-{n}") for n in range(3_000)]
    found = []
    for _ in range(2):
        sampler = Sampler()
        for per_kg, order in purchases:
            sampler.note("rice", "premium", per_kg, order)
        found.append(sampler.observed())
        Random(7).shuffle(purchases)

    [rice] = found[0]
    assert found[0] == found[1]
    assert (rice.seen, len(rice.sample)) == (3_000, SAMPLE)
    true = sorted(per_kg for per_kg, _ in purchases)[1_500]
    assert abs(rice.median - true) < 500


def test_a_few_purchases_say_nothing_and_one_more_says_the_middle() -> None:
    few = Observed("coffee", None, ENOUGH - 1, (90_000,) * (ENOUGH - 1))
    enough = Observed("coffee", None, ENOUGH, (90_000, 95_000, 100_000, 110_000, 900_000))

    assert (few.median, enough.median) == (None, 100_000)
    assert Market.of([few, enough], on=date(2020, 4, 7)).medians == {("coffee", None): 100_000}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param(a_row(13_600, grade="medium"), "di atas harga eceran tertinggi", id="medium above its ceiling"),
        pytest.param(a_row(13_600), None, id="exactly the highest zone's"),
        pytest.param(a_row(13_601), "di atas harga eceran tertinggi", id="a rupiah above"),
        pytest.param(a_row(6_400), None, id="exactly half of the lowest zone's"),
        pytest.param(a_row(6_399), "jauh di bawah harga eceran tertinggi", id="a rupiah below"),
        pytest.param(a_row(68_000, 5_000), None, id="a pack of five kilograms"),
        pytest.param(a_row(68_001, 5_000), "di atas harga eceran tertinggi", id="a rupiah above in five kilograms"),
        pytest.param(a_row(40_000, name="Beras Merah Organik"), None, id="special rice has no ceiling"),
        pytest.param(a_row(40_000, commodity="sugar"), None, id="nothing is known of sugar"),
        pytest.param(a_row(150_000, commodity="coffee"), None, id="exactly half above the market"),
        pytest.param(a_row(150_001, commodity="coffee"), "jauh di atas harga pasar", id="a rupiah above the market"),
        pytest.param(a_row(50_000, commodity="coffee"), None, id="exactly half of the market"),
        pytest.param(a_row(49_999, commodity="coffee"), "jauh di bawah harga pasar", id="a rupiah below the market"),
    ],
)
def test_a_price_is_held_against_the_ceiling_and_the_market(row: Row, why: str | None) -> None:
    found = implausible(None, row, APRIL_2020)

    assert (found or "").partition(":")[0] == (why or "")
    assert implausible(None, row, NO_MARKET) is None


def test_a_known_pack_is_doubted_when_it_leaves_what_is_usual_and_not_for_staying_outside() -> None:
    assert (doubt(a_product(13_000), a_row(14_000), APRIL_2020) or "").startswith("di atas harga eceran tertinggi")
    assert doubt(a_product(14_000), a_row(14_500), APRIL_2020) is None  # somebody approved it before
    assert doubt(a_product(13_000, local=True), a_row(14_000), APRIL_2020) is None  # what was set here stays
    assert doubt(a_product(13_000), a_row(13_100), APRIL_2020) is None


def test_a_size_that_changes_under_the_same_price_is_a_unit_mixed_up() -> None:
    grams_for_kilograms = a_row(55_000, 5)

    assert (
        doubt(a_product(55_000, 5_000), grams_for_kilograms, NO_MARKET) == "harga per kilogram berubah lebih dari 30 %"
    )
    assert doubt(a_product(55_000, 5_000, local=True), grams_for_kilograms, NO_MARKET) is None


def test_a_new_pack_of_another_kind_is_doubted_too() -> None:
    other = Row("S2", "Beras", 1_000, 11_000, "flour")

    assert doubt(a_product(11_000), other, NO_MARKET) == "jenis barang berubah"


def test_the_reason_names_both_sides() -> None:
    assert out_of_line(a_row(14_000), 14_000, 1_000, APRIL_2020) == (
        "di atas harga eceran tertinggi: 14000 per kilogram, tertinggi 13600"
    )

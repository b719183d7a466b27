"""A file that is put in the bucket starts a run of its source, which reads it where it lies."""

import base64
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from catalog import files_worker
from lumbung.domain.feed import StoredFile
from lumbung.providers import workbook
from lumbung.runtime import clock, deps, deps_catalog
from lumbung.store import files
from tests.integration.catalog_world import OFFICE, STRANGER, Catalog, HasTime, api, counts, worker
from tests.integration.conftest import ENVIRONMENTS, NOW, Http
from tests.integration.faults import Snapshot, crash_points, rival, rival_points, seam
from tests.unit.catalog.test_peppol_lines import a_catalogue, a_line

LIST = b"kode;nama;harga\nB5;Beras 5 kg;55000\nB10;Beras 10 kg;110000\nB20;Beras 20 kg;220000\n"
SHORTER = b"kode;nama;harga\nB5;Beras 5 kg;55000\nB10;Beras 10 kg;110000\n"


@pytest.fixture
def catalog(http: Http, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    for name, value in ENVIRONMENTS["catalog.worker.handler"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("catalog.start_sync.LOOK_AGAIN_S", 0)  # what is sent with a delay is in the queue at once
    monkeypatch.setattr("lumbung.store.catalog.Products.shelves", 1)
    monkeypatch.setattr("lumbung.store.keys.SHELVES", 1)
    ticks = count()
    clock.use(lambda: NOW + timedelta(milliseconds=next(ticks)))
    yield Catalog(http)


def put(content: bytes, key: str = "catalog/sheet/daftar.csv", *, second: int = 0) -> dict[str, Any]:
    """Put a file there, and return the event with which the bucket tells of it."""
    client, name = deps.aws("s3"), deps_catalog.files()._bucket
    tag = client.put_object(Bucket=name, Key=key, Body=content)["ETag"].strip('"')
    told = {"key": key.replace(" ", "+"), "size": len(content), "eTag": tag, "sequencer": f"{second:016X}"}
    return {"eventTime": f"2020-04-07T02:00:{second:02d}.000Z", "s3": {"bucket": {"name": name}, "object": told}}


def tell(*events: dict[str, Any]) -> None:
    record = {"messageId": "m1", "body": json.dumps({"Records": list(events)})}
    assert files_worker.handler({"Records": [record]}, None) == {"batchItemFailures": []}


def runs(catalog: Catalog) -> list[dict[str, Any]]:
    """Return the runs there are, in the order in which they came."""
    items = [item for item in deps.db().scan(deps.table("catalog")) if item["sk"] == "RUN"]
    return [catalog.run(item["pk"].partition("#")[2]) for item in sorted(items, key=lambda item: item["started_at"])]


PACKS = [(f"B{n}", f"Beras {n} kg", n * 11_000) for n in (5, 10, 20)]
WORKBOOK = workbook.write("a", [("kode", "nama", "harga"), *PACKS])
CATALOGUE = a_catalogue(*[a_line(sku=sku, name=name, tiers=((1, "IDR", price),)) for sku, name, price in PACKS])


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("catalog/sheet/daftar harga.csv", LIST),
        ("catalog/sheet/daftar.xlsx", WORKBOOK),
        ("catalog/peppol/catalogue.xml", CATALOGUE),
    ],
    ids=["list", "workbook", "xml"],
)
def test_a_file_becomes_products(catalog: Catalog, key: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "RANGE", 64)  # every file takes many requests
    tell(put(content, key))
    catalog.drain()

    [run] = runs(catalog)
    assert (run["status"], counts(run)) == ("completed", (3, 3, 0, 0, 0, 0))
    [product] = catalog.products()
    assert [(p["sku"], p["price"]) for p in product["packs"]] == [("B5", 55_000), ("B10", 110_000), ("B20", 220_000)]


def test_a_file_that_is_told_of_twice_is_read_once(catalog: Catalog) -> None:
    event = put(LIST)
    tell(event, event)
    catalog.drain()
    tell(event)
    catalog.drain()

    assert [run["status"] for run in runs(catalog)] == ["completed"]


def test_the_same_file_put_there_again_is_read_again(catalog: Catalog) -> None:
    tell(put(LIST, second=1))
    catalog.drain()
    tell(put(LIST, second=2))
    catalog.drain()

    assert [counts(run) for run in runs(catalog)] == [(3, 3, 0, 0, 0, 0), (3, 0, 0, 3, 0, 0)]


def test_what_is_no_source_s_file_starts_nothing(catalog: Catalog) -> None:
    tell(put(LIST, "catalog/isb/daftar.csv"), put(LIST, "catalog/daftar.csv"), put(LIST, "catalog/../x/daftar.csv"))
    record = {"messageId": "m1", "body": json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})}

    assert files_worker.handler({"Records": [record]}, None) == {"batchItemFailures": []}
    assert runs(catalog) == []


def test_a_file_waits_until_its_source_is_free(catalog: Catalog) -> None:
    catalog.configure("sheet")
    going_on = catalog.start("sheet")
    [message] = catalog.received()
    tell(put(LIST))
    [told] = catalog.received()

    catalog.deliver(told)
    assert catalog.run(told["run"])["status"] == "waiting"
    assert catalog.get("/v1/catalog/sources/sheet")["waiting"] == [told["run"]]
    assert catalog.received() == [told], "it asks again later"

    run = deps_catalog.syncs().get(going_on)
    deps_catalog.syncs().commit(run.fail("ended", at=NOW), *deps_catalog.syncs().leave(run))
    catalog.deliver(told)

    assert catalog.run(told["run"])["status"] == "completed"
    assert message["run"] == going_on
    seen = catalog.get("/v1/catalog/sources/sheet")
    assert (seen["latest"], seen["waiting"]) == (told["run"], [])


def test_files_of_one_source_are_read_in_the_order_in_which_they_came(catalog: Catalog) -> None:
    tell(put(SHORTER, "catalog/sheet/later.csv", second=9), put(LIST, "catalog/sheet/earlier.csv", second=3))
    later, earlier = catalog.received()

    catalog.deliver(later)  # begins the other, and waits
    assert [catalog.run(message["run"])["status"] for message in (earlier, later)] == ["running", "waiting"]
    catalog.drain()

    first, second = (catalog.run(message["run"]) for message in (earlier, later))
    assert (counts(first), second["held_reason"]) == (
        (3, 3, 0, 0, 0, 0), "1 dari 3 kemasan akan ditarik (lebih dari 10 %)",
    )  # fmt: skip


RIVALS: dict[str, Any] = {
    "the same file": lambda catalog, one, other: catalog.deliver(one),
    "another file": lambda catalog, one, other: catalog.deliver(other),
    "an operator": lambda catalog, one, other: catalog.post("/v1/catalog/syncs", {"source": "sheet"}, key="rival"),
}


@pytest.mark.parametrize("who", list(RIVALS))
def test_of_two_that_begin_at_once_one_waits_or_is_refused(catalog: Catalog, who: str) -> None:
    """Whoever comes inside any write of a file's run: never two runs at once, and each file is read once."""
    tell(put(LIST, "catalog/sheet/1.csv", second=1), put(LIST, "catalog/sheet/2.csv", second=2))
    one, other = catalog.received()
    before = Snapshot()
    with seam() as undisturbed:
        catalog.deliver(one)

    for at in rival_points(undisturbed.calls):
        before.restore()
        with rival(at, lambda: RIVALS[who](catalog, one, other)):
            catalog.deliver(one)
        assert [run["status"] for run in runs(catalog)].count("running") <= 1
        end_operator_s_run()
        catalog.deliver(one)
        catalog.deliver(other)
        catalog.drain()
        assert counts(catalog.run(one["run"])) == (3, 3, 0, 0, 0, 0), at
        assert counts(catalog.run(other["run"])) == (3, 0, 0, 3, 0, 0), at


def end_operator_s_run() -> None:
    """Stop what the operator started: its file is at an address that nobody answers at."""
    syncs = deps_catalog.syncs()
    source = syncs.source("sheet")
    if source and source.running and (run := syncs.get(source.running)).file is None:
        syncs.commit(run.fail("ended", at=NOW), *syncs.leave(run))


def test_a_file_that_is_replaced_while_it_is_read_is_not_read_half_and_half(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.take_step.STEPS", 1)
    monkeypatch.setattr("lumbung.providers.feed_file.PER_PAGE", 1)
    tell(put(LIST, second=1))
    catalog.deliver(catalog.received()[0])
    changed = put(SHORTER, second=2)

    catalog.drain()
    tell(changed)
    catalog.drain()

    first, second = runs(catalog)
    assert (first["status"], first["failure"]) == ("failed", "the file was replaced or removed while it was read")
    assert counts(second) == (2, 1, 0, 1, 0, 0)


def test_a_run_that_is_out_of_time_goes_on_in_another_invocation(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbung.providers.feed_file.PER_PAGE", 1)
    tell(put(LIST))
    [told] = catalog.received()
    record = {"messageId": "m1", "body": json.dumps(told)}

    worker.handler({"Records": [record]}, HasTime(worker.LONGEST_STEP_MS))
    assert catalog.run(told["run"])["status"] == "running"
    catalog.drain()

    assert counts(catalog.run(told["run"])) == (3, 3, 0, 0, 0, 0)


def test_a_crash_at_any_call_of_a_file_s_run_changes_nothing_in_the_end(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbung.providers.feed_file.PER_PAGE", 2)
    clock.use(lambda: NOW)
    event = put(LIST)
    before = Snapshot()

    def play() -> None:
        tell(event)
        for message in catalog.received():
            assert catalog.deliver(message) == {"batchItemFailures": []}

    def everything() -> list[dict[str, Any]]:
        return sorted(deps.db().scan(deps.table("catalog")), key=lambda item: (item["pk"], item["sk"]))

    with seam() as undisturbed:
        play()
    whole = everything()
    for crash_at in crash_points(len(undisturbed.calls)):
        before.restore()
        with seam(crash_at, after=True):
            play()
        play()
        catalog.drain()
        assert everything() == whole, f"crash after call {crash_at} of {len(undisturbed.calls)}"


# -- ranges


@pytest.mark.parametrize("start", [0, 1, 40, len(LIST) - 1, len(LIST)])
def test_a_file_is_read_from_any_place(catalog: Catalog, start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "RANGE", 16)
    told = put(LIST)["s3"]["object"]
    file = deps_catalog.files().open(StoredFile(told["key"], told["eTag"], told["size"]))

    file.seek(start)

    assert file.read() == LIST[start:]
    assert file.seek(-3, io.SEEK_END) == len(LIST) - 3
    assert file.read() == LIST[-3:]


def test_a_large_file_is_never_held_whole(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "RANGE", 32)
    told = put(LIST)["s3"]["object"]
    file = deps_catalog.files().open(StoredFile(told["key"], told["eTag"], told["size"]))

    with seam() as asked:
        file.readline()
        file.readline()

    assert [params["Range"] for _, params in asked.requests] == ["bytes=0-31", "bytes=32-63"]


# -- links


def upload(catalog: Catalog, source: str = "sheet", caller: Any = OFFICE, **body: Any) -> Any:
    asked = {"content_type": "text/csv", **body}
    return catalog.http(
        api.handler, "POST", f"/v1/catalog/sources/{source}/uploads", asked, caller=caller, key="upload"
    )


def test_a_link_is_good_for_one_key_one_type_and_a_size(catalog: Catalog) -> None:
    answer = upload(catalog)

    assert (answer.status, answer.json["max_bytes"]) == (201, 1024**3)
    assert answer.json["expires_at"] == "2020-04-07T03:15:00Z"
    fields = answer.json["fields"]
    assert fields["key"].startswith("catalog/sheet/upl_")
    policy = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert {"key": fields["key"]} in policy
    assert {"Content-Type": "text/csv"} in policy
    assert ["content-length-range", 1, 1024**3] in policy


def test_the_same_request_gets_a_link_for_the_same_key(catalog: Catalog) -> None:
    first, again = upload(catalog), upload(catalog)

    assert first.json["fields"]["key"] == again.json["fields"]["key"]
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"caller": STRANGER}, 403),
        ({"source": "isb"}, 404),
        ({"source": "elsewhere"}, 404),
        ({"content_type": "text/html"}, 422),
    ],
    ids=["no operator", "a source that is no file", "no source", "a type that no list has"],
)
def test_no_link_is_handed_out(catalog: Catalog, asked: dict[str, Any], status: int) -> None:
    assert upload(catalog, **asked).status == status

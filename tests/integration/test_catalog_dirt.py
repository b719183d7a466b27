"""Every source in its worse hours: what passes is waited for, what does not ends the run, and nothing is believed."""

from collections.abc import Iterator
from typing import Any

import pytest

from lumbung.providers import feed_file, feed_wire, inaproc, isb
from lumbung.runtime.queue import Queue
from tests.integration import feed as feeds
from tests.integration.catalog_world import Catalog, a_catalog, counts
from tests.integration.conftest import Http
from tests.integration.feed import FeedSimulator, a_produk
from tests.integration.test_catalog_sources import PACKS, SERVE, SUPPLIER
from tests.unit.catalog.test_peppol_lines import NAMES, a_line

FIRST_WAIT_S = 15
# what goes wrong → how often in a row, how the run stands then, and how long its source is left alone
DIRT: dict[str, tuple[int, str, int | None]] = {
    "refused": (1, "failed", None),
    "busy": (1, "running", 42),
    "error": (3, "running", FIRST_WAIT_S),
    "down": (3, "running", FIRST_WAIT_S),
    "garbage": (1, "running", FIRST_WAIT_S),
    "cut off": (1, "running", FIRST_WAIT_S),
    "endless": (1, "running", FIRST_WAIT_S),
}
# A file has no form by which half a JSON document could be told from a list without the needed columns, and a file
# that is too large does not become smaller.
OF_FILES = {("sheet", "garbage"): ("failed", None), ("sheet", "endless"): ("failed", None),
            ("peppol", "endless"): ("failed", None)}  # fmt: skip


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    for module in (feed_file, inaproc, isb):
        monkeypatch.setattr(module, "PER_PAGE", 3)
    for name in ("MAX_ANSWER", "MAX_FILE"):
        monkeypatch.setattr(feed_wire, name, 1024 * 1024)
    monkeypatch.setattr(feed_wire, "_RETRIES", feed_wire._RETRIES.new(backoff_factor=0))
    for source in SERVE:
        simulator.fail("down", 0, source)
    return a_catalog(http, simulator, monkeypatch)


@pytest.mark.parametrize("dirt", list(DIRT))
@pytest.mark.parametrize("source", list(SERVE))
def test_a_source_that_answers_wrongly_is_left_alone_or_given_up(
    catalog: Catalog, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch, source: str, dirt: str
) -> None:
    requests, status, wait = DIRT[dirt]
    status, wait = OF_FILES.get((source, dirt), (status, wait))
    SERVE[source](simulator, PACKS[:2])
    simulator.fail(dirt, requests, source)
    run_id = catalog.start(source)
    [message] = catalog.received()
    sent: list[tuple[int, Any]] = []
    monkeypatch.setattr(Queue, "send", lambda self, delay_s=0, **message: sent.append((delay_s, message)))

    catalog.deliver(message)

    assert catalog.run(run_id)["status"] == status
    assert [delay for delay, _ in sent] == ([wait] if wait else [])
    if status == "running":
        catalog.deliver(sent[0][1])
        assert counts(catalog.run(run_id)) == (2, 2, 0, 0, 0, 0), "nothing came of the wrong answer"


def test_a_source_that_never_answers_is_given_up_and_set_free(
    catalog: Catalog, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.fail("busy", 99)
    run_id = catalog.start()
    delays: list[int] = []
    monkeypatch.setattr(Queue, "send", lambda self, delay_s=0, **message: delays.append(delay_s))

    for attempt in range(5):
        catalog.deliver({"run": run_id, "attempt": attempt})

    assert delays == [42, 60, 300, 900]
    run = catalog.run(run_id)
    assert (run["status"], run["failure"]) == ("failed", "the source answers 429")
    assert catalog.start(), "its source is free"


def inaproc_of(version: int) -> Any:
    drift = {"baru": {"x": version}} if version else {}
    product = {"kd_produk": "B5", "nama_produk": "Beras 5 kg", "status_produk_tayang": True,
               "last_update_ref": f"2020-04-0{version + 1} 00:00:00"}  # fmt: skip
    bought = {"order_id": "o", "product_id": "B5", "kode_penyedia": SUPPLIER, "status": "COMPLETED", "total_qty": 1,
              "total": 55_000, "shipping_fee": None, "order_date": None}  # fmt: skip
    joined = bought | {"order_id": "j", "product_id": "B5, B9", "total": 1 + version}
    return [product | drift, product | drift, bought, joined]


def isb_of(version: int) -> Any:
    drift = {"Baru": version} if version else {}
    stamps = {"tanggal_update": None, "last_update": f"2020-04-0{version + 1}", "jumlah_stok": version}
    return [{"kd_produk": 1, "no_produk_penyedia": "B5", "nama_produk": "Beras 5 kg", "harga": "55000.00", "active": 1,
             **stamps, **drift}]  # fmt: skip


def lkpp_of(version: int) -> Any:
    about = {"tanggal_update": f"2020-04-0{version + 1} 08:00:00", "kuantitas_stok": version}
    row = a_produk("B5", "Beras 5 kg", "Rp 55.000 ", **about, **({"baru": []} if version else {}))
    return [row, row]


def peppol_of(version: int) -> bytes:
    line = a_line(sku="B5", name="Beras 5 kg", tiers=((1, "IDR", "55000.00"),))
    drift = "<cbc:Baru>x</cbc:Baru>" if version else ""
    head = f"<cbc:ID>CAT-{version}</cbc:ID><cbc:IssueDate>2020-04-0{version + 1}</cbc:IssueDate>{drift}"
    return f"<Catalogue {NAMES}>{head}{line}{line}</Catalogue>".encode()


def sheet_of(version: int) -> bytes:
    head, more = ("kode;nama;harga;diperbarui;stok", ";baru") if version else ("stok;harga;nama;kode;diperbarui", "")
    row = f"B5;Beras 5 kg;Rp55.000 ;2020-04-0{version + 1};{version};x" if version else "0; 55,000.00 ;Beras 5 kg;B5;"
    return f"{head}{more}\r\n{row}\r\n{row}\r\n;;;;\r\n".encode()


FETCHED: dict[str, Any] = {
    "inaproc": inaproc_of, "isb": isb_of, "lkpp_v5": lkpp_of, "peppol": peppol_of, "sheet": sheet_of,
}  # fmt: skip


@pytest.mark.parametrize("source", list(FETCHED))
def test_what_changes_on_every_fetch_comes_twice_or_is_new_changes_nothing(
    catalog: Catalog, simulator: FeedSimulator, source: str
) -> None:
    """Stamps and stock that move, columns in another order, fields nobody knows, the same row again, null dates."""

    def serve(version: int) -> None:
        content = FETCHED[source](version)
        if isinstance(content, bytes):
            simulator.serve_file(source, content)
        else:
            simulator.serve(*content, source=source)

    serve(0)
    first = catalog.sync(source)
    serve(1)
    second = catalog.sync(source)

    assert (first["status"], first["created"], first["quarantined"]) == ("completed", 1, 0)
    assert (second["status"], second["unchanged"], second["created"], second["updated"]) == (
        "completed", second["seen"], 0, 0,
    )  # fmt: skip
    assert second["changes"]["items"] == []
    [product] = catalog.products()
    assert [(pack["sku"], pack["price"]) for pack in product["packs"]] == [("B5", 55_000)]

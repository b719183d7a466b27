"""Every source is read into products in the same way: the real worker and adapters against each source's simulator."""

from collections.abc import Iterator
from typing import Any

import pytest

from catalog import api
from lumbung.domain.feed import SourceBusy
from lumbung.providers import feed_file, inaproc, isb
from tests.integration import feed as feeds
from tests.integration.catalog_world import OFFICE, Catalog, a_catalog, counts
from tests.integration.conftest import Http
from tests.integration.feed import FeedSimulator, a_produk
from tests.unit.catalog.test_peppol_lines import a_catalogue, a_line

SUPPLIER = "01HZZZ0000000000000000000A"


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    for module in (feed_file, inaproc, isb):
        monkeypatch.setattr(module, "PER_PAGE", 2)
    for source in SERVE:
        simulator.fail("down", 0, source)
    return a_catalog(http, simulator, monkeypatch)


def serve_inaproc(simulator: FeedSimulator, packs: list[tuple[str, int, int]]) -> None:
    supplier = {"kode_penyedia": SUPPLIER, "nama_penyedia": "KUD Tani Mulus", "status_umkk": 1, "kbli_id": "46311"}
    products = [{"kd_produk": s, "nama_produk": f"Beras {kg} kg", "status_produk_tayang": True} for s, kg, _ in packs]
    bought = [
        {"order_id": f"o-{s}-{n}", "product_id": s, "kode_penyedia": SUPPLIER, "status": "COMPLETED", "total_qty": 2,
         "total": price * 2, "shipping_fee": None, "order_date": None}
        for s, _, price in packs for n in range(3)
    ]  # fmt: skip
    lines = [
        {"order_id": f"o-{s}-{n}", "product_id": s, "nama_produk": f"Beras {kg} kg", "status": "COMPLETED",
         "nilai_transaksi": price * 2}
        for s, kg, price in packs for n in range(3)
    ]  # fmt: skip
    simulator.serve(supplier, *bought, *lines, *products, source="inaproc")


def serve_isb(simulator: FeedSimulator, packs: list[tuple[str, int, int]]) -> None:
    rows = [
        {
            "kd_produk": n,
            "no_produk_penyedia": sku,
            "nama_produk": f"Beras {kg} kg",
            "harga": f"{price}.00",
            "active": 1,
        }
        for n, (sku, kg, price) in enumerate(packs)
    ]
    simulator.serve(*rows, source="isb")


def serve_lkpp(simulator: FeedSimulator, packs: list[tuple[str, int, int]]) -> None:
    simulator.serve(*(a_produk(sku, f"Beras {kg} kg", price) for sku, kg, price in packs))


def serve_peppol(simulator: FeedSimulator, packs: list[tuple[str, int, int]]) -> None:
    lines = [a_line(sku=sku, name=f"Beras {kg} kg", tiers=((1, "IDR", price),)) for sku, kg, price in packs]
    simulator.serve_file("peppol", a_catalogue(*lines))


def serve_sheet(simulator: FeedSimulator, packs: list[tuple[str, int, int]]) -> None:
    lines = [f"{sku};Beras {kg} kg;Rp{price}" for sku, kg, price in packs]
    simulator.serve_file("sheet", "\n".join(["kode;nama;harga", *lines, ""]).encode())


SERVE: dict[str, Any] = {
    "inaproc": serve_inaproc, "isb": serve_isb, "lkpp_v5": serve_lkpp, "peppol": serve_peppol, "sheet": serve_sheet,
}  # fmt: skip
PACKS = [("B5", 5, 55_000), ("B10", 10, 110_000), ("B20", 20, 220_000), ("B25", 25, 270_000), ("B50", 50, 540_000)]


@pytest.fixture(params=list(SERVE))
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_source_becomes_products_with_its_packs(catalog: Catalog, simulator: FeedSimulator, source: str) -> None:
    SERVE[source](simulator, PACKS)

    run = catalog.sync(source)

    assert (run["status"], counts(run)) == ("completed", (5, 5, 0, 0, 0, 0))
    [product] = catalog.products()
    assert [(p["sku"], p["weight_g"], p["price"]) for p in product["packs"]] == [(s, k * 1000, p) for s, k, p in PACKS]
    assert (product["commodity"], product["source"]["system"]) == ("rice", source)


def test_an_unchanged_source_writes_no_product(catalog: Catalog, simulator: FeedSimulator, source: str) -> None:
    SERVE[source](simulator, PACKS)
    catalog.sync(source)

    assert counts(catalog.sync(source)) == (5, 0, 0, 5, 0, 0)


def test_a_pack_that_a_source_no_longer_has_is_held_and_then_withdrawn(
    catalog: Catalog, simulator: FeedSimulator, source: str
) -> None:
    SERVE[source](simulator, PACKS)
    catalog.sync(source)
    SERVE[source](simulator, PACKS[:4])

    held = catalog.sync(source)
    assert held["status"] == "held"
    catalog.post(f"/v1/catalog/syncs/{held['id']}/approval", {"approve": True})
    catalog.drain()

    assert [p["sku"] for p in catalog.products()[0]["packs"]] == ["B5", "B10", "B20", "B25"]


def test_a_run_that_was_cut_off_anywhere_goes_on_where_it_was(
    catalog: Catalog, simulator: FeedSimulator, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step a message: every step begins with a new adapter, as after a crash."""
    monkeypatch.setattr("catalog.take_step.STEPS", 1)
    SERVE[source](simulator, PACKS)

    assert counts(catalog.sync(source)) == (5, 5, 0, 0, 0, 0)


@pytest.mark.parametrize(("fault", "requests"), [("error", 3), ("garbage", 1)], ids=["down", "garbage"])
def test_a_source_that_fails_for_a_while_is_asked_again(
    catalog: Catalog, simulator: FeedSimulator, source: str, fault: str, requests: int
) -> None:
    SERVE[source](simulator, PACKS)
    simulator.fail(fault, requests, source)
    run = catalog.sync(source)
    if fault == "garbage" and source == "sheet":  # half a JSON document is a list without the needed columns
        assert run["status"] == "failed"
        return
    assert run["status"] == "running"

    catalog.deliver({"run": run["id"], "attempt": 1})  # what was sent with a delay

    assert catalog.run(run["id"])["status"] == "completed"


def test_a_file_that_is_replaced_in_the_middle_is_not_read_half_and_half(
    catalog: Catalog, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.take_step.STEPS", 1)
    serve_sheet(simulator, PACKS)
    run_id = catalog.start("sheet")
    catalog.deliver(catalog.received()[0])
    serve_sheet(simulator, PACKS[1:])

    catalog.drain()

    run = catalog.run(run_id)
    assert (run["status"], run["failure"]) == ("failed", "the file was replaced while it was read")


def test_what_the_gateway_tells_no_price_of_is_set_aside(catalog: Catalog, simulator: FeedSimulator) -> None:
    product = {"kd_produk": "X1", "nama_produk": "Beras Solok 5 kg", "status_produk_tayang": True}
    simulator.serve(product, source="inaproc")

    run = catalog.sync("inaproc")

    assert counts(run) == (1, 0, 0, 0, 0, 1)
    [row] = catalog.get(f"/v1/catalog/quarantine?sync_id={run['id']}")["items"]
    assert (row["reason"], row["row"]) == (
        "there is no price: the gateway tells none, and no purchase shows one", product,
    )  # fmt: skip


def test_a_gateway_that_is_asked_too_often_is_left_alone_as_long_as_it_says(
    catalog: Catalog, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbung.providers.feed_wire.Wire.json", busy)
    catalog.start("inaproc")

    delays: list[int] = []
    monkeypatch.setattr("lumbung.runtime.queue.Queue.send", lambda self, delay_s=0, **message: delays.append(delay_s))
    catalog.deliver(catalog.received()[0])

    assert delays == [42]


def busy(*_: Any, **__: Any) -> Any:
    raise SourceBusy("the source answers 429", 42)


def test_a_row_of_a_list_is_read_again_by_what_its_columns_mean_now(catalog: Catalog, simulator: FeedSimulator) -> None:
    simulator.serve_file("sheet", b"kode;nama;harga;isi bersih\nB5;Beras premium;55000;5 kg\n")
    run = catalog.sync("sheet")
    [row] = catalog.get(f"/v1/catalog/quarantine?sync_id={run['id']}")["items"]
    again = f"/v1/catalog/syncs/{run['id']}/quarantine/{row['position']}/retry"
    before = catalog.http(api.handler, "POST", again, {}, caller=OFFICE, key="1")
    catalog.configure("sheet", columns={"size": "Isi bersih"})

    after = catalog.http(api.handler, "POST", again, {}, caller=OFFICE, key="2")

    assert (before.status, before.json["errors"]) == (422, [{"pointer": "/row", "message": "there is no weight"}])
    assert after.status == 200
    assert [product["packs"] for product in catalog.products()] == [[{"sku": "B5", "weight_g": 5_000, "price": 55_000}]]


def test_the_columns_of_a_list_are_remembered(catalog: Catalog, simulator: FeedSimulator) -> None:
    catalog.configure("sheet", columns={"sku": "Nomor", "name": "Apa", "price": "Rp"})
    simulator.serve_file("sheet", b"Nomor,Apa,Rp\nB5,Beras 5 kg,55000\n")

    assert counts(catalog.sync("sheet")) == (1, 1, 0, 0, 0, 0)


def test_only_a_list_has_columns(catalog: Catalog, simulator: FeedSimulator) -> None:
    body = {"cooperative_id": "cop_mulus", "columns": {"sku": "Nomor"}}
    catalog.configure("sheet")

    refused = catalog.http(api.handler, "PUT", "/v1/catalog/sources/isb", body, caller=OFFICE, key="isb")

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/columns")

"""Sources tell who sells: numbers decide whose products they are, names propose, and a person has the last word."""

from collections.abc import Iterator
from typing import Any

import pytest

from catalog import api
from lumbung.domain.registry import Cooperative
from lumbung.runtime import deps
from tests.integration import feed as feeds
from tests.integration.catalog_world import MULUS, OFFICE, STRANGER, Catalog, a_catalog, counts
from tests.integration.conftest import Http
from tests.integration.faults import Snapshot, crash_points, rival, seam
from tests.integration.feed import FeedSimulator
from tests.integration.test_catalog_sources import SUPPLIER, serve_inaproc

NIB, NPWP = "9120001122334", "0012345678901000"
GAYO = Cooperative("cop_gayo", "Koperasi Kopi Gayo Mandiri", "Aceh Tengah", nib=NIB, npwp=NPWP)
HEAD = "kode;nama;harga;penyedia;nib;npwp"
OWN = f"G1;Kopi Gayo 1 kg;Rp120.000;CV Anu;{NIB};"
UNKNOWN = "M5;Beras Premium 5 kg;Rp55.000;KUD TANI MULUS;;"
LATER = "X1;Gula Pasir 1 kg;Rp15.000;PT Baru;;01.999.999.9-901.000"
REGISTERED_LATER = Cooperative("cop_new", "Koperasi Baru", "Kediri", npwp="0019999999901000")
NOBODYS = "B5;Beras Premium 5 kg;Rp56.000;;;"


@pytest.fixture(scope="module")
def simulator() -> Iterator[FeedSimulator]:
    with feeds.running() as simulator:
        yield simulator


@pytest.fixture
def catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    made = a_catalog(http, simulator, monkeypatch)
    deps.db().commit(deps.cooperatives().add(GAYO), deps.cooperatives().add(MULUS))
    return made


def serve(simulator: FeedSimulator, *lines: str) -> None:
    simulator.serve_file("sheet", "\n".join([HEAD, *lines, ""]).encode())


def owners(catalog: Catalog) -> dict[str, str | None]:
    return {p["packs"][0]["sku"]: (p["cooperative"] or {}).get("id") for p in catalog.products()}


def worklist(catalog: Catalog, query: str = "") -> list[dict[str, Any]]:
    return list(catalog.get(f"/v1/catalog/suppliers{query}")["items"])


def decide(catalog: Catalog, supplier: dict[str, Any], cooperative_id: str | None, key: str | None = None) -> Any:
    return catalog.post(f"/v1/catalog/suppliers/{supplier['id']}/decision", {"cooperative_id": cooperative_id}, key=key)


def test_a_number_decides_and_a_name_proposes(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve(simulator, OWN, UNKNOWN, NOBODYS)

    assert counts(catalog.sync("sheet")) == (3, 3, 0, 0, 0, 0)

    assert owners(catalog) == {"G1": GAYO.id, "M5": None, "B5": None}
    [waiting] = worklist(catalog)
    assert (waiting["name"], waiting["state"], waiting["cooperative"]) == ("KUD TANI MULUS", "open", None)
    assert waiting["proposals"] == [
        {"cooperative": {"id": MULUS.id, "name": MULUS.name, "regency": MULUS.regency}, "likeness": 100}
    ]
    [matched] = worklist(catalog, f"?cooperative_id={GAYO.id}")
    assert (matched["name"], matched["state"], matched["basis"]) == ("CV Anu", "matched", "nib")


def test_the_cooperative_of_a_source_is_only_that_of_rows_that_name_no_supplier(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    body = {"cooperative_id": MULUS.id}
    catalog.http(api.handler, "PUT", "/v1/catalog/sources/sheet", body, caller=OFFICE, key="source")
    serve(simulator, OWN, UNKNOWN, NOBODYS)

    catalog.sync("sheet")

    assert owners(catalog) == {"G1": GAYO.id, "M5": None, "B5": MULUS.id}
    assert [p["packs"][0]["sku"] for p in catalog.products(f"?cooperative_id={MULUS.id}")] == ["B5"]


def test_an_accepted_proposal_holds_at_once_and_in_every_later_sync(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve(simulator, OWN, UNKNOWN)
    catalog.sync("sheet")
    [waiting] = worklist(catalog)

    accepted, again = (decide(catalog, waiting, MULUS.id, key="yes") for _ in range(2))

    assert (accepted.status, accepted.json["state"], accepted.json["decided_by"]) == (200, "decided", OFFICE.id)
    assert (again.json, again.headers["idempotency-replayed"]) == (accepted.json, "true")
    assert owners(catalog)["M5"] == MULUS.id
    assert [p["packs"][0]["sku"] for p in catalog.products(f"?cooperative_id={MULUS.id}")] == ["M5"]
    serve(simulator, OWN, UNKNOWN.replace("55.000", "57.000"))
    assert catalog.sync("sheet")["updated"] == 1
    assert (owners(catalog)["M5"], worklist(catalog)) == (MULUS.id, [])


def test_a_rejected_supplier_stays_nobodys_until_it_is_decided_anew(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve(simulator, OWN, UNKNOWN)
    catalog.sync("sheet")
    [waiting] = worklist(catalog)

    decide(catalog, waiting, None)
    catalog.sync("sheet")

    assert (owners(catalog)["M5"], worklist(catalog)) == (None, [])
    [rejected] = worklist(catalog, "?state=rejected")
    assert decide(catalog, rejected, MULUS.id).status == 200
    assert owners(catalog)["M5"] == MULUS.id


def test_a_cooperative_that_is_registered_later_is_found_by_the_next_sync(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    serve(simulator, LATER)
    catalog.sync("sheet")
    assert owners(catalog) == {"X1": None}

    deps.db().commit(
        deps.cooperatives().add(Cooperative("cop_new", "Koperasi Baru", "Kediri", npwp="0019999999901000"))
    )
    assert catalog.sync("sheet")["unchanged"] == 1

    assert owners(catalog) == {"X1": REGISTERED_LATER.id}


def test_products_of_one_name_and_two_suppliers_are_two(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve(simulator, UNKNOWN, f"G5;Beras Premium 5 kg;Rp58.000;CV Anu;{NIB};", NOBODYS)

    catalog.sync("sheet")

    assert owners(catalog) == {"M5": None, "G5": GAYO.id, "B5": None}


def test_the_data_gateways_suppliers_are_known_by_their_numbers(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve_inaproc(simulator, [("B5", 5, 55_000)])
    about = {"kode_penyedia": SUPPLIER, "nama_penyedia": "PT CONTOH PANGAN", "nib": NIB, "npwp_penyedia": NPWP}
    product = {"kd_produk": "B5", "nama_produk": "Beras 5 kg", "status_produk_tayang": True}
    bought = {
        "order_id": "o1", "product_id": "B5", "kode_penyedia": SUPPLIER, "status": "COMPLETED", "total_qty": 1,
        "total": 55_000,
    }  # fmt: skip
    simulator.serve(about | {"email": "a@example.go.id"}, product, bought, source="inaproc")

    catalog.sync("inaproc")

    assert owners(catalog) == {"B5": GAYO.id}
    assert "a@example.go.id" not in str(list(deps.db().scan(deps.table("catalog"))))


def test_the_service_buses_suppliers_are_known_by_tax_number_or_by_name(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    def product(number: int, **more: Any) -> dict[str, Any]:
        return {"kd_produk": number, "nama_produk": f"Beras Premium {number} kg", "harga": number * 11_000, **more}

    bought = [{"kd_paket": n, "kd_produk": n, "tahun_anggaran": 2023, "kd_klpd": "K48"} for n in (1, 2)]
    supplier = {"kd_penyedia": 77, "nama_penyedia": "PT CONTOH PANGAN", "npwp_16": NPWP}
    named = product(2, nama_penyedia="Tani Mulus")
    simulator.serve(bought[0] | {"kd_penyedia": 77}, bought[1], product(1), named, supplier, source="isb")

    catalog.sync("isb")

    assert owners(catalog) == {"1": GAYO.id, "2": None}
    assert [(w["name"], w["proposals"][0]["cooperative"]["id"]) for w in worklist(catalog)] == [
        ("Tani Mulus", MULUS.id)
    ]


def test_what_is_asked_wrongly_is_refused(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve(simulator, UNKNOWN)
    catalog.sync("sheet")
    [waiting] = worklist(catalog)

    assert decide(catalog, waiting, "cop_none").json["errors"][0]["pointer"] == "/cooperative_id"
    assert decide(catalog, {"id": "sup_none"}, None).status == 404
    assert catalog.http(api.handler, "GET", "/v1/catalog/suppliers?state=x", caller=OFFICE).status == 422
    assert catalog.http(api.handler, "GET", "/v1/catalog/suppliers", caller=STRANGER).status == 403
    assert catalog.http(api.handler, "GET", "/v1/catalog/market", caller=STRANGER).status == 403


# -- crashes and rivals


def test_a_decision_that_breaks_off_anywhere_is_made_once(catalog: Catalog, simulator: FeedSimulator) -> None:
    serve(simulator, UNKNOWN)
    catalog.sync("sheet")
    [waiting] = worklist(catalog)
    before = Snapshot()
    with seam() as whole:
        decide(catalog, waiting, MULUS.id, key="yes")
    end = _known(waiting)

    for at in crash_points(len(whole.calls)):
        before.restore()
        with seam(at, after=True):
            decide(catalog, waiting, MULUS.id, key="yes")
        assert decide(catalog, waiting, MULUS.id, key="yes").status == 200
        assert _known(waiting) == end


def test_a_person_who_decides_while_a_sync_finds_a_match_has_the_last_word(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    serve(simulator, LATER)
    catalog.sync("sheet")
    [waiting] = worklist(catalog)
    deps.db().commit(deps.cooperatives().add(REGISTERED_LATER))
    catalog.start("sheet")
    [message] = catalog.received()
    before = Snapshot()
    with seam() as made:
        catalog.deliver(message)
    assert owners(catalog) == {"X1": REGISTERED_LATER.id}

    for at in (number for number, call in enumerate(made.calls, 1) if call == "TransactWriteItems"):
        before.restore()
        with rival(at, lambda: decide(catalog, waiting, GAYO.id, key="mine")):
            catalog.deliver(message)
        catalog.drain()
        assert owners(catalog) == {"X1": GAYO.id}


def test_a_supplier_that_is_new_to_two_messages_at_once_keeps_what_was_decided_between(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    serve(simulator, UNKNOWN)
    catalog.start("sheet")
    [message] = catalog.received()

    def twin_and_a_person() -> None:
        catalog.deliver(message)
        decide(catalog, worklist(catalog)[0], GAYO.id)

    with rival(_first_write(catalog, message), twin_and_a_person):
        catalog.deliver(message)
    catalog.drain()

    assert owners(catalog) == {"M5": GAYO.id}


def _first_write(catalog: Catalog, message: dict[str, Any]) -> int:
    """Return which call of the message is its first write; nothing of it stays."""
    before = Snapshot()
    with seam() as made:
        catalog.deliver(message)
    before.restore()
    return made.calls.index("TransactWriteItems") + 1


def test_two_people_who_decide_at_once_leave_one_decision_and_both_are_answered(
    catalog: Catalog, simulator: FeedSimulator
) -> None:
    serve(simulator, UNKNOWN)
    catalog.sync("sheet")
    [waiting] = worklist(catalog)
    before = Snapshot()
    with seam() as whole:
        decide(catalog, waiting, MULUS.id)

    for at in range(1, whole.calls.index("TransactWriteItems") + 2):
        before.restore()
        with rival(at, lambda: decide(catalog, waiting, None)):
            answer = decide(catalog, waiting, MULUS.id)
        assert (answer.status, answer.json["cooperative"]["id"], owners(catalog)["M5"]) == (200, MULUS.id, MULUS.id)


def _known(waiting: dict[str, Any]) -> Any:
    return deps.db().get(deps.table("catalog"), {"pk": f"SUPPLIER#{waiting['id']}", "sk": "SUPPLIER"})

"""Random histories of people who list packs in the sixth e-catalogue: no pack is ever there twice, and all arrive.

Workbooks are made, uploaded, forgotten to be marked, thrown away though somebody uploads them, and refused in part; the
gateway shows everything a day late; processes are lost. Each history is drawn from its seed, on tables in memory.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from catalog import api
from lumbung.domain.listing import ADD, END, LAG, sku_in
from lumbung.domain.supplier import KnownSupplier, told_by
from lumbung.runtime import clock, deps, deps_catalog
from lumbung.store.table import Database
from tests.faults.seam import Crash, crash_points
from tests.integration.catalog_world import MULUS, OFFICE, Catalog, follow_products
from tests.integration.conftest import NOW, call
from tests.integration.test_catalog_histories import Fragile
from tests.memory_dynamodb import MemoryDynamoDB

STEPS = 40  # of one history


class Catalogue:
    """The sixth e-catalogue: what was uploaded to it, by number, with what buyers see."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Any]] = {}  # number → since when, name, visible
        self.uploaded: set[str] = set()

    def upload(self, workbook: dict[str, Any], refused: set[str], at: datetime) -> None:
        self.uploaded.add(workbook["id"])
        for line in workbook["lines"]:
            number = line["number"] or f"n{len(self.entries)}"
            if line["sku"] not in refused:
                self.entries[number] = [at, line["entry"]["name"], line["action"] != END]

    def shown(self, at: datetime) -> list[dict[str, Any]]:
        return [
            {"kd_produk": number, "nama_produk": name, "status_produk_tayang": visible}
            for number, (since, name, visible) in self.entries.items() if since + LAG <= at
        ]  # fmt: skip


class History:
    def __init__(self, seed: int, fragile: Fragile) -> None:
        self.random, self.fragile, self.now = Random(seed), fragile, NOW
        self.office, self.there = Catalog(call), Catalogue()
        packs = [{"sku": f"S{n}", "weight_g": n * 1_000, "price": n * 11_000} for n in range(1, 5)]
        body = {"cooperative_id": MULUS.id, "name": "Beras Premium", "commodity": "rice", "packs": packs}
        self.product = self.ask("/v1/catalog/products", body).json["id"]
        follow_products()

    def step(self) -> None:
        acts = (self.edit, self.make, self.upload, self.mark, self.discard, self.look, self.wait)
        self.random.choices(acts, weights=(1, 2, 2, 1, 1, 1, 1))[0]()
        skus = Counter(sku_in(name) for _, name, _ in self.there.entries.values())
        assert not [sku for sku, entries in skus.items() if entries > 1], "a pack is listed twice"

    def edit(self) -> None:
        n = self.random.randrange(1, 5)
        body = {"packs": [{"sku": f"S{n}", "weight_g": n * 1_000, "price": n * self.random.randrange(9_000, 12_000)}]}
        assert self.ask(f"/v1/catalog/products/{self.product}", body, method="PATCH").status == 200
        follow_products()

    def make(self) -> None:
        """Ask for a workbook, perhaps in a process that is lost: the request comes again then."""
        key = f"make{self.office.keys}"
        self.fragile.crash_in, self.fragile.after = self.random.randrange(3), self.random.random() < 0.5
        body = {"cooperative_id": MULUS.id, "commodity": "rice"}
        with suppress(Crash):
            self.ask("/v1/catalog/workbooks", body, key=key)
        self.fragile.crash_in = 0
        assert self.ask("/v1/catalog/workbooks", body, key=key).status in (201, 409)

    def upload(self) -> None:
        """Somebody uploads a file that was not, even one that was thrown away; what is refused is said, or not."""
        if waiting := [book for book in self.books() if book["id"] not in self.there.uploaded]:
            book = self.random.choice(waiting)
            new = [line["sku"] for line in book["lines"] if line["action"] == ADD]
            refused = {sku for sku in new if self.random.random() < 0.2 and not book["discarded_at"]}
            self.there.upload(book, refused, self.now if not book["discarded_at"] else self.moment(book))
            if refused and self.random.random() < 0.7:
                lines = [{"sku": sku, "reason": "foto"} for sku in sorted(refused)]
                assert self.on(book, "rejections", {"rejected": lines}).status == 200

    def moment(self, book: dict[str, Any]) -> datetime:
        """It was uploaded before it was thrown away, and nobody knew."""
        return datetime.fromisoformat(book["discarded_at"])

    def mark(self) -> None:
        if done := [book for book in self.books() if book["id"] in self.there.uploaded]:
            assert self.on(self.random.choice(done), "upload").status in (200, 409)

    def discard(self) -> None:
        if books := self.books():
            book = self.random.choice(books)
            if self.on(book, "discarding").status == 200 and book["id"] not in self.there.uploaded:
                if self.random.random() < 0.5:
                    self.there.upload(book, set(), self.now)
                else:
                    self.there.uploaded.add(book["id"])  # nobody has the file any more

    def look(self) -> None:
        answer = self.ask("/v1/catalog/listings/looks", {"cooperative_id": MULUS.id})
        assert answer.status == 202
        self.fragile.crash_in, self.fragile.after = self.random.randrange(6), self.random.random() < 0.5
        for _ in range(2):  # a message that was cut off comes again
            with suppress(Crash):
                self.office.deliver({"look": answer.json["id"]})
            self.fragile.crash_in = 0

    def wait(self) -> None:
        self.now += timedelta(hours=self.random.randrange(6, 48))

    def settle(self) -> None:
        """Let everybody do what they should: then everything is there as it is wanted."""
        for _ in range(3):
            for book in self.books():
                if book["id"] not in self.there.uploaded:
                    self.there.upload(book, set(), self.now)
                if not book["discarded_at"]:
                    self.on(book, "upload")
            self.now += 2 * LAG
            self.look()
            self.refuse_what_never_came()
            self.ask("/v1/catalog/workbooks", {"cooperative_id": MULUS.id, "commodity": "rice"})
        states = {row["sku"]: row["state"] for row in self.rows()}
        assert states.keys() == {"S1", "S2", "S3", "S4"}
        assert set(states.values()) <= {"listed", "rejected"}, states

    def refuse_what_never_came(self) -> None:
        here = {sku_in(name) for _, name, _ in self.there.entries.values()}
        for row in self.rows():
            if row["workbook_id"] in self.there.uploaded and row["sku"] not in here:
                lines = {"rejected": [{"sku": row["sku"], "reason": "tidak diterima"}]}
                assert self.on({"id": row["workbook_id"]}, "rejections", lines).status == 200

    def books(self) -> list[dict[str, Any]]:
        return list(self.office.get(f"/v1/catalog/workbooks?cooperative_id={MULUS.id}")["items"])

    def rows(self) -> list[dict[str, Any]]:
        return list(self.office.get(f"/v1/catalog/listings?cooperative_id={MULUS.id}")["items"])

    def on(self, book: dict[str, Any], what: str, body: Any = None) -> Any:
        return self.ask(f"/v1/catalog/workbooks/{book['id']}/{what}", body)

    def ask(self, path: str, body: Any, *, method: str = "POST", key: str | None = None) -> Any:
        self.office.keys += 1
        return call(api.handler, method, path, body, caller=OFFICE, key=key or f"h{self.office.keys}", at=self.now)


@pytest.fixture
def fragile(aws_env: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fragile]:
    indexes = {"by_list": ("list_key", "list_sort", False)}
    made = Fragile(MemoryDynamoDB({"CatalogTable": indexes, "OrdersTable": indexes}))
    database = Database(made)
    monkeypatch.setattr(deps, "db", lambda: database)
    monkeypatch.setattr("lumbung.runtime.queue.Queue.send", lambda self, delay_s=0, **message: None)
    told = told_by(code="01H", name=MULUS.name)
    known = KnownSupplier(told.id("inaproc"), "inaproc", told).decide(MULUS.id, by=OFFICE.id, at=NOW)
    database.commit(deps.cooperatives().add(MULUS), deps_catalog.suppliers().save(known))
    yield made


@pytest.mark.parametrize("seed", crash_points(200))
def test_no_pack_is_listed_twice_and_all_are_in_any_history_of_crashes(
    fragile: Fragile, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    history = History(seed, fragile)
    clock.use(lambda: history.now)
    monkeypatch.setattr(deps_catalog, "shown_of", lambda cooperative_id: history.there.shown(history.now))
    for _ in range(STEPS):
        history.step()
    history.settle()

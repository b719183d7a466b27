"""Random histories of a source and of the people who look after its products: invariant 10 holds after every step.

What was set here survives, also whose products a supplier's are; no price jumps and no packs go in bulk unless a person
approved; a broken row stops only itself. Each history is drawn from its seed, on tables in memory.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from catalog import api
from lumbung.domain.feed import FeedPage, Read, Row, without_contradictions
from lumbung.domain.guard import is_price_jump
from lumbung.domain.product import Pack, pack_field
from lumbung.domain.product_search import Search
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import told_by
from lumbung.domain.sync import HELD_ABOVE_PCT, Run
from lumbung.providers import lkpp_v5
from lumbung.runtime import clock, deps, deps_catalog
from lumbung.store import keys
from lumbung.store.catalog import Products
from lumbung.store.table import Database
from tests.faults.seam import Crash, crash_points
from tests.integration.catalog_world import OFFICE, Catalog
from tests.integration.conftest import NOW, call
from tests.integration.feed import a_produk
from tests.memory_dynamodb import MemoryDynamoDB

STEPS = 30  # of one history
NAMES = ("Beras Merah", "Beras Premium", "Tepung Terigu")
SUPPLIERS = ("KUD Satu", None, "KUD Tiga")  # who sells what is called so
SELLERS = ("cop_a", "cop_b", None)
READABLE, BROKEN, UNBELIEVABLE = "readable", "broken", "unbelievable"


class Fragile:
    """A store's client that loses its process at a write, before or after it took effect."""

    def __init__(self, memory: MemoryDynamoDB) -> None:
        self._memory, self.crash_in, self.after = memory, 0, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def transact_write_items(self, TransactItems: list[Any]) -> Any:
        self.crash_in -= 1
        if self.crash_in == 0 and not self.after:
            raise Crash
        answer = self._memory.transact_write_items(TransactItems)
        if self.crash_in == 0:
            raise Crash
        return answer


class ListFeed:
    """A source's rows as they are now, four a page."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def read(self, cursor: str | None) -> FeedPage:
        start = int(cursor or 0)
        some = self._rows[start : start + 4]
        more = str(start + 4) if start + 4 < len(self._rows) else None
        rows = without_contradictions((_sold(lkpp_v5.to_row(row)), row) for row in some)
        return FeedPage(rows, more, len(self._rows))


def _sold(row: Read) -> Read:
    """Return the row as a source tells it that has several suppliers."""
    name = SUPPLIERS[NAMES.index(row.name)] if isinstance(row, Row) else None
    return replace(row, supplier=told_by(code=None, name=name)) if isinstance(row, Row) and name else row


class History:
    """The source, what people did here, and what must therefore be true of the products."""

    def __init__(self, seed: int, fragile: Fragile) -> None:
        self.random, self.fragile = Random(seed), fragile
        self.catalog = Catalog(call)
        self.source: dict[str, list[Any]] = {
            f"S{n}": [NAMES[n % 3], n // 3 + 1, (n // 3 + 1) * 11_000, READABLE] for n in range(24)
        }
        self.sellers: dict[str, str | None] = {}  # suppliers that were decided on, and whose products theirs are
        self.local: dict[str, int] = {}  # packs that were set here: their prices
        self.unsettled: set[str] = set()  # packs that take their source's price only at its next whole run
        self.run: str | None = None
        self.started: set[str] = set()  # the packs that were unsettled before the run began
        self.told: dict[str, list[Any]] = {}  # the source as the run saw it: it does not change meanwhile
        self.active: set[str] = set()  # what was sold when the run began
        self.approved = False

    # -- what can happen

    def step(self) -> None:
        acts = [self.move_on] * 4 + [self.edit, self.follow, self.retry, self.decide]
        if self.run is None:
            acts += [self.change_source] * 4
        before = self.packs()
        act = self.random.choice(acts)
        act()
        self.check(before if act == self.move_on else None)

    def change_source(self) -> None:
        sku = f"S{self.random.randrange(30)}"
        if sku not in self.source:
            self.source[sku] = [self.random.choice(NAMES), 2, 25_000, READABLE]
            return
        row = self.source[sku]
        match self.random.randrange(8):
            case 0:
                gone = self.random.choice(([sku], [sku, *self.random.sample(sorted(self.source), 4)]))
                self.source = {sku: row for sku, row in self.source.items() if sku not in gone}
            case 1:
                row[3] = BROKEN
            case 2:
                row[3] = UNBELIEVABLE
            case 3:
                row[2] = row[2] * 2 if row[2] < 200_000 else row[2] // 2
            case 4:
                row[3] = READABLE
            case _:
                row[2] = row[2] * self.random.randrange(90, 111) // 100

    def edit(self) -> None:
        if packs := self.packs():
            product_id, pack = packs[self.random.choice(sorted(packs))]
            price = self.random.randrange(20_000, 90_000)
            body = {"packs": [{"sku": pack.sku, "weight_g": pack.weight_g, "price": price}]}
            assert self.ask("PATCH", f"/v1/catalog/products/{product_id}", body).status == 200
            self.local[pack.sku] = price

    def follow(self) -> None:
        if self.local:
            sku = self.random.choice(sorted(self.local))
            product_id, _ = self.packs()[sku]
            path = f"/v1/catalog/products/{product_id}/following"
            assert self.ask("POST", path, {"fields": [pack_field(sku)]}).status == 200
            del self.local[sku]
            self.unsettled.add(sku)

    def decide(self) -> None:
        """Say whose products a supplier's are, perhaps not for the first time."""
        known = [
            one
            for query in ("", "?state=rejected", *(f"?cooperative_id={id_}" for id_ in SELLERS if id_))
            for one in self.catalog.get(f"/v1/catalog/suppliers{query}")["items"]
        ]
        if known:
            supplier, seller = self.random.choice(known), self.random.choice(SELLERS)
            path = f"/v1/catalog/suppliers/{supplier['id']}/decision"
            assert self.ask("POST", path, {"cooperative_id": seller}).status == 200
            self.sellers[supplier["id"]] = seller

    def retry(self) -> None:
        """Believe a row that was set aside, however old: its pack is as the row says until the source is read."""
        rows = [row for row in self.catalog.get("/v1/catalog/quarantine")["items"] if not row["taken_at"]]
        if rows:
            row = self.random.choice(rows)
            path = f"/v1/catalog/syncs/{row['sync_id']}/quarantine/{row['position']}/retry"
            assert self.ask("POST", path, {"believe": True}).status in (200, 422)
            received = row["row"]
            self.unsettled.add(received.get("sku") or received["informasi"]["no_produk_penyedia"])

    def move_on(self) -> None:
        """Start a run, deliver its message (perhaps twice, perhaps to a process that is lost), or decide on it."""
        if self.run is None:
            self.run, self.approved = self.catalog.start(), False
            self.started = set(self.unsettled)
            self.told = {sku: list(row) for sku, row in self.source.items()}
            self.active = self.sold()
            return
        if self.state().status == "held":
            yes = self.random.random() < 0.7
            answer = self.ask("POST", f"/v1/catalog/syncs/{self.run}/approval", {"approve": yes})
            assert answer.status == 200
            self.approved = yes
        else:
            self.fragile.crash_in, self.fragile.after = self.random.randrange(6), self.random.random() < 0.5
            with suppress(Crash):
                assert self.catalog.deliver({"run": self.run}) == {"batchItemFailures": []}
            self.fragile.crash_in = 0

    # -- what must be true

    def check(self, before: dict[str, tuple[str, Pack]] | None) -> None:
        now = self.packs()
        assert {sku: now[sku][1].price for sku in self.local} == self.local, "what was set here is lost"
        for product in deps_catalog.products().page(Search(), limit=100, start=None)[0]:
            if product.supplier_id:
                decided = self.sellers.get(product.supplier_id)
                assert product.cooperative_id == decided, "whose products these are was decided"
        if before is not None and not self.approved:
            jumped = [
                sku for sku, (_, pack) in before.items()
                if is_price_jump(pack.price, now[sku][1].price)
            ]  # fmt: skip
            assert jumped == [], "a price jumped, and nobody approved"
        if self.run and (run := self.state()).status in ("completed", "failed"):
            self.ended(run, now)
            self.run = None

    def ended(self, run: Run, now: dict[str, tuple[str, Pack]]) -> None:
        if not self.approved:
            gone = [sku for sku in self.active if not now[sku][1].active]
            assert len(gone) * 100 <= len(self.active | self.sold()) * HELD_ABOVE_PCT, "packs went in bulk"
        if run.status == "failed":
            return
        self.unsettled -= self.started
        for sku, (name, _, price, kind) in self.told.items():
            if kind == READABLE and sku not in self.local.keys() | self.unsettled | self.out_of_line():
                assert now[sku][1].active, f"{sku} of {name} is sold, and was withdrawn"
                assert now[sku][1].price == price, f"{sku} costs {price} at its source"
            if kind == BROKEN and sku in self.active:
                assert now[sku][1].active, f"{sku} cannot be read, and was withdrawn"

    def out_of_line(self) -> set[str]:
        """Return the packs that were new and too dear for premium rice: they wait for a person."""
        return {
            row["row"]["sku"] for row in self.catalog.get("/v1/catalog/quarantine")["items"]
            if row["reason"].startswith("di atas harga eceran tertinggi")
        }  # fmt: skip

    def sold(self) -> set[str]:
        return {sku for sku, (_, pack) in self.packs().items() if pack.active and not pack.local}

    def packs(self) -> dict[str, tuple[str, Pack]]:
        return {pack.sku: (p.id, pack) for p in deps_catalog.products().every() for pack in p.known_packs}

    def state(self) -> Run:
        assert self.run
        return deps_catalog.syncs().get(self.run)

    def rows(self) -> list[Any]:
        return [
            a_produk(sku, f"{name} {kg} kg", {READABLE: price, BROKEN: "gratis", UNBELIEVABLE: 2}[kind])
            for sku, (name, kg, price, kind) in self.source.items()
        ]

    def ask(self, method: str, path: str, body: Any) -> Any:
        self.catalog.keys += 1
        return call(api.handler, method, path, body, caller=OFFICE, key=f"h{self.catalog.keys}")


@pytest.fixture
def fragile(aws_env: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fragile]:
    indexes = {"by_list": ("list_key", "list_sort", False)}
    memory = MemoryDynamoDB({"CatalogTable": indexes, "OrdersTable": indexes})
    made = Fragile(memory)
    database = Database(made)
    monkeypatch.setattr(deps, "db", lambda: database)
    for id_ in filter(None, SELLERS):
        database.commit(deps.cooperatives().add(Cooperative(id_, f"Koperasi {id_}", "Subang")))
    monkeypatch.setattr("lumbung.runtime.queue.Queue.send", lambda self, delay_s=0, **message: None)
    monkeypatch.setattr("catalog.take_step.STEPS", 2)
    monkeypatch.setattr("catalog.read_page.ROOM", 4)
    monkeypatch.setattr(keys, "SHELVES", 2)
    monkeypatch.setattr(Products, "shelves", 2)
    clock.use(lambda: NOW)
    yield made


@pytest.mark.parametrize("seed", crash_points(150))
def test_no_local_work_is_lost_and_nothing_jumps_in_any_history_of_crashes(
    fragile: Fragile, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    history = History(seed, fragile)

    def one_feed() -> Callable[[Any], ListFeed]:
        feed = ListFeed(history.rows())
        return lambda run: feed

    monkeypatch.setattr(deps_catalog, "one_feed", one_feed)
    for _ in range(STEPS):
        history.step()

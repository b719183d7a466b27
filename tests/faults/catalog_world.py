"""The catalogue in memory: a source that is read, people who look after its products, and the sixth e-catalogue.

Driven only through what the template starts: HTTP, the sync queue, the bucket's queue, the stream and the nights.
What a source and the data gateway are asked passes the seam.
"""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from catalog import api, files_worker, schedule, stream, worker
from lumbung.domain.feed import FeedPage, Read, Row, without_contradictions
from lumbung.domain.moments import rfc3339
from lumbung.domain.people import Caller
from lumbung.domain.supplier import KnownSupplier, told_by
from lumbung.providers import lkpp_v5
from lumbung.runtime import clock, deps, deps_catalog
from lumbung.store import keys
from lumbung.store.catalog import Products
from lumbung.store.table import Database, Item, to_wire
from tests.faults import catalog_books, container
from tests.faults.catalog_books import Books
from tests.faults.memory_aws import MemoryAws
from tests.faults.ordering_world import Failed, an_aws, answered
from tests.faults.seam import outside
from tests.integration.catalog_world import MULUS, OFFICE, TIME_ENOUGH
from tests.integration.conftest import NOW, Reply, call
from tests.integration.feed import a_produk

QUEUE, SOURCE, A_PAGE = "SyncQueue", "lkpp_v5", 2
SELLER, CODE = "KUD Satu", "01HZZZ0000000000000000000A"
Body = dict[str, Any]


@dataclass
class CatalogWorld:
    """*rows*: what the source says, by sku as (name, kilograms, price). *shown*: what the sixth e-catalogue shows."""

    aws: MemoryAws
    now: datetime = NOW
    rows: dict[str, tuple[str, int, Any]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)  # names by number
    ids: dict[str, str] = field(default_factory=dict)
    local: dict[str, int] = field(default_factory=dict)  # what was set here: prices by sku
    before: dict[str, int] = field(default_factory=dict)  # prices of what was sold before the source changed
    told: dict[str, Item] = field(default_factory=dict)  # products as the stream told of them last
    approved: bool = False

    # -- standing still

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now."""
        restore, now, approved = self.aws.keep(), self.now, self.approved
        kept = {name: dict(getattr(self, name)) for name in ("rows", "shown", "ids", "local", "before", "told")}

        def again() -> None:
            restore()
            for name, value in kept.items():
                setattr(self, name, dict(value))
            self.approved = approved
            self.at(now)
            random.seed(1)
            self.fresh()

        return again

    def at(self, moment: datetime) -> None:
        self.now = moment
        clock.use(lambda: moment)

    def fresh(self) -> None:
        container.fresh(worker)

    # -- HTTP

    def post(
        self, path: str, body: Any = None, *, key: str, method: str = "POST", by: Caller = OFFICE
    ) -> Reply:  # fmt: skip
        """Send a request; Failed when it was not answered, or was told to come again."""
        with answered():
            reply = call(api.handler, method, f"/v1/catalog{path}", body, caller=by, key=key, at=self.now)
        if reply.status >= 500:
            raise Failed(reply.text)
        return reply

    def get(self, path: str) -> Any:
        with answered():
            return call(api.handler, "GET", f"/v1/catalog{path}", caller=OFFICE, at=self.now).json

    def price(self, sku: str, price: int, *, key: str) -> Reply:
        """The office sets a pack's price; from the first answer on it is ours, and what that answer says."""
        books, known = self.books(), self.local.pop(sku, None)
        product_id = next(product.id for product in books.products.values() if product.pack(sku))
        pack = {"sku": sku, "weight_g": books.packs[sku].weight_g, "price": price}
        reply = self.post(f"/products/{product_id}", {"packs": [pack]}, key=key, method="PATCH")
        if reply.status == 200:
            said = {pack["sku"]: pack["price"] for pack in reply.json["packs"] if pack["sku"] == sku}
            self.local |= {sku: known} if known and "idempotency-replayed" in reply.headers else said
        return reply

    def start(self, key: str) -> str:
        self.before = self.books().sold
        return str(self.post("/syncs", {"source": SOURCE}, key=key).json["id"])

    def approve(self, yes: bool, *, key: str) -> Reply:
        self.approved |= yes
        return self.post(f"/syncs/{self.ids['run']}/approval", {"approve": yes}, key=key)

    # -- what runs by itself

    def work(self, message: Body) -> None:
        """Hand one message to the worker; Failed when it wants to see it again."""
        record = {"messageId": "m", "body": json.dumps(message)}
        answered_whole(worker.handler({"Records": [record]}, TIME_ENOUGH))

    def put(self, name: str, sequencer: str) -> None:
        """A file is put into the bucket, which tells of it."""
        told = {"key": f"catalog/peppol/{name}", "eTag": name, "size": 1, "sequencer": sequencer}
        body = {"Records": [{"eventTime": rfc3339(self.now), "s3": {"object": told}}]}
        record = {"messageId": "m", "body": json.dumps(body)}
        answered_whole(files_worker.handler({"Records": [record]}, None))

    def night(self, **event: str) -> None:
        with answered():
            schedule.handler({"time": rfc3339(self.now), **event}, None)

    def follow(self) -> None:
        """Tell the stream's function of every product, and what it was when that was told last."""
        products = {item["pk"]: item for item in self._scan() if item["sk"] == "PRODUCT"}
        records = [{"dynamodb": _change(self.told.get(pk), item)} for pk, item in products.items()]
        with answered():
            answered_whole(stream.handler({"Records": records}, None))
        self.told = products

    def drain(self) -> None:
        for _ in range(200):
            message = self.aws.take(QUEUE)
            if message is None:
                return
            self.fresh()
            self.work(message)
        raise AssertionError("the queue does not run dry")

    def settle(self) -> None:
        """Let everything come to rest that needs nobody: messages, the look of the night, the stream."""
        self.drain()
        self.night(start="looks")
        self.drain()
        self.follow()

    # -- looking

    def books(self) -> Books:
        """Return what is stored, past the seam: who looks is no part of what happens."""
        return catalog_books.read(self._scan())

    def broken(self) -> list[str]:
        shown = [product for page in self._pages() for product in page]
        return list(catalog_books.broken(self.books(), shown, self.local, self.before, approved=self.approved))

    def end_state(self) -> dict[str, Any]:
        return catalog_books.end_state(self._scan())

    def _pages(self) -> Iterator[list[Body]]:
        cursor = ""
        while True:
            answer = self.get(f"/products?limit=50{cursor}")
            yield answer["items"]
            if not answer["next_cursor"]:
                return
            cursor = f"&cursor={answer['next_cursor']}"

    def _scan(self) -> list[Item]:
        return list(Database(self.aws.dynamodb).scan(deps.table("catalog")))


class ASource:
    """A source as it is now, some rows a page, each page asked for through the seam. Others have packs of their own."""

    def __init__(self, world: CatalogWorld, name: str) -> None:
        self._world, self._prefix = world, "" if name == SOURCE else name

    def read(self, cursor: str | None) -> FeedPage:
        return outside("read", lambda: self._page(int(cursor or 0)))

    def _page(self, start: int) -> FeedPage:
        rows = self._world.rows.items()
        told = [a_produk(self._prefix + sku, f"{name} {kg} kg", price) for sku, (name, kg, price) in rows]
        end = start + A_PAGE
        page = without_contradictions((_sold(lkpp_v5.to_row(row)), row) for row in told[start:end])
        return FeedPage(page, str(end) if end < len(told) else None, len(told))


def _sold(read: Read) -> Read:
    """Return the row as a source tells it that names who sells."""
    return replace(read, supplier=told_by(code=None, name=SELLER)) if isinstance(read, Row) else read


def _change(old: Item | None, new: Item) -> Body:
    return {"SequenceNumber": "1", "NewImage": to_wire(new)} | ({"OldImage": to_wire(old)} if old else {})


def answered_whole(answer: Body) -> None:
    if answer["batchItemFailures"]:
        raise Failed(str(answer))


@contextmanager
def a_catalog_world() -> Iterator[CatalogWorld]:
    """A cooperative that is known to the sixth e-catalogue, and a source of which nothing was read yet."""
    with an_aws() as aws, pytest.MonkeyPatch.context() as monkeypatch:
        world = CatalogWorld(aws)
        monkeypatch.setattr(deps_catalog, "one_feed", lambda: lambda run: ASource(world, run.source))
        monkeypatch.setattr(deps_catalog, "shown_of", lambda _: outside("shown", lambda: _shown(world)))
        monkeypatch.setattr("catalog.take_step.STEPS", 3)  # more than one message a run
        monkeypatch.setattr("catalog.read_page.ROOM", 2)  # and more than one commit a page
        monkeypatch.setattr(keys, "SHELVES", 2)
        monkeypatch.setattr(Products, "shelves", 2)
        world.at(NOW)
        told = told_by(code=CODE, name=MULUS.name)
        known = KnownSupplier(told.id("inaproc"), "inaproc", told).decide(MULUS.id, by=OFFICE.id, at=NOW)
        deps.db().commit(deps.cooperatives().add(MULUS), deps_catalog.suppliers().save(known))
        yield world


def _shown(world: CatalogWorld) -> list[Body]:
    return [{"kd_produk": number, "nama_produk": name} for number, name in world.shown.items()]

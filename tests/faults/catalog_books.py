"""Invariant 10 and what hangs on it, held over what is stored and what everybody sees. Nothing: all holds.

10  a sync never loses local work   `local_work`
    no price jumps unapproved       `jumps`
    nothing is withdrawn in bulk    `withdrawals`
    a source is free or at work     `sources`
    lists show what there is        `lists`
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lumbung.domain.guard import is_price_jump
from lumbung.domain.product import Pack, Product
from lumbung.domain.sync import HELD_ABOVE_PCT, Run
from lumbung.store import catalog_items, sync_items
from lumbung.store.table import Item

Broken = Iterator[str]
CHANCE = ("version",)  # how often something was written says nothing of what it has come to


@dataclass(frozen=True)
class Books:
    products: Mapping[str, Product]
    runs: Mapping[str, Run]
    running: Mapping[str, str | None]  # by source, which run has it to itself

    @property
    def packs(self) -> dict[str, Pack]:
        return {pack.sku: pack for product in self.products.values() for pack in product.known_packs}

    @property
    def sold(self) -> dict[str, int]:
        """Return the prices of what can be bought."""
        return {sku: pack.price for sku, pack in self.packs.items() if pack.active}


def read(items: Sequence[Item]) -> Books:
    products = [catalog_items.from_item(item) for item in items if item["sk"] == "PRODUCT"]
    runs = [sync_items.from_item(item) for item in items if item["sk"] == "RUN"]
    return Books(
        products={product.id: product for product in products},
        runs={run.id: run for run in runs},
        running={
            item["pk"].partition("#")[2]: item.get("running") for item in items if item["pk"].startswith("SOURCE#")
        },
    )


def broken(
    books: Books,
    shown: Sequence[Mapping[str, Any]],
    local: Mapping[str, int],
    before: Mapping[str, int],
    *,
    approved: bool,
) -> Broken:
    """Yield what does not hold: *shown* are the products that everybody sees, *before* what was sold before a run."""
    yield from local_work(books, local)
    if not approved:
        yield from jumps(books, local, before)
        yield from withdrawals(books, before)
    yield from sources(books)
    yield from lists(books, shown)


def local_work(books: Books, local: Mapping[str, int]) -> Broken:
    for sku, price in local.items():
        if books.packs[sku].price != price:
            yield f"10: {sku} was set to {price} here, and costs {books.packs[sku].price}"


def jumps(books: Books, local: Mapping[str, int], before: Mapping[str, int]) -> Broken:
    for sku, price in before.items():
        if sku not in local and is_price_jump(price, books.packs[sku].price):
            yield f"10: {sku} went from {price} to {books.packs[sku].price}, and nobody approved"


def withdrawals(books: Books, before: Mapping[str, int]) -> Broken:
    gone = [sku for sku in before if not books.packs[sku].active]
    if len(gone) * 100 > len(before) * HELD_ABOVE_PCT:
        yield f"10: {gone} of {len(before)} went, and nobody approved"


def sources(books: Books) -> Broken:
    for source, run_id in books.running.items():
        if run_id and books.runs[run_id].status != "running":
            yield f"10: {source} is kept by {run_id}, which is {books.runs[run_id].status}"
    for run in books.runs.values():
        if run.status == "running" and books.running.get(run.source) != run.id:
            yield f"10: {run.id} runs, and does not have {run.source}"


def lists(books: Books, shown: Sequence[Mapping[str, Any]]) -> Broken:
    listed = Counter(product["id"] for product in shown)
    sold = {product.id for product in books.products.values() if product.state == "active"}
    if listed != Counter(sold):
        yield f"10: {sorted(sold)} are sold, and {dict(listed)} are shown"
    for product in shown:
        for pack in product["packs"]:
            if (known := books.packs[pack["sku"]]).price != pack["price"]:
                yield f"10: {pack['sku']} costs {known.price}, and {pack['price']} is shown"


def end_state(items: Sequence[Item]) -> dict[str, Any]:
    """Return all that is stored, but for how often it was written.

    Looks are left out, since after one that fails comes another, and places in lists that are marked as gone.
    """
    return {
        f"{item['pk']} {item['sk']}": {name: value for name, value in item.items() if name not in CHANCE}
        for item in items
        if item["sk"] != "LOOK" and not (item["pk"].startswith("FIND#") and "expires" in item)
    }

"""After the last page: compare with what was seen, withdraw what is gone, apply what a person approved."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from catalog.ports import Products, Syncs
from lumbung.domain.product import Product, differences
from lumbung.domain.sync import Run, not_seen, take_row

AT_ONCE = 30  # products in one transaction, each with its difference


def weigh_shelf(run: Run, *, products: Products, syncs: Syncs) -> Run:
    """Count the packs on the run's next shelf, and those that it did not see; nothing is withdrawn yet."""
    seen = syncs.seen_on_shelf(run, run.offset)
    active = missing = 0
    for some in products.shelf(run.source, run.offset):
        active += sum(pack.active and not pack.local for product in some for pack in product.known_packs)
        missing += sum(len(not_seen(product, seen)) for product in some)
    return _commit(run.weighed(active=active, missing=missing, shelves=products.shelves), syncs)


def withdraw_shelf(run: Run, *, products: Products, syncs: Syncs) -> Run:
    """Withdraw the packs on the run's next shelf that it did not see; done again after a crash, it goes on."""
    number = run.offset
    seen = syncs.seen_on_shelf(run, number)
    for some in products.shelf(run.source, number):
        gone = [(product, skus) for product in some if (skus := not_seen(product, seen))]
        for start in range(0, len(gone), AT_ONCE):
            run = _withdraw(run, gone[start : start + AT_ONCE], products=products, syncs=syncs)
    run = replace(run, offset=number + 1)
    return _commit(run if run.offset < products.shelves else run.after_withdrawing(), syncs)


def _withdraw(run: Run, gone: list[tuple[Product, list[str]]], *, products: Products, syncs: Syncs) -> Run:
    writes = []
    for product, skus in gone:
        after = product.without(skus, at=run.moved_at)
        number = run.counts.withdrawn
        run = run.progress(offset=run.offset, withdrawn=len(skus))
        writes += [products.save(after), *syncs.note(run, number, differences(product, after))]
    return syncs.commit(run, *writes)


def release_rows(run: Run, *, products: Products, syncs: Syncs, product_id: Callable[[str], str]) -> Run:
    """Apply the next rows that were set aside, now that a person has approved their prices."""
    rows = syncs.aside(run, limit=AT_ONCE)
    known = dict(products.stored({product_id(row.group) for _, row in rows}))
    before = dict(known)
    counts = Counter[str]()
    for cursor, row in rows:
        id_ = product_id(row.group)
        taken = take_row(known.get(id_), row, product_id=id_, source=run.source, at=run.moved_at, trusted=True)
        counts[taken.outcome] += taken.outcome != "unchanged"
        known[id_] = taken.product
        run = replace(run, cursor=cursor)
    saves = [products.save(product) for id_, product in known.items() if product is not before.get(id_)]
    run = run.progress(offset=0, **counts)
    return _commit(run if len(rows) == AT_ONCE else run.complete(), syncs, *saves)


def _commit(run: Run, syncs: Syncs, *also: object) -> Run:
    leaves = syncs.leave(run) if run.status != "running" else []
    return syncs.commit(run, *also, *leaves)

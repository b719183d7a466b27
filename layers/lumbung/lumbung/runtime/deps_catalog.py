"""Wiring of the catalogue context alone."""

import os
from collections.abc import Callable
from functools import cache, partial

from lumbung.domain import ids
from lumbung.domain.sync import Run
from lumbung.providers.lkpp_v5 import LkppV5
from lumbung.runtime import clock, deps
from lumbung.store.catalog import Products
from lumbung.store.feed_directory import Directory
from lumbung.store.syncs import Syncs


@cache
def products() -> Products:
    return Products(deps.db(), deps.table("catalog"))


@cache
def syncs() -> Syncs:
    return Syncs(deps.db(), deps.table("catalog"), clock.now)


@cache
def feed(source: str) -> LkppV5:
    """Return the adapter of a source; KeyError for one that is none."""
    feeds = {"lkpp_v5": lambda: LkppV5(os.environ["LKPP_V5_BASE_URL"], deps.secret("LKPP_V5_SECRET")["secretkey"])}
    return feeds[source]()


@cache
def feed_directory() -> Directory:
    return Directory(products(), clock.now)


def feed_secrets() -> tuple[str, ...]:
    """Return the keys with which the e-catalogue may pull: while one is exchanged, the one before as well."""
    secret = deps.secret("LKPP_FEED_SECRET")
    return tuple(secret[name] for name in ("secretkey", "previous_secretkey") if name in secret)


def product_ids(run: Run) -> Callable[[str], str]:
    """Return what makes the id of a product from the group of its rows."""
    return partial(ids.derive, "prd_", deps.id_secret(), run.source)

"""Wiring of the catalogue context alone."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from lumbung.domain import ids
from lumbung.domain.feed import FeedPage, Read, SourceRefuses
from lumbung.domain.listing import GATEWAY
from lumbung.domain.market import Market
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import OPEN
from lumbung.domain.sync import PEPPOL, SHEET, Quarantined, Run
from lumbung.providers.feed_file import Opened, fetched
from lumbung.runtime import clock, deps
from lumbung.store.catalog import Products
from lumbung.store.decisions import Decisions
from lumbung.store.feed_directory import Directory
from lumbung.store.files import Files
from lumbung.store.listings import Listings
from lumbung.store.market import KEPT, Price
from lumbung.store.market import Market as MarketStore
from lumbung.store.product_index import Index
from lumbung.store.suppliers import NOBODYS, Suppliers
from lumbung.store.syncs import Syncs
from lumbung.store.uploads import Uploads

if TYPE_CHECKING:
    from lumbung.providers.inaproc import Inaproc


SUPPLIER_PLACES = {"open": OPEN, "rejected": NOBODYS}  # where those are listed that are of no cooperative
_WIB = ZoneInfo("Asia/Jakarta")  # whose days regulations count


class Feed(Protocol):
    """A source's adapter, as each of them is."""

    def read(self, cursor: str | None) -> FeedPage: ...


@cache
def products() -> Products:
    return Products(deps.db(), deps.table("catalog"))


@cache
def syncs() -> Syncs:
    return Syncs(deps.db(), deps.table("catalog"), clock.now)


@cache
def suppliers() -> Suppliers:
    return Suppliers(deps.db(), deps.table("catalog"))


@cache
def market() -> MarketStore:
    return MarketStore(deps.db(), deps.table("catalog"))


def market_on(at: datetime) -> Market:
    """Return what prices are held against at that time."""
    return Market.of((price.observed for price in market_prices(at)), on=at.astimezone(_WIB).date())


def market_prices(at: datetime) -> list[Price]:
    return market().read(since=at - KEPT)


@cache
def listings() -> Listings:
    return Listings(deps.db(), deps.table("catalog"))


def gateway_codes(cooperative_id: str) -> list[str]:
    """Return under which codes a cooperative sells in the sixth e-catalogue."""
    return [one.told.code for one in suppliers().of_cooperative(cooperative_id) if one.source == GATEWAY]


def shown_of(cooperative_id: str) -> Iterator[Any]:
    """Yield what the data gateway shows of a cooperative's products, as received.

    SourceRefuses for a cooperative that is none of its suppliers: that nothing is shown of it would mean nothing.
    """
    gateway, codes = _inaproc(), gateway_codes(cooperative_id)
    if not codes:
        raise SourceRefuses("the cooperative is not known as a supplier of the gateway")
    for code in codes:
        yield from gateway.products_of(code)


def as_workbook(title: str, rows: Iterable[Sequence[str | int]]) -> bytes:
    from lumbung.providers import workbook

    return workbook.write(title, rows)


def all_cooperatives() -> list[Cooperative]:
    """Return every cooperative: some hundred bytes each, for who compares them all."""
    found: list[Cooperative] = []
    start = None
    while True:
        some, start = deps.cooperatives().page(limit=1000, start=start)
        found += some
        if start is None:
            return found


def one_feed() -> Callable[[Run], Feed]:
    """Return what gives a run's adapter, made once; KeyError for a source that is none.

    Its packages are loaded with it alone.
    """
    made: dict[str, Feed] = {}

    def feed(run: Run) -> Feed:
        if run.id not in made:
            made[run.id] = _FILES[run.source](_opener(run)) if run.source in _FILES else _FEEDS[run.source]()
        return made[run.id]

    return feed


@cache
def index() -> Index:
    return Index(deps.db(), deps.table("catalog"))


@cache
def files() -> Files:
    return Files(deps.aws("s3"), os.environ["FILES_BUCKET"])


@cache
def uploads() -> Uploads:
    return Uploads(deps.aws("s3"), os.environ["FILES_BUCKET"])


def reread(row: Quarantined) -> Read | None:
    """Return what a quarantined row says now; None where its source alone can tell."""
    match row.source:
        case "lkpp_v5":
            from lumbung.providers import lkpp_v5

            return lkpp_v5.to_row(row.row)
        case "isb":
            from lumbung.providers import isb

            return isb.to_row(row.row)
        case "sheet":
            from lumbung.providers import sheet

            return sheet.read_again(row.row, _columns())
    return None


def _inaproc() -> "Inaproc":
    from lumbung.providers.inaproc import Inaproc

    token, suppliers = deps.secret("INAPROC_SECRET")["token"], _listed("INAPROC_SUPPLIERS")
    return Inaproc(os.environ["INAPROC_BASE_URL"], token, suppliers, _scope("INAPROC_SCOPE"))


def _isb() -> Feed:
    from lumbung.providers.isb import Isb

    secret = deps.secret("ISB_SECRET")
    return Isb(os.environ["ISB_BASE_URL"], secret["api_key"], secret, _scope("ISB_SCOPE"))


def _lkpp_v5() -> Feed:
    from lumbung.providers.lkpp_v5 import LkppV5

    return LkppV5(os.environ["LKPP_V5_BASE_URL"], deps.secret("LKPP_V5_SECRET")["secretkey"])


def _peppol(opened: Callable[[], Opened]) -> Feed:
    from lumbung.providers.peppol import Peppol

    return Peppol(opened)


def _sheet(opened: Callable[[], Opened]) -> Feed:
    from lumbung.providers.sheet import sheet

    return sheet(opened, _columns())


def _columns() -> Mapping[str, str]:
    """Return what the columns of spreadsheets mean, where that is not usual."""
    configured = syncs().source(SHEET)
    return configured.columns if configured else {}


def _opener(run: Run) -> Callable[[], Opened]:
    """Return what opens the file that *run* reads: in the bucket, or at its supplier's.

    The nightly run reads nothing that has not changed; who starts one by hand wants all of it read.
    """
    if file := run.file:
        return lambda: Opened(files().open(file), file.tag)
    from lumbung.providers.feed_wire import Wire

    wire, source = Wire(os.environ[_ADDRESSES[run.source]]), syncs().source(run.source)
    unless = source.tag if source and run.started_by == "schedule" and run.cursor is None else None
    return lambda: fetched(*wire.file("", unless=unless))


def _listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ[name].split(",") if part.strip()]


def _scope(name: str) -> list[tuple[int, str]]:
    """Return [(2025, "K34"), …] of `2025:K34,2025:K48`: a year, and the institution whose purchases are read."""
    return [(int(year), code) for year, _, code in (part.partition(":") for part in _listed(name))]


_FEEDS: dict[str, Callable[[], Feed]] = {
    "inaproc": _inaproc,
    "isb": _isb,
    "lkpp_v5": _lkpp_v5,
}
_ADDRESSES = {PEPPOL: "PEPPOL_URL", SHEET: "SHEET_URL"}
_FILES: dict[str, Callable[[Callable[[], Opened]], Feed]] = {PEPPOL: _peppol, SHEET: _sheet}


@cache
def decide() -> Decisions:
    return Decisions(deps.db(), deps.earlier)


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

"""A page of a search costs as much among a hundred thousand products as among a thousand."""

import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from lumbung.domain.product import COMMODITIES, Pack, Product
from lumbung.domain.product_search import Search
from lumbung.store.catalog import Products
from lumbung.store.product_index import Index
from lumbung.store.table import Database
from tests.bench.disk_dynamodb import DiskDynamoDB
from tests.bench.test_catalog_feeds import LARGEST
from tests.integration.conftest import NOW

MANY = max(1_000, LARGEST // 10)
GOODS = ("Beras", "Telur", "Bayam", "Pisang", "Kopi", "Gula", "Minyak", "Tepung", "Sapi", "Tongkol", "Keripik", "Garam")
KINDS = ("Premium", "Medium", "Super", "Istimewa", "Pilihan", "Lokal", "Segar")
PLACES = ("Indramayu", "Cianjur", "Solok", "Gayo", "Bantul", "Garut", "Brebes", "Wajo", "Sidrap", "Demak", "Jawa Barat")
SEARCHES = {
    "everything": Search(),
    "a common word": Search(text="premium"),
    "a rare word": Search(text="organik"),
    "the beginning of a word": Search(text="isti"),
    "two words": Search(text="beras organik"),
    "two words that never meet": Search(text="beras segar telur"),
    "a kind": Search(commodity="rice"),
    "a cooperative": Search(cooperative_id="cop_7"),
    "a price": Search(min_per_kg=20_000, max_per_kg=20_100),
    "a kind at a price": Search(commodity="rice", max_per_kg=12_000),
    "a region": Search(region="jawa barat"),
    "a region's cooperatives": Search(region="sidrap", in_region=("cop_3", "cop_5")),
    "all at once": Search(text="organik", commodity="rice", region="solok", min_per_kg=10_000, state="active"),
    "what is withdrawn": Search(state="withdrawn"),
    "nothing": Search(text="zzz"),
}


def a_product(n: int) -> Product:
    good, kind, place = n % len(GOODS), n % len(KINDS), n % len(PLACES)
    rare = " Organik" if n % 997 == 0 else ""
    pack = Pack(f"S{n}", 1_000, 8_000 + n * 37 % 90_000, active=n % 503 != 0)
    return Product(
        f"prd_{n}", f"{GOODS[good]} {KINDS[kind]}{rare} nomor {n}", COMMODITIES[good], (pack,),
        origin=PLACES[place], cooperative_id=f"cop_{n % 400}",
    )  # fmt: skip


def filled(disk: DiskDynamoDB, numbers: Iterable[int]) -> None:
    db = Database(disk)
    products, index = Products(db, "CatalogTable"), Index(db, "CatalogTable")
    made = map(a_product, numbers)
    while some := list(islice(made, 90)):
        db.commit(*[write for product in some for write in products.add(product)])
        index.follow([(None, product) for product in some], {product.id: product for product in some}, at=NOW)


def asked(disk: DiskDynamoDB, search: Search) -> tuple[int, int, float, float]:
    """Return what the first page of *search* shows, and its calls, read units and milliseconds."""
    products = Products(Database(disk), "CatalogTable")
    disk.forget()
    began = perf_counter()
    found, _ = products.page(search, limit=50, start=None)
    return len(found), disk.calls, disk.read_units, (perf_counter() - began) * 1000


def test_a_page_costs_the_same_however_many_products_there_are(
    benchmark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = DiskDynamoDB(tmp_path)
    filled(disk, range(1_000))
    few = {name: asked(disk, search) for name, search in SEARCHES.items()}
    disk.forget()
    filled(disk, range(1_000, MANY))
    places = disk.written["FIND"] / max(1, MANY - 1_000)
    many = benchmark.pedantic(lambda: {name: asked(disk, search) for name, search in SEARCHES.items()}, rounds=1)

    with capsys.disabled():
        sys.stdout.write(f"\nfirst page of 50, among 1,000 and {MANY:,} products; {places:.1f} places a product\n")
        for name in SEARCHES:
            (found, calls, units, ms), (found_, calls_, units_, ms_) = few[name], many[name]
            sys.stdout.write(
                f"{name:28} found {found:2} {found_:2}  calls {calls:3} {calls_:3}  units {units:6.1f} {units_:6.1f}  "
                f"ms {ms:6.1f} {ms_:6.1f}  {ms_ / ms:.1f}×\n"
            )
    for name, (_, calls, units, _) in many.items():
        assert calls <= 60, name
        assert units <= 400, name

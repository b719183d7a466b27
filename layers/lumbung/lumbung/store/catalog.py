"""Products. Who reads one that names no cooperative sees its supplier's, or else its source's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lumbung.domain.errors import Fault, Invalid, NotFound
from lumbung.domain.product import Product
from lumbung.domain.product_search import Search, listing, looked_up, wanted_terms, words
from lumbung.domain.sync import SOURCES
from lumbung.store import keys
from lumbung.store.catalog_items import from_item, to_item
from lumbung.store.product_index import Index, Reading
from lumbung.store.table import Database, Item, Put, Write

_LOOKS = 25  # pages that are looked through; then it answers with what it has, and where to go on


class Products:
    shelves = keys.SHELVES

    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table, self._index = db, table, Index(db, table)

    # -- as readers see them

    def get(self, product_id: str) -> Product:
        """Return the product, strongly read; NotFound."""
        if found := self.get_many([product_id]).get(product_id):
            return found
        raise NotFound(f"Produk {product_id} tidak ditemukan.")

    def get_many(self, ids: Sequence[str]) -> dict[str, Product]:
        """Return the products that exist, by id, strongly read."""
        places = [keys.catalog_source(name) for name in SOURCES]
        items = self._db.get_many(self._table, [*places, *map(keys.product, ids)])
        products = [from_item(item) for item in items if item["sk"] == "PRODUCT"]
        owners = self._and_suppliers(_owners(items), products)
        return {product.id: _owned(product, owners) for product in products}

    def page(self, search: Search, *, limit: int, start: Item | None) -> tuple[list[Product], Item | None]:
        """Return products by name (eventually consistent), and where the next page starts.

        A search that finds little reads only so much at a time: its page may be short, and still go on.
        """
        owners = _owners(self._db.get_many(self._table, [keys.catalog_source(name) for name in SOURCES]))
        sold_by = {
            cooperative: [
                cooperative,
                *(source for source, owner in owners.items() if owner == cooperative),
                *self._supplying(cooperative),
            ]
            for cooperative in filter(None, (search.cooperative_id, *search.in_region))
        }
        begin = {word: self._index.beginning(word) for t in (search.text, search.region) for word in looked_up(t)}
        sets = wanted_terms(search, sold_by, begin)
        if start and ("after" in start) != bool(sets):
            raise Invalid("cursor tidak dikenal", [Fault("/query/cursor", "tidak dikenal")])
        if not sets:
            return self._all(search, owners, limit=limit, start=start)
        reading = self._index.read(sets, *_told(search, sold_by), after=start["after"] if start else "")
        return self._found(reading, search, owners, limit=limit)

    def _all(
        self, search: Search, owners: dict[str, str], *, limit: int, start: Item | None
    ) -> tuple[list[Product], Item | None]:
        """Return products of any kind; of those that are looked for by their state, most are what is looked for."""
        found: list[Product] = []
        for _ in range(_LOOKS):
            items, start = self._db.query_page(
                self._table, "list_key = :kind", {":kind": "Product"}, index="by_list", limit=limit, start=start
            )
            products = [from_item(item) for item in items]
            known = self._and_suppliers(owners, products)
            for item, stored in zip(items, products, strict=True):
                product = _owned(stored, known)
                if search.finds(product):
                    found.append(product)
                    if len(found) == limit:
                        return found, _place(item) if item is not items[-1] else start
            if start is None:
                break
        return found, start

    def _found(
        self, reading: Reading, search: Search, owners: dict[str, str], *, limit: int
    ) -> tuple[list[Product], Item | None]:
        found: list[Product] = []
        while places := reading.take(limit):
            stored = self.stored(place.rpartition("#")[2] for place in places)
            known = self._and_suppliers(owners, stored.values())
            for place in places:
                product = stored.get(place.rpartition("#")[2])
                if product and listing(product).place == place and search.finds(_owned(product, known)):
                    found.append(_owned(product, known))
                    if len(found) == limit:
                        return found, {"after": place}
        return found, {"after": reading.stopped} if reading.stopped else None

    def _and_suppliers(self, owners: dict[str, str], products: Iterable[Product]) -> dict[str, str]:
        """Return *owners* with the cooperatives that the suppliers of *products* are."""
        ids = {one.supplier_id for one in products if one.supplier_id and not one.cooperative_id}
        items = self._db.get_many(self._table, [keys.supplier(id_) for id_ in ids])
        return owners | {item["pk"].partition("#")[2]: item["cooperative"] for item in items if "cooperative" in item}

    def _supplying(self, cooperative_id: str) -> Iterator[str]:
        """Yield the suppliers whose products are a cooperative's."""
        values = {":place": keys.suppliers_of(cooperative_id)}
        for item in self._db.query(self._table, "list_key = :place", values, index="by_list"):
            yield item["pk"].partition("#")[2]

    def every(self) -> Iterator[Product]:
        """Yield every product as it is stored, a page at a time (eventually consistent)."""
        yield from map(
            from_item, self._db.query(self._table, "list_key = :kind", {":kind": "Product"}, index="by_list")
        )

    # -- as they are stored

    def stored(self, ids: Iterable[str]) -> dict[str, Product]:
        """Return the products as they are stored: who writes one starts from this."""
        items = self._db.get_many(self._table, [keys.product(id_) for id_ in ids])
        return {product.id: product for product in map(from_item, items)}

    def shelf(self, source: str, number: int) -> Iterator[list[Product]]:
        """Yield the products of a source on one shelf, a hundred at a time, strongly read."""
        ids: list[str] = []
        for item in self._db.query(self._table, "pk = :shelf", {":shelf": keys.shelf(source, number)}):
            ids.append(item["sk"])
            if len(ids) == 100:
                yield list(self.stored(ids).values())
                ids = []
        if ids:
            yield list(self.stored(ids).values())

    # -- writes that are committed with others

    def add(self, product: Product) -> list[Write]:
        put = Put(self._table, to_item(product), when="attribute_not_exists(pk)")
        if product.source is None:
            return [put]
        place = keys.on_shelf(product.source.system, product.id)
        return [put, Put(self._table, dict(place))]

    def save(self, product: Product) -> Put:
        """Return the write of a changed product; Stale when somebody else changed it first."""
        after = replace(product, version=product.version + 1)
        return Put(self._table, to_item(after), when="version = :was", values={":was": product.version})


def _owners(items: Iterable[Item]) -> dict[str, str]:
    """Return the cooperative of each source that has one."""
    return {
        item["pk"].partition("#")[2]: item["cooperative"]
        for item in items
        if item["sk"] == "SOURCE" and "cooperative" in item
    }


def _owned(product: Product, owners: dict[str, str]) -> Product:
    if product.cooperative_id or product.source is None:
        return product
    return replace(product, cooperative_id=owners.get(product.supplier_id or product.source.system))


def _told(search: Search, sold_by: Mapping[str, Sequence[str]]) -> tuple[str, Item]:
    """Return the rule for what is told of a product in its lists, and the rule's values."""
    rules, values = "", Item()
    for n, word in enumerate(words(search.text or "")):
        values[f":word{n}"] = f" {word}"
        rules += f" AND contains(text, :word{n})"
    if search.commodity:
        values[":commodity"] = search.commodity
        rules += " AND commodity = :commodity"
    if search.cooperative_id:
        sellers = {f":seller{n}": seller for n, seller in enumerate(sold_by[search.cooperative_id])}
        values |= sellers
        rules += f" AND ({' OR '.join(f'seller = {name}' for name in sellers)})"
    for name, limit, holds in ((":low", search.min_per_kg, ">="), (":high", search.max_per_kg, "<=")):
        if limit is not None:
            values[name] = limit
            rules += f" AND (attribute_not_exists(per_kg) OR per_kg {holds} {name})"
    return rules, values


def _place(item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk", "list_key", "list_sort")}

"""Products. Who reads one that names no cooperative sees its supplier's, or else its source's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lumbung.domain.errors import NotFound
from lumbung.domain.product import Product, Search
from lumbung.domain.sync import SOURCES
from lumbung.store import keys
from lumbung.store.catalog_items import from_item, to_item
from lumbung.store.table import Database, Item, Put, Write

_LOOKED_AT = 200  # items a search reads at a time
_LOOKS = 25  # then it answers with what it has, and where to go on


class Products:
    shelves = keys.SHELVES

    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

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
        return {product.id: product for product in self._owned(products, _owners(items))}

    def page(self, search: Search, *, limit: int, start: Item | None) -> tuple[list[Product], Item | None]:
        """Return products by name (eventually consistent), and where the next page starts.

        A search that finds little reads only so much at a time: its page may be short, and still go on.
        """
        owners = _owners(self._db.get_many(self._table, [keys.catalog_source(name) for name in SOURCES]))
        only, values = _filter(search, owners, self._suppliers_of(search))
        found: list[Item] = []
        for _ in range(_LOOKS):
            items, start = self._db.query_page(
                self._table, "list_key = :kind", {":kind": "Product", **values},
                index="by_list", only=only, limit=_LOOKED_AT if only else limit, start=start,
            )  # fmt: skip
            found += items
            if len(found) > limit:
                found = found[:limit]
                start = _place(found[-1])
            if start is None or len(found) == limit:
                break
        return self._owned(map(from_item, found), owners), start

    def _owned(self, products: Iterable[Product], owners: dict[str, str]) -> list[Product]:
        """Return *products* with their cooperatives: a supplier's products are its own, and not its source's."""
        found = list(products)
        suppliers = {p.supplier_id for p in found if p.supplier_id and not p.cooperative_id}
        items = self._db.get_many(self._table, [keys.supplier(id_) for id_ in suppliers])
        owners = owners | {item["pk"].partition("#")[2]: item["cooperative"] for item in items if "cooperative" in item}
        return [_owned(product, owners) for product in found]

    def _suppliers_of(self, search: Search) -> dict[str, list[str]]:
        """Return the suppliers of each cooperative that *search* is about."""
        wanted = {*search.in_region, *filter(None, [search.cooperative_id])}
        return {cooperative_id: list(self._supplying(cooperative_id)) for cooperative_id in wanted}

    def _supplying(self, cooperative_id: str) -> Iterator[str]:
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


def _filter(search: Search, owners: dict[str, str], suppliers: dict[str, list[str]]) -> tuple[str | None, Item]:
    parts, values = [], {}
    for rule, value in (
        ("commodity = :commodity", search.commodity),
        ("state = :state", search.state),
        ("contains(search, :text)", search.text and search.text.casefold()),
        ("per_kg >= :least", search.min_per_kg),
        ("per_kg <= :most", search.max_per_kg),
    ):
        if value is not None:
            parts.append(rule)
            values[rule[rule.index(":") :].rstrip(")")] = value
    if search.cooperative_id:
        parts.append(_sold_by([search.cooperative_id], owners, suppliers, values))
    if search.region:
        values[":region"] = search.region.casefold()
        there = _sold_by(search.in_region, owners, suppliers, values, prefix="r") if search.in_region else ""
        parts.append(f"(contains(region, :region){' OR ' + there if there else ''})")
    return " AND ".join(parts) or None, values


def _sold_by(
    cooperatives: Sequence[str],
    owners: dict[str, str],
    suppliers: dict[str, list[str]],
    values: Item,
    prefix: str = "c",
) -> str:
    """Return the rule for what these cooperatives sell, also as a supplier or through a source of theirs; fills in
    *values*.
    """
    rules = []
    for n, cooperative_id in enumerate(cooperatives):
        values[f":{prefix}{n}"] = cooperative_id
        rules.append(f"cooperative = :{prefix}{n}")
    for n, source in enumerate(source for source, owner in owners.items() if owner in cooperatives):
        values[f":{prefix}s{n}"] = source
        rules.append(
            f"(attribute_not_exists(cooperative) AND attribute_not_exists(supplier) AND source = :{prefix}s{n})"
        )
    for n, supplier_id in enumerate(id_ for one in cooperatives for id_ in suppliers[one]):
        values[f":{prefix}p{n}"] = supplier_id
        rules.append(f"(attribute_not_exists(cooperative) AND supplier = :{prefix}p{n})")
    return f"({' OR '.join(rules)})"


def _place(item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk", "list_key", "list_sort")}

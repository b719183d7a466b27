"""A product as an item of the catalogue table."""

from typing import Any

from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.product import Mark, Pack, PriceSet, Product, Provenance
from lumbung.store import keys
from lumbung.store.table import Item


def to_item(product: Product) -> Item:
    source = product.source
    item: Item = {
        **keys.product(product.id),
        "kind": "PRODUCT",
        "list_key": "Product",
        "list_sort": f"{product.name.casefold()}#{product.id}",
        "name": product.name,
        "commodity": product.commodity,
        "grade": product.grade,
        "origin": product.origin,
        "attributes": dict(product.attributes) or None,
        "cooperative": product.cooperative_id,
        "supplier": product.supplier_id,
        "state": product.state,
        "packs": [[p.sku, p.weight_g, p.price, p.active, p.local, p.row_hash] for p in product.known_packs],
        "source": source.system if source else None,
        "external_id": source.external_id if source else None,
        "synced": to_ms(source.synced_at) if source else None,
        "local": {name: [to_ms(mark.at), mark.by] for name, mark in product.local.items()} or None,
        "prices": [[to_ms(p.at), p.sku, p.price, p.by] for p in product.prices] or None,
        "version": product.version,
    }
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Product:
    return Product(
        id=item["pk"].partition("#")[2],
        name=item["name"],
        commodity=item["commodity"],
        known_packs=tuple(Pack(*pack) for pack in item["packs"]),
        grade=item.get("grade"),
        origin=item.get("origin"),
        attributes=item.get("attributes", {}),
        cooperative_id=item.get("cooperative"),
        supplier_id=item.get("supplier"),
        source=_source(item),
        local={name: Mark(from_ms(at), by) for name, (at, by) in item.get("local", {}).items()},
        prices=tuple(PriceSet(from_ms(at), *rest) for at, *rest in item.get("prices", ())),
        version=item["version"],
    )


def _source(item: dict[str, Any]) -> Provenance | None:
    return Provenance(item["source"], item["external_id"], from_ms(item["synced"])) if "source" in item else None

"""Add a product by hand, or change one: what is set here survives every later sync."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.ports import Products, Syncs
from lumbung.domain.product import Pack, Product


def add_product(
    product_id: str,
    fields: Mapping[str, Any],
    packs: Sequence[Pack],
    *,
    at: datetime,
    by: str,
    products: Products,
    syncs: Syncs,
    first: Sequence[Any],
) -> Product:
    """Return the new product. *first* are writes that go before (the record of the request's key)."""
    product = Product(product_id, fields["name"], fields["commodity"]).edit(fields, packs, at=at, by=by)
    syncs.write(*first, *products.add(product))
    return product


def edit_product(
    product: Product,
    fields: Mapping[str, Any],
    packs: Sequence[Pack],
    *,
    at: datetime,
    by: str,
    products: Products,
    syncs: Syncs,
    first: Sequence[Any],
) -> None:
    """Set some fields and packs of *product*; Stale when somebody else changed it first."""
    syncs.write(*first, products.save(product.edit(fields, packs, at=at, by=by)))

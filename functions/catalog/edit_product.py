"""Add a product by hand, or change one: what is set here survives every later sync.

Who did it finds it at once: it is listed anew here already, and again by what the table's stream tells.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.ports import Index, Products, Syncs
from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.product import Pack, Product


def add_product(
    product_id: str,
    fields: Mapping[str, Any],
    packs: Sequence[Pack],
    *,
    at: datetime,
    by: str,
    products: Products,
    index: Index,
    syncs: Syncs,
    first: Sequence[Any],
) -> Product:
    """Return the new product. *first* are writes that go before (the record of the request's key)."""
    product = Product(product_id, fields["name"], fields["commodity"]).edit(fields, packs, at=at, by=by)
    syncs.write(*first, *products.add(product))
    index.follow([(None, product)], {product.id: product}, at=at)
    return product


def edit_product(
    product: Product,
    fields: Mapping[str, Any],
    packs: Sequence[Pack],
    *,
    at: datetime,
    by: str,
    products: Products,
    index: Index,
    syncs: Syncs,
    first: Sequence[Any],
) -> None:
    """Set some fields and packs of *product*; Stale when somebody else changed it first."""
    after = product.edit(fields, packs, at=at, by=by)
    syncs.write(*first, products.save(after))
    index.follow([(product, after)], {product.id: after}, at=at)


def follow_source(
    product: Product, names: Sequence[str], *, products: Products, syncs: Syncs, first: Sequence[Any]
) -> None:
    """Let *names* follow the product's source again; InvalidState without one, Invalid for what was not set here."""
    if product.source is None:
        raise InvalidState("Produk ini tidak mempunyai sumber.")
    faults = [
        Fault(f"/fields/{n}", "tidak ditetapkan di sini") for n, name in enumerate(names) if name not in product.local
    ]
    if faults:
        raise Invalid("Hanya yang ditetapkan di sini dapat dikembalikan ke sumbernya.", faults)
    syncs.write(*first, products.save(product.follow(names)), syncs.read_anew(product.source.system))

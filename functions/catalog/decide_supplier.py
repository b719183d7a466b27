"""A person says which cooperative a supplier is, or that it is none of ours: later syncs hold to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog.ports import Suppliers
from lumbung.domain.supplier import KnownSupplier


def decide_supplier(
    supplier_id: str, cooperative_id: str | None, *, at: datetime, by: str, suppliers: Suppliers, first: Sequence[Any]
) -> tuple[KnownSupplier, Sequence[Any]]:
    """Return the decided supplier, and the writes that decide it; NotFound. It may be decided anew."""
    decided = suppliers.get(supplier_id).decide(cooperative_id, by=by, at=at)
    return decided, [*first, suppliers.save(decided)]

"""Say whose products a page of a source holds: by number where one decides, else as proposals for a person."""

from collections.abc import Callable, Iterable, Sequence

from catalog.ports import Suppliers
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import KnownSupplier, Proposal, Supplier

Similar = Callable[[str, Sequence[Cooperative]], Iterable[Proposal]]


def match_suppliers(
    source: str,
    told: Iterable[Supplier],
    *,
    suppliers: Suppliers,
    cooperatives: Callable[[], Sequence[Cooperative]],
    similar: Similar,
) -> None:
    """Compare what is undecided with all *cooperatives*, and remember the outcome; Stale when a person was faster.

    The cooperatives are only asked for where somebody is undecided or has changed; what did not change is not written.
    """
    by_id = {supplier.id(source): supplier for supplier in told}
    known = suppliers.get_many(by_id)
    for id_, supplier in by_id.items():
        before = known.get(id_) or KnownSupplier(id_, source, supplier)
        if before.is_settled(supplier):
            continue
        after = before.compared(supplier, cooperatives(), similar(supplier.name, cooperatives()))
        if after != before or not before.version:
            suppliers.write(suppliers.save(after))

"""Who sells what sources tell, and which cooperative that is: what was once decided holds for every later sync."""

from collections.abc import Iterable
from dataclasses import asdict, replace

from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.supplier import DECIDED, OPEN, KnownSupplier, Proposal, Supplier
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

NOBODYS = "-"  # decided: of none of our cooperatives


class Suppliers:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def get(self, supplier_id: str) -> KnownSupplier:
        """Return the supplier, strongly read; NotFound."""
        if found := self.get_many([supplier_id]).get(supplier_id):
            return found
        raise NotFound(f"Penyedia {supplier_id} tidak ditemukan.")

    def get_many(self, ids: Iterable[str]) -> dict[str, KnownSupplier]:
        """Return the suppliers that are known, by id, strongly read."""
        items = self._db.get_many(self._table, [keys.supplier(id_) for id_ in ids])
        return {found.id: found for found in map(_from_item, items)}

    def page(self, place: str, *, limit: int, start: Item | None) -> tuple[list[KnownSupplier], Item | None]:
        """Return suppliers by name (eventually consistent): `OPEN`, `NOBODYS`, or those of a cooperative (its id)."""
        items, more = self._db.query_page(
            self._table, "list_key = :place", {":place": keys.suppliers_of(place)},
            index="by_list", limit=limit, start=start,
        )  # fmt: skip
        return [_from_item(item) for item in items], more

    def of_cooperative(self, cooperative_id: str) -> list[KnownSupplier]:
        """Return all whose products are a cooperative's (eventually consistent)."""
        where, values = "list_key = :place", {":place": keys.suppliers_of(cooperative_id)}
        return [_from_item(item) for item in self._db.query(self._table, where, values, index="by_list")]

    def save(self, supplier: KnownSupplier) -> Put:
        """Return the write of a new or changed supplier; Stale when somebody else wrote it first."""
        item = _to_item(replace(supplier, version=supplier.version + 1))
        if not supplier.version:
            return Put(self._table, item, when="attribute_not_exists(pk)")
        return Put(self._table, item, when="version = :was", values={":was": supplier.version})

    def write(self, *writes: Put) -> None:
        self._db.commit(*writes)


def _to_item(supplier: KnownSupplier) -> Item:
    place = supplier.cooperative_id or (NOBODYS if supplier.state == DECIDED else OPEN)
    item: Item = {
        **keys.supplier(supplier.id),
        "kind": "SUPPLIER",
        "list_key": keys.suppliers_of(place),
        "list_sort": f"{supplier.told.name.casefold()}#{supplier.id}",
        "source": supplier.source,
        "told": asdict(supplier.told),
        "state": supplier.state,
        "cooperative": supplier.cooperative_id,
        "basis": supplier.basis,
        "proposals": [[p.cooperative_id, p.likeness] for p in supplier.proposals] or None,
        "decided_by": supplier.decided_by,
        "decided_at": to_ms(supplier.decided_at) if supplier.decided_at else None,
        "version": supplier.version,
    }
    return {name: value for name, value in item.items() if value is not None}


def _from_item(item: Item) -> KnownSupplier:
    return KnownSupplier(
        id=item["pk"].partition("#")[2],
        source=item["source"],
        told=Supplier(**item["told"]),
        state=item["state"],
        cooperative_id=item.get("cooperative"),
        basis=item.get("basis"),
        proposals=tuple(Proposal(*one) for one in item.get("proposals", ())),
        decided_by=item.get("decided_by"),
        decided_at=from_ms(item["decided_at"]) if "decided_at" in item else None,
        version=item["version"],
    )

"""Hand-overs of cash, listed by drop-off."""

from collections.abc import Iterator

from lumbung.domain.cash import Remittance
from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Write


class Remittances:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def add(self, remittance: Remittance) -> Put:
        return Put(self._table, _to_item(remittance), when="attribute_not_exists(pk)")

    def accept(self, accepted: Remittance) -> Put:
        """Return the write of an acceptance; Stale when it was accepted meanwhile."""
        return Put(self._table, _to_item(accepted), when="status = :pending", values={":pending": "pending"})

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)

    def get(self, remittance_id: str) -> Remittance:
        """Return the hand-over, strongly read; NotFound."""
        item = self._db.get(self._table, keys.remittance(remittance_id))
        if item is None:
            raise NotFound(f"Setoran {remittance_id} tidak ditemukan.")
        return _from_item(item)

    def page(self, dropoff_id: str, *, limit: int, start: Item | None) -> tuple[list[Remittance], Item | None]:
        """Return a drop-off's hand-overs, newest first."""
        items, more = self._db.query_page(
            self._table, "list_key = :k", {":k": f"REMITTANCE#{dropoff_id}"},
            index="by_list", newest_first=True, limit=limit, start=start,
        )  # fmt: skip
        return [_from_item(item) for item in items], more

    def of_dropoff(self, dropoff_id: str) -> Iterator[Remittance]:
        values = {":k": f"REMITTANCE#{dropoff_id}"}
        for item in self._db.query(self._table, "list_key = :k", values, index="by_list"):
            yield _from_item(item)


def _to_item(remittance: Remittance) -> Item:
    item: Item = {
        **keys.remittance(remittance.id),
        "kind": "REMITTANCE",
        "dropoff": remittance.dropoff_id,
        "amount": remittance.amount,
        "method": remittance.method,
        "handed_by": remittance.handed_by,
        "handed_at": to_ms(remittance.handed_at),
        "status": remittance.status,
        "counted": remittance.counted,
        "refund": remittance.refund_id,
        "accepted_by": remittance.accepted_by,
        "accepted_at": to_ms(remittance.accepted_at) if remittance.accepted_at else None,
        "list_key": f"REMITTANCE#{remittance.dropoff_id}",
        "list_sort": f"{to_ms(remittance.handed_at)}#{remittance.id}",
    }
    return {name: value for name, value in item.items() if value is not None}


def _from_item(item: Item) -> Remittance:
    return Remittance(
        id=item["pk"].partition("#")[2],
        dropoff_id=item["dropoff"],
        amount=item["amount"],
        method=item["method"],
        handed_by=item["handed_by"],
        handed_at=from_ms(item["handed_at"]),
        status=item["status"],
        counted=item.get("counted"),
        accepted_by=item.get("accepted_by"),
        accepted_at=from_ms(item["accepted_at"]) if "accepted_at" in item else None,
        refund_id=item.get("refund"),
    )

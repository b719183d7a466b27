"""Settlements, one per wave and cooperative, and the payouts on them."""

from dataclasses import astuple

from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.settlement import Payout, ReceivedLine, Settlement, settlement_id
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Write


class Settlements:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    # -- writes

    def save(self, settlement: Settlement) -> Put:
        """Return the write of a new or changed settlement; Stale when somebody else changed it first."""
        item = _to_item(settlement) | {"version": settlement.version + 1}
        if not settlement.version:
            return Put(self._table, item, when="attribute_not_exists(pk)")
        return Put(self._table, item, when="version = :was", values={":was": settlement.version})

    def add_payout(self, payout: Payout) -> Put:
        item = {
            **keys.payout(payout.id),
            "kind": "PAYOUT",
            "settlement": payout.settlement_id,
            "wave": payout.wave_id,
            "cooperative": payout.cooperative_id,
            "amount": payout.amount,
            "paid_at": to_ms(payout.paid_at),
            "paid_by": payout.paid_by,
            "reference": payout.reference,
        }
        kept = {name: value for name, value in item.items() if value is not None}
        return Put(self._table, kept, when="attribute_not_exists(pk)")

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)

    # -- reading

    def find(self, wave_id: str, cooperative_id: str) -> Settlement | None:
        item = self._db.get(self._table, keys.settlement(settlement_id(wave_id, cooperative_id)))
        return _from_item(item) if item else None

    def get(self, id_: str) -> Settlement:
        """Return the settlement, strongly read; NotFound."""
        item = self._db.get(self._table, keys.settlement(id_))
        if item is None:
            raise NotFound(f"Penyelesaian {id_} tidak ditemukan.")
        return _from_item(item)

    def payout(self, payout_id: str) -> Payout:
        item = self._db.get(self._table, keys.payout(payout_id))
        if item is None:
            raise NotFound(f"Pembayaran {payout_id} tidak ditemukan.")
        return Payout(
            id=payout_id,
            settlement_id=item["settlement"],
            wave_id=item["wave"],
            cooperative_id=item["cooperative"],
            amount=item["amount"],
            paid_at=from_ms(item["paid_at"]),
            paid_by=item["paid_by"],
            reference=item.get("reference"),
        )

    def page(self, cooperative_id: str, *, limit: int, start: Item | None) -> tuple[list[Settlement], Item | None]:
        items, more = self._db.query_page(
            self._table, "list_key = :k", {":k": f"SETTLEMENT#{cooperative_id}"},
            index="by_list", limit=limit, start=start,
        )  # fmt: skip
        return [_from_item(item) for item in items], more


def _to_item(settlement: Settlement) -> Item:
    return {
        **keys.settlement(settlement.id),
        "kind": "SETTLEMENT",
        "wave": settlement.wave_id,
        "cooperative": settlement.cooperative_id,
        "received": [list(astuple(line)) for line in settlement.received.values()],
        "consignments": list(settlement.consignments),
        "deductions": settlement.deductions,
        "paid": settlement.paid,
        "payouts": settlement.payouts,
        "list_key": f"SETTLEMENT#{settlement.cooperative_id}",
        "list_sort": settlement.wave_id,
    }


def _from_item(item: Item) -> Settlement:
    lines = [ReceivedLine(*line) for line in item["received"]]
    return Settlement(
        wave_id=item["wave"],
        cooperative_id=item["cooperative"],
        received={line.offer_id: line for line in lines},
        consignments=tuple(item["consignments"]),
        deductions=item["deductions"],
        paid=item["paid"],
        payouts=item["payouts"],
        version=item["version"],
    )

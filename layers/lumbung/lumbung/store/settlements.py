"""Settlements, one per wave and cooperative, and the payouts on them."""

from collections.abc import Sequence
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

    def of_cooperative(self, cooperative_id: str, *, also: str) -> list[Settlement]:
        """Return all settlements of a cooperative, strongly read, and *also* one that may be too new to be listed."""
        values = {":k": f"SETTLEMENT#{cooperative_id}"}
        listed = self._db.query(self._table, "list_key = :k", values, index="by_list")
        ids = {item["pk"].partition("#")[2] for item in listed} | {also}
        return [_from_item(item) for item in self._db.get_many(self._table, [keys.settlement(id_) for id_ in ids])]

    def payout(self, payout_id: str) -> Payout:
        if found := self.payouts([payout_id]):
            return found[0]
        raise NotFound(f"Pembayaran {payout_id} tidak ditemukan.")

    def payouts(self, payout_ids: Sequence[str]) -> list[Payout]:
        """Return the payouts, oldest first."""
        found = map(_payout, self._db.get_many(self._table, [keys.payout(id_) for id_ in payout_ids]))
        return sorted(found, key=lambda payout: (payout.paid_at, payout.id))

    def page(self, cooperative_id: str, *, limit: int, start: Item | None) -> tuple[list[Settlement], Item | None]:
        items, more = self._db.query_page(
            self._table, "list_key = :k", {":k": f"SETTLEMENT#{cooperative_id}"},
            index="by_list", limit=limit, start=start,
        )  # fmt: skip
        return [_from_item(item) for item in items], more


def _to_item(settlement: Settlement) -> Item:
    received_at, paid_at = settlement.last_received_at, settlement.last_paid_at
    item = {
        **keys.settlement(settlement.id),
        "kind": "SETTLEMENT",
        "wave": settlement.wave_id,
        "cooperative": settlement.cooperative_id,
        "opened_at": to_ms(settlement.opened_at),
        "fee_bp": settlement.fee_bp,
        "received": [list(astuple(line)) for line in settlement.received.values()],
        "consignments": list(settlement.consignments),
        "last_received_at": to_ms(received_at) if received_at else None,
        "refunds": dict(settlement.refunds),
        "carried_in": dict(settlement.carried_in),
        "carried_out": dict(settlement.carried_out),
        "paid": settlement.paid,
        "payouts": settlement.payouts,
        "last_paid_at": to_ms(paid_at) if paid_at else None,
        "list_key": f"SETTLEMENT#{settlement.cooperative_id}",
        "list_sort": f"{to_ms(settlement.opened_at)}#{settlement.wave_id}",
    }
    return {name: value for name, value in item.items() if value is not None}


def _from_item(item: Item) -> Settlement:
    lines = [ReceivedLine(*line) for line in item["received"]]
    return Settlement(
        wave_id=item["wave"],
        cooperative_id=item["cooperative"],
        opened_at=from_ms(item["opened_at"]),
        fee_bp=item["fee_bp"],
        received={line.offer_id: line for line in lines},
        consignments=tuple(item["consignments"]),
        last_received_at=from_ms(item["last_received_at"]) if "last_received_at" in item else None,
        refunds=item["refunds"],
        carried_in=item["carried_in"],
        carried_out=item["carried_out"],
        paid=item["paid"],
        payouts=item["payouts"],
        last_paid_at=from_ms(item["last_paid_at"]) if "last_paid_at" in item else None,
        version=item["version"],
    )


def _payout(item: Item) -> Payout:
    return Payout(
        id=item["pk"].partition("#")[2],
        settlement_id=item["settlement"],
        wave_id=item["wave"],
        cooperative_id=item["cooperative"],
        amount=item["amount"],
        paid_at=from_ms(item["paid_at"]),
        paid_by=item["paid_by"],
        reference=item.get("reference"),
    )

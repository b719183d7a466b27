"""Consignments as items of the deliveries table; a shortage's shares lie beside them, in parts."""

from collections.abc import Iterable
from dataclasses import astuple, replace
from datetime import timedelta
from typing import Any

from lumbung.domain.consignment import Consignment, ConsignmentLine, Count, Departure, Receipt
from lumbung.domain.errors import AlreadyDone, NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.shortage import Losses
from lumbung.store import keys
from lumbung.store.table import Check, Database, Item, Put

OVERDUE = timedelta(minutes=5)  # after a receipt: the message that moves orders on is faster, unless it was lost
ORDERS_PER_SHARE = 1_000  # of at most twenty offers each: well under an item's 400 KB


class Consignments:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def expect(self, consignment: Consignment) -> bool:
        """Write a new consignment; False when it is there already."""
        new = Put(
            self._table,
            to_item(consignment),
            when="attribute_not_exists(pk)",
            otherwise=AlreadyDone(consignment.id, request_hash=""),
        )
        try:
            self._db.commit(new)
        except AlreadyDone:
            return False
        return True

    def save(self, consignment: Consignment) -> Put:
        """Return the write of a changed consignment; Stale when somebody else changed it first."""
        after = replace(consignment, version=consignment.version + 1)
        return Put(self._table, to_item(after), when="version = :was", values={":was": consignment.version})

    def still(self, consignment: Consignment) -> Check:
        """Return the condition that the consignment is as it was read; Stale otherwise."""
        same = {":was": consignment.version}
        return Check(self._table, keys.consignment(consignment.id), when="version = :was", values=same)

    def get(self, consignment_id: str) -> Consignment:
        """Return the consignment, strongly read; NotFound."""
        item = self._db.get(self._table, keys.consignment(consignment_id))
        if item is None:
            raise NotFound(f"Kiriman {consignment_id} tidak ditemukan.")
        return from_item(item)

    def get_many(self, consignment_ids: Iterable[str]) -> dict[str, Consignment]:
        found = self._db.get_many(self._table, [keys.consignment(id_) for id_ in consignment_ids])
        return {consignment.id: consignment for consignment in map(from_item, found)}

    def of_wave(self, wave_id: str, *, limit: int, start: Item | None) -> tuple[list[Consignment], Item | None]:
        page, more = self._db.query_page(
            self._table, "list_key = :w", {":w": keys.consignments_of(wave_id)},
            index="by_list", limit=limit, start=start,
        )  # fmt: skip
        return [from_item(item) for item in page], more

    # -- the shares of a shortage: all parts first, then the consignment that counts them

    def put_shares(self, consignment_id: str, losses: Losses) -> int:
        """Write who loses what, in parts, and return how many parts; they count once the consignment says so."""
        orders = sorted(losses)
        parts = [orders[start : start + ORDERS_PER_SHARE] for start in range(0, len(orders), ORDERS_PER_SHARE)]
        for number, part in enumerate(parts):
            item = {**keys.share(consignment_id, number), "losses": {order_id: losses[order_id] for order_id in part}}
            self._db.commit(Put(self._table, item))
        return len(parts)

    def shares(self, consignment: Consignment) -> Losses:
        parts = [keys.share(consignment.id, number) for number in range(consignment.shares or 0)]
        losses: Losses = {}
        for item in self._db.get_many(self._table, parts):
            losses |= item["losses"]
        return losses


def to_item(consignment: Consignment) -> Item:
    c = consignment
    item: Item = {
        **keys.consignment(c.id),
        "kind": "CONSIGNMENT",
        "list_key": keys.consignments_of(c.wave_id),
        "list_sort": f"{c.dropoff_id}#{c.cooperative_id}",
        "wave": c.wave_id,
        "dropoff": c.dropoff_id,
        "cooperative": c.cooperative_id,
        "state": c.state,
        "lines": [list(astuple(line)) for line in c.lines],
        "vehicle": c.departure.vehicle,
        "lot": c.departure.lot,
        "load": c.departure.load_g,
        "departed_at": to_ms(c.departed_at) if c.departed_at else None,
        "arrived_at": to_ms(c.arrived_at) if c.arrived_at else None,
        "received_at": to_ms(c.received_at) if c.received_at else None,
        "receipts": [_receipt_to_item(receipt) for receipt in c.receipts] or None,
        "shares": c.shares,
        "moved_on": c.moved_on or None,
        "look_at": to_ms(c.look_at) if c.look_at else None,
        "version": c.version,
    }
    due = c.received_at + OVERDUE if c.received_at and not c.moved_on else c.look_at
    if due:
        item |= {"due_key": keys.due_bucket(c.id, keys.DELIVERIES_DUE), "due": to_ms(due)}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Consignment:
    return Consignment(
        id=item["pk"].partition("#")[2],
        wave_id=item["wave"],
        dropoff_id=item["dropoff"],
        cooperative_id=item["cooperative"],
        lines=tuple(ConsignmentLine(*line) for line in item["lines"]),
        state=item["state"],
        departure=Departure(item.get("vehicle"), item.get("lot"), item.get("load")),
        departed_at=from_ms(item["departed_at"]) if "departed_at" in item else None,
        arrived_at=from_ms(item["arrived_at"]) if "arrived_at" in item else None,
        received_at=from_ms(item["received_at"]) if "received_at" in item else None,
        receipts=tuple(_receipt_from_item(receipt) for receipt in item.get("receipts", ())),
        shares=item.get("shares"),
        moved_on=item.get("moved_on", False),
        look_at=from_ms(item["look_at"]) if "look_at" in item else None,
        version=item["version"],
    )


def _receipt_to_item(receipt: Receipt) -> list[Any]:
    counts = [list(astuple(count)) for count in receipt.counts]
    return [to_ms(receipt.at), receipt.by, receipt.final, counts, receipt.photo]


def _receipt_from_item(item: list[Any]) -> Receipt:
    at, by, final, counts, photo = item
    return Receipt(from_ms(at), by, final, tuple(Count(*count) for count in counts), photo)

"""Transfers as items of the payments table. There is a write for posting one, and none for changing one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lumbung.domain.errors import AlreadyDone
from lumbung.domain.ledger import Transfer
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

SIDES = ("debit", "credit")


def post(table: str, transfer: Transfer) -> Put:
    """Return the write that books *transfer*; AlreadyDone when its cause was booked before."""
    if transfer.amount <= 0:
        raise ValueError(f"a transfer moves a positive amount, not {transfer.amount}")
    return Put(
        table,
        _to_item(transfer),
        when="attribute_not_exists(pk)",
        otherwise=AlreadyDone(transfer.id, request_hash=""),
    )


def _to_item(transfer: Transfer) -> Item:
    item = {
        **keys.transfer(transfer.id),
        "kind": "TRANSFER",
        "debit_key": transfer.debit,
        "credit_key": transfer.credit,
        "amount": transfer.amount,
        "at": to_ms(transfer.at),
        "reason": transfer.reason,
        "wave": transfer.wave_id,
        "order": transfer.order_id,
        "reference": transfer.reference,
    }
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Transfer:
    return Transfer(
        id=item["pk"].partition("#")[2],
        debit=item["debit_key"],
        credit=item["credit_key"],
        amount=item["amount"],
        at=from_ms(item["at"]),
        reason=item["reason"],
        wave_id=item.get("wave"),
        order_id=item.get("order"),
        reference=item.get("reference"),
    )


class Ledger:
    """Reading transfers, by account; eventually consistent."""

    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def of(self, account: str) -> Iterator[Transfer]:
        """Yield every transfer that debits or credits *account*, side by side, each in the order of time."""
        for side in SIDES:
            for item in self._db.query(self._table, f"{side}_key = :a", {":a": account}, index=f"by_{side}"):
                yield from_item(item)

    def between(self, account: str, since: datetime, until: datetime) -> Iterator[Transfer]:
        """Yield the transfers of *account* with since ≤ at ≤ until, side by side."""
        values = {":a": account, ":since": to_ms(since), ":until": to_ms(until)}
        for side in SIDES:
            where = f"{side}_key = :a AND at BETWEEN :since AND :until"
            for item in self._db.query(self._table, where, values, index=f"by_{side}"):
                yield from_item(item)

    def page(
        self, account: str, *, limit: int, start: Mapping[str, Any] | None
    ) -> tuple[list[Transfer], dict[str, Any] | None]:
        """Return the newest entries of *account*, both sides merged by time, and where the next page starts.

        A side's start is the last of its entries that was shown; False once it is used up.
        """
        starts: dict[str, Any] = dict(start or dict.fromkeys(SIDES))
        found: list[tuple[int, str, str, Item]] = []
        ends: set[str] = set()
        for side in SIDES:
            if starts[side] is False:
                continue
            items, more = self._db.query_page(
                self._table, f"{side}_key = :a", {":a": account},
                index=f"by_{side}", newest_first=True, limit=limit, start=starts[side],
            )  # fmt: skip
            ends |= set() if more else {side}
            found += [(item["at"], item["pk"], side, item) for item in items]
        found.sort(key=lambda entry: entry[:3], reverse=True)
        shown, left = found[:limit], {side for _, _, side, _ in found[limit:]}
        for _, _, side, item in shown:
            starts[side] = {name: item[name] for name in ("pk", "sk", f"{side}_key", "at")}
        starts |= dict.fromkeys(ends - left, False)
        done = all(starts[side] is False for side in SIDES)
        return [from_item(item) for *_, item in shown], None if done else starts

    def all(self) -> Iterator[Transfer]:
        """Yield every transfer there is, strongly read: for the nightly recount only."""
        for item in self._db.scan(self._table, only="kind = :kind", values={":kind": "TRANSFER"}):
            yield from_item(item)

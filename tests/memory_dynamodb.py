"""A DynamoDB client in memory, for histories too long for moto: correct in one thread, and some fifty times faster.

It speaks the part of the protocol that `lumbung.store.table` uses. Conditions and updates are evaluated from
their expressions, a transaction is applied whole or not at all, indexes show what has both of their keys, and
capacity is counted as DynamoDB bills it (an index entry of our sizes is one unit).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from operator import gt, lt
from typing import Any

from botocore.exceptions import ClientError

from infra.local.units import size_of
from lumbung.store.table import from_wire, to_wire
from tests.memory_expressions import holds, updated

Item = dict[str, Any]
Key = tuple[str, str]
_PARTITION = re.compile(r"#pk = :(\w+)")


class MemoryDynamoDB:
    """`indexes`: by table, by index, the names of its hash and range key, and whether it shows keys only."""

    def __init__(self, indexes: Mapping[str, Mapping[str, tuple[str, str, bool]]]) -> None:
        self._indexes = indexes
        self.tables: dict[str, dict[Key, Item]] = {name: {} for name in indexes}
        self._partitions: dict[tuple[str, str], set[Key]] = defaultdict(set)

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now. Rows are replaced, never changed."""
        kept = {name: dict(rows) for name, rows in self.tables.items()}

        def restore() -> None:
            self.tables = {name: dict(rows) for name, rows in kept.items()}
            self._partitions.clear()
            for name, rows in kept.items():
                for key in rows:
                    self._partitions[name, key[0]].add(key)

        return restore

    def delete(self, table: str, key: Key) -> None:
        self.tables[table].pop(key, None)
        self._partitions[table, key[0]].discard(key)

    def transact_write_items(self, TransactItems: list[Any], **_: Any) -> Item:
        writes = [next(iter(write.items())) for write in TransactItems]
        touched = [(w["TableName"], _key(from_wire(w.get("Key") or w["Item"]))) for _, w in writes]
        if len(set(touched)) < len(touched):
            raise _refused("ValidationException", "an item is there twice")
        reasons = [
            self._refusal(write, self.tables[table].get(key))
            for (_, write), (table, key) in zip(writes, touched, strict=True)
        ]
        if any(reason["Code"] != "None" for reason in reasons):
            raise _refused("TransactionCanceledException", "cancelled", CancellationReasons=reasons)
        consumed = [
            {"TableName": table, "CapacityUnits": self._apply(operation, write, table, key)}
            for (operation, write), (table, key) in zip(writes, touched, strict=True)
        ]
        return {"ConsumedCapacity": consumed}

    def get_item(self, TableName: str, Key: Any, **_: Any) -> Item:
        found = self.tables[TableName].get(_key(from_wire(Key)))
        return {"Item": to_wire(found)} if found else {}

    def batch_get_item(self, RequestItems: Any, **_: Any) -> Item:
        [(table, asked)] = RequestItems.items()
        found = (self.tables[table].get(_key(from_wire(key))) for key in asked["Keys"])
        return {"Responses": {table: [to_wire(item) for item in found if item]}}

    def query(self, TableName: str, **q: Any) -> Item:
        keys, keys_only = ("pk", "sk"), False
        if index := q.get("IndexName"):
            hash_key, range_key, keys_only = self._indexes[TableName][index]
            keys = (hash_key, range_key)
        rows = [
            row
            for row in self._candidates(TableName, q)
            if all(key in row for key in keys) and holds(q["KeyConditionExpression"], row, q)
        ]
        rows.sort(key=lambda row: _place(row, keys[1]), reverse=not q["ScanIndexForward"])
        if start := q.get("ExclusiveStartKey"):  # what lay there may have gone meanwhile
            after = _place(from_wire(start), keys[1])
            beyond = gt if q["ScanIndexForward"] else lt
            rows = [row for row in rows if beyond(_place(row, keys[1]), after)]
        return self._page(rows, q, {"pk", "sk", *keys}, keys_only=keys_only)

    def scan(self, TableName: str, **q: Any) -> Item:
        rows = list(self.tables[TableName].values())
        if start := q.get("ExclusiveStartKey"):
            rows = rows[[_key(row) for row in rows].index(_key(from_wire(start))) + 1 :]
        return self._page(rows, q, {"pk", "sk"})

    def _candidates(self, table: str, q: Item) -> Iterable[Item]:
        rows = self.tables[table]
        asked = None if "IndexName" in q else _PARTITION.match(q["KeyConditionExpression"])
        if asked is None:
            return rows.values()
        partition = q["ExpressionAttributeValues"][f":{asked.group(1)}"]["S"]
        return [rows[key] for key in self._partitions[table, partition]]

    def _page(self, rows: list[Item], q: Item, keys: set[str], *, keys_only: bool = False) -> Item:
        limit = q.get("Limit", len(rows))
        page, more = rows[:limit], rows[limit:]
        shown = [row for row in page if not q.get("FilterExpression") or holds(q["FilterExpression"], row, q)]
        if keys_only:
            shown = [{name: row[name] for name in keys} for row in shown]
        last = {name: page[-1][name] for name in keys} if more else None
        return {"Items": [to_wire(row) for row in shown]} | ({"LastEvaluatedKey": to_wire(last)} if last else {})

    def _refusal(self, write: Item, old: Item | None) -> Item:
        condition = write.get("ConditionExpression")
        if condition is None or holds(condition, old or {}, write):
            return {"Code": "None"}
        return {"Code": "ConditionalCheckFailed"} | ({"Item": to_wire(old)} if old else {})

    def _apply(self, operation: str, write: Item, table: str, key: Key) -> float:
        """Apply one write, and return what it costs within a transaction."""
        before = self.tables[table].get(key)
        after = before
        if operation == "Put":
            after = from_wire(write["Item"])
        elif operation == "Update":
            after = updated(before or from_wire(write["Key"]), write)
        elif operation == "Delete":
            after = None
        if after is None:
            self.delete(table, key)
        elif operation != "ConditionCheck":
            self.tables[table][key] = after
            self._partitions[table, key[0]].add(key)
        size = max(size_of(to_wire(row)) for row in (before or {}, after or {}))
        return 2.0 * max(1, -(-size // 1024)) + self._index_units(table, before, after)

    def _index_units(self, table: str, before: Item | None, after: Item | None) -> int:
        """One unit for an entry that comes, goes or changes, two where its key changes."""
        units = 0
        for hash_key, range_key, keys_only in self._indexes[table].values():
            keys = (hash_key, range_key)
            was = [(before or {}).get(name) for name in keys]
            now = [(after or {}).get(name) for name in keys]
            if was != now:
                units += (None not in was) + (None not in now)
            elif None not in now and not keys_only and before != after:
                units += 1
        return units


def _place(row: Item, range_key: str) -> tuple[Any, str, str]:
    return row[range_key], row["pk"], row["sk"]


def _key(item: Item) -> Key:
    return item["pk"], item["sk"]


def _refused(code: str, message: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}, **more}, "TransactWriteItems")

"""A DynamoDB client over a file on disk, for tables that memory cannot hold: one table, one index, one thread.

What it keeps takes no memory, so that what a bench measures is what it benches. It counts calls, the units of reads
(4 KB and eventual consistency as DynamoDB bills them, a megabyte a page) and writes by kind of item. A test holds it
against the client in memory.
"""

import marshal
import re
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local.units import size_of
from lumbung.store.table import from_wire, to_wire
from tests.memory_expressions import holds, updated

Item = dict[str, Any]
_PAGE_BYTES = 1024 * 1024
_PARTITION = re.compile(r"#(\w+) = (:\w+)")
_RANGES = {
    re.compile(r" AND begins_with\(#sk, (:\w+)\)"): "sk >= {0} AND sk < {0} || char(1114111)",
    re.compile(r" AND #sk BETWEEN (:\w+) AND (:\w+)"): "sk BETWEEN {0} AND {1}",
    re.compile(r" AND #sk > (:\w+)"): "sk > {0}",
}


class DiskDynamoDB:
    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "table.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE item (pk, sk, list_key, list_sort, body BLOB, PRIMARY KEY (pk, sk)) WITHOUT ROWID"
        )
        self._db.execute("CREATE INDEX by_list ON item (list_key, list_sort) WHERE list_key IS NOT NULL")
        self.forget()

    def forget(self) -> None:
        """Count from nothing."""
        self.calls = 0
        self.read_units = 0.0
        self.written: Counter[str] = Counter()

    def transact_write_items(self, TransactItems: list[Any], **_: Any) -> Item:
        self.calls += 1
        planned = []
        for operation, write in (next(iter(one.items())) for one in TransactItems):
            key = write.get("Key") or write["Item"]
            before = self._row(key["pk"]["S"], key["sk"]["S"]) if _looks(operation, write) else None
            if "ConditionExpression" in write and not holds(
                write["ConditionExpression"], from_wire(before or {}), write
            ):
                reason = {"Code": "ConditionalCheckFailed"} | ({"Item": before} if before else {})
                raise _refused([{"Code": "None"}] * len(planned) + [reason], len(TransactItems))
            planned.append((operation, write, key, before))
        for operation, write, key, before in planned:
            self._apply(operation, write, key, before)
        return {}

    def get_item(self, Key: Item, **_: Any) -> Item:
        self.calls += 1
        found = self._row(Key["pk"]["S"], Key["sk"]["S"])
        self.read_units += _units(size_of(found or {}), 1.0)
        return {"Item": found} if found else {}

    def batch_get_item(self, RequestItems: Any, **_: Any) -> Item:
        self.calls += 1
        [(table, asked)] = RequestItems.items()
        found = [self._row(key["pk"]["S"], key["sk"]["S"]) for key in asked["Keys"]]
        self.read_units += sum(_units(size_of(item or {}), 1.0) for item in found)
        return {"Responses": {table: [item for item in found if item]}}

    def query(self, **q: Any) -> Item:
        self.calls += 1
        assert q["ScanIndexForward"], "nothing that is benched reads backwards"
        items, last, scanned, room = [], None, 0, q.get("Limit", sys.maxsize)
        rows = self._db.execute(*_statement(q))
        for pk, sk, list_key, list_sort, body in rows:
            if room == 0 or scanned > _PAGE_BYTES:
                return self._page(q, items, scanned, last)
            item = marshal.loads(body)  # noqa: S302 - our own file
            scanned, room = scanned + len(body), room - 1
            last = {"pk": pk, "sk": sk} | ({"list_key": list_key, "list_sort": list_sort} if "IndexName" in q else {})
            if "FilterExpression" not in q or holds(q["FilterExpression"], from_wire(item), q):
                items.append(item)
        return self._page(q, items, scanned, None)

    def _page(self, q: Item, items: list[Item], scanned: int, last: Item | None) -> Item:
        self.read_units += _units(scanned, 1.0 if q["ConsistentRead"] else 0.5)
        return {"Items": items} | ({"LastEvaluatedKey": to_wire(last)} if last else {})

    def _row(self, pk: str, sk: str) -> Item | None:
        found = self._db.execute("SELECT body FROM item WHERE pk = ? AND sk = ?", (pk, sk)).fetchone()
        return marshal.loads(found[0]) if found else None  # noqa: S302 - our own file

    def _apply(self, operation: str, write: Item, key: Item, before: Item | None) -> None:
        if operation == "ConditionCheck":
            return
        after = write["Item"] if operation == "Put" else to_wire(updated(from_wire(before or key), write))
        self.written[key["pk"]["S"].partition("#")[0]] += 1
        self._db.execute(
            "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?)",
            (*(after.get(name, {}).get("S") for name in ("pk", "sk", "list_key", "list_sort")), marshal.dumps(after)),
        )


def _looks(operation: str, write: Item) -> bool:
    """Tell whether what is there matters for a write."""
    return operation != "Put" or "ConditionExpression" in write


def _statement(q: Item) -> tuple[str, Item]:
    """Return a query's SQL and its values."""
    condition, values = q["KeyConditionExpression"], q["ExpressionAttributeValues"]
    partition = _PARTITION.match(condition)
    assert partition is not None
    column, rest = q["ExpressionAttributeNames"][f"#{partition.group(1)}"], condition[partition.end() :]
    where = [f"{column} = {partition.group(2)}", *([_range(rest)] if rest else [])]
    asked = {name[1:]: value["S"] for name, value in values.items() if name in condition}
    order = "list_sort, pk, sk" if "IndexName" in q else "sk"
    if start := q.get("ExclusiveStartKey"):
        asked |= {f"start_{name}": value["S"] for name, value in start.items()}
        where.append(f"({order}) > ({', '.join(f':start_{name}' for name in order.split(', '))})")
    return f"SELECT * FROM item WHERE {' AND '.join(where)} ORDER BY {order}", asked  # noqa: S608 - our own expressions


def _range(rest: str) -> str:
    for pattern, sql in _RANGES.items():
        if match := pattern.fullmatch(rest):
            return sql.format(*match.groups())
    raise AssertionError(f"no query of the catalogue has {rest}")


def _units(size: int, per_block: float) -> float:
    return max(1, -(-size // 4096)) * per_block


def _refused(reasons: list[Item], writes: int) -> ClientError:
    filled = reasons + [{"Code": "None"}] * (writes - len(reasons))
    response: Any = {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": filled}
    return ClientError(response, "TransactWriteItems")

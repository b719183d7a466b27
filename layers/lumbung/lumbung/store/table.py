"""DynamoDB as this project speaks it: writes that read as sentences, and one place that commits them.

Plain Python values go in and come out (int, str, bool, None, bytes, list, dict, set of str, float for
coordinates). In an expression every bare word is an attribute, so reserved words need no care:

    Update(key, change="SET available = available - :n", values={":n": 3},
           when="available >= :n", otherwise=SoldOut(offer.id))
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from lumbung.domain.errors import LumbungError, ProviderUnavailable, Stale

T = TypeVar("T")
Item = dict[str, Any]
Key = Mapping[str, str]
Refused = LumbungError | Callable[[Item | None], LumbungError]  # an error, or a look at the item that refused

BUSY = "Sistem sedang sibuk, silakan coba lagi."
MAX_TRIES = 8
MAX_WRITES = 100  # DynamoDB's own limit on one transaction
_BACKOFF_S, _LONGEST_BACKOFF_S = 0.01, 0.2
_WORD = re.compile(r"(?<![:#\w.])([A-Za-z_][A-Za-z0-9_]*)(?!\s*\(|\w)")
_GRAMMAR = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})
_TRANSIENT = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)


@dataclass(frozen=True, slots=True)
class Write:
    table: str
    otherwise: Refused = field(default_factory=Stale, kw_only=True)
    when: str | None = field(default=None, kw_only=True)
    values: Mapping[str, Any] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class Put(Write):
    """Write the whole *item*."""

    item: Item


@dataclass(frozen=True, slots=True)
class Update(Write):
    """Apply *change* (a DynamoDB update expression) to the item at *key*."""

    key: Key
    change: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Delete(Write):
    """Remove the item at *key*."""

    key: Key


@dataclass(frozen=True, slots=True)
class Check(Write):
    """Write nothing, but refuse everything unless `when` holds for the item at *key*."""

    key: Key


class Database:
    """A DynamoDB client, seen through plain values."""

    def __init__(self, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def commit(self, *writes: Write, tries: int = MAX_TRIES, tried: int = 0) -> None:
        """Apply all *writes* or none. Raise the first refused write's `otherwise`.

        Conflicts and throttling are tried again with full jitter, at most *tries* times; then
        ProviderUnavailable: nothing was written, and the caller may try again. *tried*: how often the caller
        has done so already, with other writes for the same purpose; each time it waits longer.
        """
        request = [_request(write) for write in writes]
        for attempt in range(tries):
            try:
                self._client.transact_write_items(TransactItems=request)
                return
            except ClientError as refused:
                if reasons := _reasons(refused):
                    _raise_first_refused(writes, reasons)
                elif _code(refused) not in _TRANSIENT:
                    raise
            self._back_off(tried + attempt)
        raise ProviderUnavailable(BUSY)

    def get(self, table: str, key: Key, *, consistent: bool = True) -> Item | None:
        answer = self._client.get_item(TableName=table, Key=to_wire(key), ConsistentRead=consistent)
        return from_wire(answer["Item"]) if "Item" in answer else None

    def get_many(self, table: str, keys: Sequence[Key]) -> list[Item]:
        """Return the items that exist, strongly read, in no particular order."""
        found: list[Item] = []
        unique = list({tuple(sorted(key.items())): key for key in keys}.values())
        for start in range(0, len(unique), 100):
            wanted: Any = {table: {"Keys": [to_wire(k) for k in unique[start : start + 100]], "ConsistentRead": True}}
            for attempt in range(MAX_TRIES):
                answer = self._client.batch_get_item(RequestItems=wanted)
                found += [from_wire(item) for item in answer["Responses"].get(table, [])]
                if not (wanted := answer.get("UnprocessedKeys")):
                    break
                self._back_off(attempt)
            else:
                raise ProviderUnavailable(BUSY)
        return found

    def query(
        self,
        table: str,
        where: str,
        values: Mapping[str, Any],
        *,
        index: str | None = None,
        consistent: bool | None = None,
        newest_first: bool = False,
        only: str | None = None,
        page_size: int | None = None,
    ) -> Iterator[Item]:
        """Yield every item for which *where* holds, page by page: memory does not grow with the answer."""
        page: Item | None = None
        while True:
            items, page = self.query_page(
                table, where, values, index=index, consistent=consistent,
                newest_first=newest_first, only=only, limit=page_size, start=page,
            )  # fmt: skip
            yield from items
            if page is None:
                return

    def query_page(
        self,
        table: str,
        where: str,
        values: Mapping[str, Any],
        *,
        index: str | None = None,
        consistent: bool | None = None,
        newest_first: bool = False,
        only: str | None = None,
        limit: int | None = None,
        start: Item | None = None,
    ) -> tuple[list[Item], Item | None]:
        """Return one page, and the key from which the next one starts (None: there is none).

        Strong on a table unless told otherwise, eventual on an index (DynamoDB has no other there).
        """
        names: dict[str, str] = {}
        request: Item = {
            "TableName": table,
            "KeyConditionExpression": _alias(where, names),
            "ExpressionAttributeValues": to_wire(values),
            "ScanIndexForward": not newest_first,
            "ConsistentRead": index is None if consistent is None else consistent,
        }
        if only:
            request["FilterExpression"] = _alias(only, names)
        if index:
            request["IndexName"] = index
        if limit:
            request["Limit"] = limit
        if start:
            request["ExclusiveStartKey"] = to_wire(start)
        request["ExpressionAttributeNames"] = names
        answer = self._client.query(**request)
        last = answer.get("LastEvaluatedKey")
        return [from_wire(item) for item in answer["Items"]], from_wire(last) if last else None

    def scan(self, table: str, *, only: str | None = None, values: Mapping[str, Any] | None = None) -> Iterator[Item]:
        """Yield every item of a table: for nightly checks and exports, never for a request."""
        request: Item = {"TableName": table, "ConsistentRead": True}
        if only:
            names: dict[str, str] = {}
            request |= {"FilterExpression": _alias(only, names), "ExpressionAttributeNames": names}
            request["ExpressionAttributeValues"] = to_wire(values or {})
        while True:
            answer = self._client.scan(**request)
            yield from (from_wire(item) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _back_off(self, tried: int) -> None:
        longest = min(_BACKOFF_S * 2**tried, _LONGEST_BACKOFF_S)
        self._sleep(random.uniform(0, longest))  # noqa: S311 - jitter, not a secret


def until_fresh(attempt: Callable[[], T], tries: int = MAX_TRIES) -> T:
    """Run *attempt* (read, decide, commit) again while somebody else changed what it had read."""
    for _ in range(tries - 1):
        try:
            return attempt()
        except Stale:
            continue
    return attempt()


def _request(write: Write) -> Item:
    names: dict[str, str] = {}
    body: Item = {"TableName": write.table}
    match write:
        case Put(item=item):
            body["Item"] = to_wire(item)
        case Update(key=key, change=change):
            body["Key"] = to_wire(key)
            body["UpdateExpression"] = _alias(change, names)
        case Delete(key=key) | Check(key=key):
            body["Key"] = to_wire(key)
    if write.when:
        body["ConditionExpression"] = _alias(write.when, names)
        body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if names:
        body["ExpressionAttributeNames"] = names
    if write.values:
        body["ExpressionAttributeValues"] = to_wire(write.values)
    operation = "ConditionCheck" if isinstance(write, Check) else type(write).__name__
    return {operation: body}


def _alias(expression: str, names: dict[str, str]) -> str:
    def alias(match: re.Match[str]) -> str:
        word = match.group(1)
        if word.upper() in _GRAMMAR:
            return word
        names["#" + word] = word
        return "#" + word

    return _WORD.sub(alias, expression)


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _reasons(error: ClientError) -> list[Item]:
    return error.response.get("CancellationReasons", []) if _code(error) == "TransactionCanceledException" else []


def _raise_first_refused(writes: Sequence[Write], reasons: Sequence[Item]) -> None:
    """Raise for a failed condition; return when all that failed is worth another try."""
    for write, reason in zip(writes, reasons, strict=True):
        match reason.get("Code"):
            case "ConditionalCheckFailed":
                old = from_wire(reason["Item"]) if reason.get("Item") else None
                raise write.otherwise(old) if callable(write.otherwise) else write.otherwise
            case "None" | None:
                continue
            case code if code not in _TRANSIENT:
                raise RuntimeError(f"{code} on {write.table}: {reason.get('Message')}")


def to_wire(item: Mapping[str, Any]) -> Item:
    return {name: _value_to_wire(value) for name, value in item.items()}


def from_wire(item: Mapping[str, Any]) -> Item:
    return {name: _value_from_wire(value) for name, value in item.items()}


def _value_to_wire(value: Any) -> Item:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | float():
            return {"N": repr(value)}
        case bytes():
            return {"B": value}
        case set() | frozenset():
            return {"SS": sorted(value)}
        case list() | tuple():
            return {"L": [_value_to_wire(part) for part in value]}
        case Mapping():
            return {"M": to_wire(value)}
    raise TypeError(f"no DynamoDB type for {type(value).__name__}")


def _value_from_wire(value: Mapping[str, Any]) -> Any:
    [(kind, raw)] = value.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(raw) if raw.lstrip("-").isdigit() else float(raw)
        case "SS":
            return set(raw)
        case "L":
            return [_value_from_wire(part) for part in raw]
        case "M":
            return from_wire(raw)
    return raw

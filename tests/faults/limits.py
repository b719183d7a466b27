"""DynamoDB's limits, which the engines that tests run on do not all keep: they are held at the seam."""

from typing import Any

from botocore.exceptions import ClientError

from infra.local.units import size_of

WRITES_PER_TRANSACTION = 100
KEYS_PER_BATCH = 100
BYTES_PER_TRANSACTION = 4 * 1024 * 1024
BYTES_PER_ITEM = 400 * 1024


def check(operation: str, params: dict[str, Any]) -> None:
    """Refuse what DynamoDB would refuse as too much."""
    if operation == "TransactWriteItems":
        writes = [write for entry in params["TransactItems"] for write in entry.values()]
        sizes = [size_of(write.get("Item") or write.get("ExpressionAttributeValues") or {}) for write in writes]
        if len(writes) > WRITES_PER_TRANSACTION:
            raise _too_much(operation, f"{len(writes)} writes in one transaction")
        if sum(sizes) > BYTES_PER_TRANSACTION or max(sizes, default=0) > BYTES_PER_ITEM:
            raise _too_much(operation, f"{sum(sizes)} bytes in one transaction, {max(sizes)} in one item")
    if operation == "BatchGetItem":
        keys = sum(len(asked["Keys"]) for asked in params["RequestItems"].values())
        if keys > KEYS_PER_BATCH:
            raise _too_much(operation, f"{keys} keys in one batch")


def _too_much(operation: str, what: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationException", "Message": what}}, operation)

"""What DynamoDB bills for a call: from what the engine says, and for reads from the sizes that it does not count."""

from collections.abc import Mapping
from typing import Any

READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
_READ_UNIT = 4096


def spent(operation: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[float, float]:
    """Return the (read, write) units of a call that was answered with its consumed capacity."""
    consumed = answer.get("ConsumedCapacity")
    read = write = 0.0
    for part in consumed if isinstance(consumed, list) else [consumed] if consumed else []:
        units = float(part["CapacityUnits"])
        if operation in WRITES and "ReadCapacityUnits" not in part:
            write += units
        else:
            read += units
    return max(read, _read_units(operation, arguments, answer)), write


def _read_units(operation: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Return what DynamoDB bills for the items read, which the engine does not count by size.

    4 KB of strongly consistent reading is one unit, of eventually consistent half of one; GetItem rounds up
    per item, Query and Scan their sum.
    """
    if operation == "GetItem":
        size = size_of(answer.get("Item", {}))
    elif operation in ("Query", "Scan"):
        size = sum(map(size_of, answer.get("Items", [])))
    else:
        return 0.0
    unit = 1.0 if arguments.get("ConsistentRead") else 0.5
    return max(1, -(-size // _READ_UNIT)) * unit


def size_of(item: Mapping[str, Any]) -> int:
    """Return about how many bytes DynamoDB counts for *item*: names in UTF-8 and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Any) -> int:
    if not isinstance(value, dict):  # boto3's resources hand out plain values
        return len(str(value))
    kind, content = next(iter(value.items()))
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content.replace(".", "").lstrip("-")) // 2 + 1
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(part) for name, part in content.items())
        case "L":
            return 3 + sum(1 + _value_size(part) for part in content)
        case _:
            return 3 + sum(_value_size({kind[0]: part}) for part in content)

"""Memory that refuses what DynamoDB refuses of values: what a stranger sends may end up in a key."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from tests.faults import limits
from tests.faults.memory_aws import MemoryAws

BYTES_OF_A_KEY = {"pk": 2048, "sk": 1024}
DIGITS_OF_A_NUMBER = 38


class StrictMemoryAws(MemoryAws):
    def answer(self, client: Any, operation: str, params: dict[str, Any]) -> Any:
        if client.meta.service_model.service_name == "dynamodb":
            limits.check(operation, params)
            for name, value in _values(params):
                if fault := _fault(name, value):
                    raise ClientError({"Error": {"Code": "ValidationException", "Message": fault}}, operation)
        return super().answer(client, operation, params)


def _values(thing: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every attribute value in a call, with the name that it stands under."""
    if isinstance(thing, list):
        for part in thing:
            yield from _values(part, name)
    if isinstance(thing, dict):
        if len(thing) == 1 and next(iter(thing)) in ("S", "N"):
            yield name, thing
        for key, part in thing.items():
            yield from _values(part, key)


def _fault(name: str, value: dict[str, Any]) -> str | None:
    [(kind, raw)] = value.items()
    if not isinstance(raw, str):
        return None
    if kind == "N" and len(raw.lstrip("-").replace(".", "").strip("0")) > DIGITS_OF_A_NUMBER:
        return f"{name}: more than {DIGITS_OF_A_NUMBER} digits"
    if kind == "S" and name in BYTES_OF_A_KEY and not 0 < len(raw.encode()) <= BYTES_OF_A_KEY[name]:
        return f"{name}: {len(raw.encode())} bytes"
    return None

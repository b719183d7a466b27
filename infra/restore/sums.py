"""Checksums of what lies in tables, one per kind of item: equal where the items are."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Item = Mapping[str, Any]


class Sum(NamedTuple):
    items: int
    sha256: str


def sums(items: Iterable[Item]) -> dict[str, Sum]:
    """Return a sum for each kind of *items* (as DynamoDB writes them), whatever order they come in.

    An item's kind is what its keys begin with: `ORDER/ORDER`, `ORDER/NOTICE`, `SHARD/0000`.
    """
    digests: dict[str, list[bytes]] = defaultdict(list)
    for item in items:
        kind = "/".join(item[key]["S"].partition("#")[0] for key in ("pk", "sk"))
        digests[kind].append(hashlib.sha256(_canonical(item).encode()).digest())
    return {
        kind: Sum(len(found), hashlib.sha256(b"".join(sorted(found))).hexdigest())
        for kind, found in sorted(digests.items())
    }


def _canonical(item: Item) -> str:
    return json.dumps(item, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    """Bytes come from a client as they are, and as base64 from an export: both are told the same way."""
    return value if isinstance(value, str) else bytes(value).hex()

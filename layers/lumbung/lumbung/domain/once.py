"""An Idempotency-Key, made into something that a transaction can write."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Once:
    """The right to do one thing once: `id` belongs to caller, method, path and key together.

    Every use case that answers a keyed request writes it in the same transaction as its effect,
    listed first, so that a repeat reads as a repeat.
    """

    id: str
    request_hash: str


def request_hash(body: str) -> str:
    """Return what two requests share if and only if they mean the same JSON.

    body                  same as
    {"a": 1, "b": 2}      {"b":2,"a":1}
    {"a": 1}              not {"a": 1.0}
    """
    try:
        canonical = json.dumps(json.loads(body or "null"), sort_keys=True, separators=(",", ":"))
    except ValueError:
        canonical = body
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]

"""What a payment provider sends us, read strictly: one JSON object, no name twice, numbers as they were written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from lumbung.domain.errors import Malformed

MAX_BYTES = 64 * 1024  # providers' own bodies are a few kilobytes; a stored event must fit an item
MAX_FIELD = 200


class Number:
    """A number as it was written; not a string, so that it never passes for one."""

    def __init__(self, text: str) -> None:
        self.text = text


def read_object(raw: bytes) -> dict[str, Any]:
    """Return the one JSON object in *raw*; Malformed."""
    if len(raw) > MAX_BYTES:
        raise Malformed("Isi terlalu besar.")
    try:
        fields = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise Malformed("Isi bukan JSON yang sah.") from None
    if not isinstance(fields, dict):
        raise Malformed("Isi bukan objek JSON.")
    return fields


def text(fields: Mapping[str, Any], name: str) -> str:
    """Return a field that has to be a short text; Malformed."""
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_FIELD or not value.isascii() or not value.isprintable():
        raise Malformed(f"{name} tidak sah.")
    return value


def digest(said: Any) -> str:
    """Return what two notices share if and only if they say the same, the order of fields aside; Malformed."""
    try:
        canonical = json.dumps(said, sort_keys=True, default=lambda number: ["number", number.text])
    except RecursionError:
        raise Malformed("Isi bukan JSON yang sah.") from None
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name is there twice: which one counts?")
    return fields


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")

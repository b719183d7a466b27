"""An example of what a JSON schema describes: the same each time, with what is required and nothing else."""

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_TEXTS = {"date": "2020-04-10", "date-time": "2020-04-07T01:00:00Z"}
_ID = re.compile(r"(\w+)_id")
_PREFIXES = {
    "wave": "wav", "offer": "off", "order": "ord", "dropoff": "drp", "cooperative": "cop", "product": "prd",
    "institution": "ins", "quote": "quo", "payment": "pay", "trip": "trp", "refund": "ref",
}  # fmt: skip
# Texts that a pattern describes, by the pattern: what a person would write there.
_WRITTEN = (
    "Beras Premium", "081234567890", "siti@kementerian.example", "31.74.02.1001", "12910", "B 1234 XYZ", "08:00", "K48",
    "196608011988031001", "123456", "0012345678", "2020-1", "9120001122334", "0012345678901000", "kementerian.example",
    "ord_1", "own-5", "RCP-1", "ABCD-EFGH-JKLM", "1",
)  # fmt: skip


def example_of(schema: Schema, filed: Mapping[str, Schema], name: str = "") -> Any:
    """Return a value that *schema* allows; *name*: of the property that it is for."""
    if "$ref" in schema:
        return example_of(filed[schema["$ref"].rpartition("/")[2]], filed, name)
    for said in ("default", "const"):
        if schema.get(said) is not None:
            return schema[said]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example_of(schema[choice][0], filed, name)
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", ())
            return {field: example_of(schema["properties"][field], filed, field) for field in wanted}
        case "array" if "prefixItems" in schema:
            return [example_of(part, filed, name) for part in schema["prefixItems"]]
        case "array":
            return [example_of(schema["items"], filed, name) for _ in range(max(1, schema.get("minItems", 1)))]
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "null":
            return None
    return _text(schema, name)


def _text(schema: Schema, name: str) -> str:
    if schema.get("format") in _TEXTS:
        return _TEXTS[str(schema["format"])]
    known = _ID.fullmatch(name)
    prefix = _PREFIXES.get(known[1], "abc") if known else "abc"
    for text in (f"{prefix}_7k2m", *_WRITTEN) if known else (*_WRITTEN, f"{prefix}_7k2m"):
        if re.search(schema.get("pattern", ""), text) and _fits(text, schema):
            return text
    return "a" * int(schema.get("minLength", 1))


def _fits(text: str, schema: Schema) -> bool:
    return bool(schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)))

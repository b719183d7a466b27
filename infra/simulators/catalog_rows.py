"""What operators put into a catalogue simulator: a list of JSON rows, broken ones as they are."""

import json
from typing import Any

from starlette.exceptions import HTTPException


def rows_in(raw: bytes) -> list[Any]:
    try:
        rows = json.loads(raw)
    except ValueError as fault:
        raise HTTPException(422, "the body is no JSON") from fault
    if not isinstance(rows, list):
        raise HTTPException(422, "the body has to be a list of rows")
    return rows


def says(row: Any, *names: str) -> bool:
    """Tell whether *row* has all these fields: what kind of row it is."""
    return isinstance(row, dict) and all(name in row for name in names)


def fits(row: Any, **asked: str | None) -> bool:
    """Tell whether *row* contradicts nothing that was asked for; what it does not say fits."""
    return not isinstance(row, dict) or all(
        value is None or name not in row or str(row[name]) == value for name, value in asked.items()
    )

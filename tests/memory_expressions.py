"""DynamoDB's conditions and updates, evaluated from their expressions; of their language what our stores speak."""

import copy
import re
from functools import cache
from types import CodeType
from typing import Any

from lumbung.store.table import from_wire

Item = dict[str, Any]
_CLAUSE = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b")
_BETWEEN = re.compile(r"(#\w+) BETWEEN (:\w+) AND (:\w+)")
_NAME, _VALUE = re.compile(r"#(\w+)"), re.compile(r":(\w+)")


class _Missing:
    """An attribute that is not there: no comparison with it holds."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return False

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__


_MISSING: Any = _Missing()
_FUNCTIONS = {
    "__builtins__": {},
    "attribute_exists": lambda value: value is not _MISSING,
    "attribute_not_exists": lambda value: value is _MISSING,
    "if_not_exists": lambda value, other: other if value is _MISSING else value,
    "begins_with": lambda value, start: value is not _MISSING and value.startswith(start),
    "contains": lambda value, part: value is not _MISSING and part in value,
    "size": len,
}


def holds(expression: str, row: Item, request: Item) -> bool:
    """Return whether a condition (or key or filter condition) of *request* holds for *row*."""
    return bool(_evaluate(expression, row, request))


def updated(row: Item, request: Item) -> Item:
    """Return *row* as the update expression of *request* leaves it."""
    names = request.get("ExpressionAttributeNames", {})
    after = copy.deepcopy(row)
    parts = _CLAUSE.split(request["UpdateExpression"])
    for clause, body in zip(parts[1::2], parts[2::2], strict=True):
        for change in re.split(r",(?![^(]*\))", body):
            target, _, rest = change.strip().partition(" ")
            name = names[target]
            if clause == "REMOVE":
                after.pop(name, None)
            elif clause == "SET":
                after[name] = _evaluate(rest.strip().removeprefix("=").strip(), row, request)
            else:
                value = _evaluate(rest.strip(), row, request)
                old = row.get(name)
                after[name] = _added(old, value) if clause == "ADD" else (old or set()) - value
                if after[name] == set():
                    del after[name]
    return after


@cache
def _compiled(expression: str) -> CodeType:
    python = _BETWEEN.sub(r"(\2 <= \1 and \1 <= \3)", expression)
    python = re.sub(r"\bAND\b", "and", re.sub(r"\bOR\b", "or", re.sub(r"\bNOT\b", "not", python)))
    python = re.sub(r"(?<![<>=])=(?!=)", "==", python)
    python = _NAME.sub(lambda m: f"_a('#{m.group(1)}')", python)
    return compile(_VALUE.sub(lambda m: f"_v('{m.group(1)}')", python), expression, "eval")


def _evaluate(expression: str, row: Item, request: Item) -> Any:
    names = request.get("ExpressionAttributeNames", {})
    values = request.get("ExpressionAttributeValues", {})
    known = {
        "_a": lambda name: row.get(names[name], _MISSING),
        "_v": lambda name: from_wire({name: values[f":{name}"]})[name],
    }
    return eval(_compiled(expression), _FUNCTIONS | known)  # noqa: S307 - our own expressions, in tests


def _added(old: Any, value: Any) -> Any:
    if isinstance(value, set):
        return (old or set()) | value
    return (old or 0) + value

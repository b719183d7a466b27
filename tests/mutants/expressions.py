"""How a condition can be weakened: parts of it dropped, comparisons moved by their edge.

expression                       weakened
version = :was                   nothing
a = :x AND b < :y                b < :y · a = :x · a = :x AND b <= :y · nothing
(a = :x OR b = :y) AND c = :z    c = :z · (a = :x OR b = :y) · nothing
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r"\bBETWEEN\s+:\w+\s+AND\b|\bAND\b|[()]")
_EDGE = re.compile(r"(?<![<>])([<>])(=?)(?!=|>)")
_ID = re.compile(r"\b(\w{3})_[a-z2-7]{20,}\b")
_VALUE, _NUMBERED = re.compile(r":\w+"), re.compile(r"(:[a-z]+)\d+")
ALL = "without all of it"


class Weakening(NamedTuple):
    """*how*: what is done, in words that name the part it is done to; *to*: what is left, None for nothing."""

    how: str
    to: str | None


def weakenings(expression: str) -> Iterator[Weakening]:
    """Yield every way to weaken *expression*, the whole of it last."""
    parts = split(expression)
    for n, part in enumerate(parts) if len(parts) > 1 else ():
        yield Weakening(f"without {part}", " AND ".join(parts[:n] + parts[n + 1 :]))
    for match in _EDGE.finditer(expression):
        sign, equal = match.groups()
        moved = sign if equal else f"{sign}="
        at = next(part for part in parts if _is_in(part, expression, match.start()))
        yield Weakening(f"{moved} in {at}", expression[: match.start()] + moved + expression[match.end() :])
    yield Weakening(ALL if len(parts) > 1 else f"without {expression}", None)


def split(expression: str) -> list[str]:
    """Return the parts of *expression* that must all hold, not looking into brackets and betweens."""
    depth, start, parts = 0, 0, []
    for match in _TOKEN.finditer(expression):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0 and match.group() == "AND":
            parts.append(expression[start : match.start()].strip())
            start = match.end()
    return [*parts, expression[start:].strip()]


def as_written(expression: str) -> str:
    """Return *expression* without ids and counts, so that it reads the same in every test."""
    return _NUMBERED.sub(r"\1…", _ID.sub(r"\1_…", expression))


def values_of(*expressions: str | None) -> set[str]:
    """Return the values that are used: DynamoDB refuses others."""
    return {value for expression in expressions if expression for value in _VALUE.findall(expression)}


def _is_in(part: str, expression: str, place: int) -> bool:
    start = expression.find(part)
    return start <= place < start + len(part)

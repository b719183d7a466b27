"""EventBridge's event patterns, as event-source mappings filter by them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_ABSENT = object()
_COMPARE = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class UnknownPattern(ValueError):
    """A filter uses a rule that is not understood."""


def passes(patterns: Sequence[Mapping[str, Any]], event: Mapping[str, Any]) -> bool:
    """Tell whether *event* passes one of *patterns*; without patterns everything passes."""
    return not patterns or any(matches(pattern, event) for pattern in patterns)


def matches(pattern: Mapping[str, Any], value: Any) -> bool:
    """Tell whether every key of *pattern* holds for *value*.

    pattern                                   value                     matches
    {"kind": ["a", "b"]}                      {"kind": "b"}             yes
    {"kind": [{"anything-but": ["a"]}]}       {"kind": "b"}             yes
    {"n": [{"numeric": [">", 1, "<=", 5]}]}   {"n": 5}                  yes
    {"a": {"b": [{"exists": false}]}}         {"a": {}}                 yes
    {"tags": ["x"]}                           {"tags": ["w", "x"]}      yes    one element is enough
    """
    for key, wanted in pattern.items():
        if key == "$or":
            if not any(matches(choice, value) for choice in wanted):
                return False
            continue
        found = value.get(key, _ABSENT) if isinstance(value, Mapping) else _ABSENT
        if isinstance(wanted, Mapping):
            branches = found if isinstance(found, list) else [found]
            if not any(matches(wanted, branch) for branch in branches):
                return False
        elif not any(_allows(rule, found) for rule in wanted):
            return False
    return True


def _allows(rule: Any, found: Any) -> bool:
    if isinstance(rule, Mapping) and "exists" in rule:
        leaf = found is not _ABSENT and not isinstance(found, Mapping)
        return leaf is bool(rule["exists"])
    if found is _ABSENT:
        return False
    candidates = found if isinstance(found, list) else [found]
    return any(_allows_one(rule, candidate) for candidate in candidates)


def _allows_one(rule: Any, found: Any) -> bool:
    if not isinstance(rule, Mapping):
        return bool(found == rule and isinstance(found, bool) is isinstance(rule, bool))
    name, argument = next(iter(rule.items()))
    match name:
        case "anything-but":
            return not _excluded(argument, found)
        case "numeric":
            return _in_range(argument, found)
        case "prefix" | "suffix" | "equals-ignore-case" | "wildcard":
            return isinstance(found, str) and _text(name, argument, found)
        case _:
            raise UnknownPattern(f"the filter rule {name} is not understood")


def _excluded(argument: Any, found: Any) -> bool:
    rules = argument if isinstance(argument, list) else [argument]
    return any(_allows_one(rule, found) for rule in rules)


def _in_range(argument: Sequence[Any], found: Any) -> bool:
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return False
    pairs = zip(argument[::2], argument[1::2], strict=True)
    return all(_COMPARE[operator](found, bound) for operator, bound in pairs)


def _text(name: str, argument: Any, found: str) -> bool:
    if isinstance(argument, Mapping):
        return _text(name, argument["equals-ignore-case"].lower(), found.lower())
    match name:
        case "prefix":
            return found.startswith(argument)
        case "suffix":
            return found.endswith(argument)
        case "equals-ignore-case":
            return bool(found.lower() == argument.lower())
        case _:
            expression = ".*".join(re.escape(part) for part in argument.split("*"))
            return re.fullmatch(expression, found, re.DOTALL) is not None

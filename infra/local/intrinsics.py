"""Resolves CloudFormation's intrinsic functions."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from infra.local.settings import ACCOUNT, REGION, STACK_NAME

PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": STACK_NAME,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK_NAME}/local",
}
_NOTHING = object()
_PLACE = re.compile(r"\$\{(!?)([^}]+)\}")

Attribute = Callable[[str, str], Any]
"""Tells an attribute of a resource by its logical id; `Ref` is the attribute called Ref."""


class Unresolvable(ValueError):
    """The template uses something that the local stack does not understand."""


class Resolver:
    def __init__(
        self,
        parameters: Mapping[str, Any],
        attribute: Attribute,
        conditions: Mapping[str, Any],
        mappings: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._parameters = {**PSEUDO, **parameters}
        self._attribute = attribute
        self._conditions = conditions
        self._mappings = mappings

    def resolve(self, value: Any) -> Any:
        """Return *value* with every intrinsic in it replaced by what it stands for."""
        if isinstance(value, list):
            return [found for item in value if (found := self.resolve(item)) is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in self._functions:
                return self._functions[name](self, argument)
            if name.startswith("Fn::"):
                raise Unresolvable(f"{name} is not understood")
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not _NOTHING}

    def holds(self, condition: str) -> bool:
        """Tell whether the condition of that name is true."""
        if condition not in self._conditions:
            raise Unresolvable(f"condition {condition} is not declared")
        return bool(self.resolve(self._conditions[condition]))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        return self._parameters[name] if name in self._parameters else self._attribute(name, "Ref")

    def _get_att(self, argument: Any) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._attribute(name, attribute)

    def _sub(self, argument: Any) -> str:
        text, local = argument if isinstance(argument, list) else (argument, {})
        values = {name: self.resolve(value) for name, value in local.items()}

        def place(match: re.Match[str]) -> str:
            literal, name = match.group(1), match.group(2).strip()
            if literal:
                return "${" + name + "}"
            if name in values:
                return str(values[name])
            return str(self._get_att(name) if "." in name else self._ref(name))

        return _PLACE.sub(place, text)

    def _join(self, argument: Any) -> str:
        separator, parts = argument
        return str(separator).join(str(part) for part in self.resolve(parts))

    def _select(self, argument: Any) -> Any:
        index, items = argument
        return self.resolve(items)[int(index)]

    def _split(self, argument: Any) -> list[str]:
        separator, text = argument
        return str(self.resolve(text)).split(separator)

    def _find_in_map(self, argument: Any) -> Any:
        name, *path = self.resolve(argument)
        found: Any = self._mappings.get(name, {})
        for key in path:
            if key not in found:
                raise Unresolvable(f"mapping {name} has no {' · '.join(path)}")
            found = found[key]
        return found

    def _if(self, argument: Any) -> Any:
        condition, yes, no = argument
        return self.resolve(yes if self.holds(condition) else no)

    def _equals(self, argument: Any) -> bool:
        left, right = self.resolve(argument)
        return bool(left == right)

    _functions: Mapping[str, Callable[["Resolver", Any], Any]] = {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::Sub": _sub,
        "Fn::Join": _join,
        "Fn::Select": _select,
        "Fn::Split": _split,
        "Fn::FindInMap": _find_in_map,
        "Fn::If": _if,
        "Fn::Equals": _equals,
        "Fn::Not": lambda self, argument: not self.resolve(argument)[0],
        "Fn::And": lambda self, argument: all(self.resolve(argument)),
        "Fn::Or": lambda self, argument: any(self.resolve(argument)),
        "Condition": lambda self, argument: self.holds(argument),
    }

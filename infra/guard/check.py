"""Runs the rules of our own on a template, and says which resources break which rule."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardpycfn import validate_with_guard

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A rule that a resource of a template breaks."""

    template: str
    rule: str
    resource: str


def broken(template: Mapping[str, Any], rules: Path) -> set[tuple[str, str]]:
    """Return (rule, resource) for whatever breaks a rule of the file *rules*.

    A rule fails where a value is missing as where it is wrong; the resource is the first step of the path it names.
    """
    text, written = json.dumps(template), rules.read_text()
    failed = _failed(text, written)
    if isinstance(failed, str):  # the library cuts some reports: then each rule is asked for by itself
        answers = {name: _failed(text, rule) for name, rule in _one_by_one(written)}
        return {(name, resource) for name, answer in answers.items() for resource in _resources(answer)}
    return {(one["Rule"]["name"], resource) for one in failed for resource in _resources(one)}


def _failed(template: str, rules: str) -> Any:
    """Return what is told of each rule that failed: a list, or the text of a report that was cut."""
    answer = validate_with_guard(template, rules)
    if not answer["success"]:
        raise ValueError(f"not a rule: {answer['error']}")
    result = answer["result"]
    return result if isinstance(result, str) else result["not_compliant"]


def _one_by_one(rules: str) -> Iterator[tuple[str, str]]:
    """Yield each rule of a file by its name, with everything that stands before the first."""
    names, *parts = re.split(r"^(?=rule )", rules, flags=re.MULTILINE)
    for part in parts:
        yield part.split()[1], names + part


def _resources(failed: Any) -> set[str]:
    """Return the resources whose paths a report names."""
    return set(re.findall(r"/Resources/([^/\[\"]+)", failed if isinstance(failed, str) else json.dumps(failed)))


def findings(name: str, template: Mapping[str, Any], *files: str) -> set[Finding]:
    """Return what breaks the rules of *files* (their stems) in the template called *name*."""
    return {Finding(name, *found) for stem in files for found in broken(template, RULES / f"{stem}.guard")}

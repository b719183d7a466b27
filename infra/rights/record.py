"""A record of what functions were seen to use, by the template's names; kept as JSON."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.rights.asked import Ask

KEPT = Path(__file__).parents[2] / ".rights.json"
Told = dict[str, list[list[str]]]


class Record:
    """What each function was seen to use."""

    def __init__(self) -> None:
        self.used: dict[str, set[Ask]] = {}

    def add(self, function: str, asks: Iterable[Ask]) -> None:
        self.used.setdefault(function, set()).update(asks)

    def merge(self, told: Mapping[str, Iterable[Iterable[str]]]) -> None:
        for function, asks in told.items():
            self.add(function, (Ask(*ask) for ask in asks))

    def told(self) -> Told:
        return {function: sorted(list(ask) for ask in asks) for function, asks in sorted(self.used.items())}

    def keep(self) -> None:
        KEPT.write_text(json.dumps(self.told(), indent=1))


def kept() -> Record:
    record = Record()
    record.merge(json.loads(KEPT.read_text()))
    return record


def called_by_the_template(ask: Ask, names: Mapping[str, Any]) -> Ask:
    """Return *ask* with its resource's physical name replaced by the template's; *names* say which is whose."""
    name, slash, rest = ask.resource.partition("/")
    if whole := names.get(ask.resource):  # a secret's ARN has colons, and names of secrets have slashes
        return ask._replace(resource=str(whole))
    return ask._replace(resource=f"{names.get(name, name)}{slash}{rest}")

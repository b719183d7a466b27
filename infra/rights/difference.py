"""What was used, held against what is granted."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from infra.rights.asked import Ask
from infra.rights.granted import Grant, by_lambda, grants
from infra.rights.unseen import UNSEEN

Used = Mapping[str, Set[Ask]]
Unseen = Mapping[tuple[str, Grant], str]


def differences(template: Mapping[str, Any], used: Used, unseen: Unseen = UNSEEN) -> list[str]:
    """Return a line for each right that is granted and not used, used and not granted, or listed in vain."""
    granted, reading = grants(template), by_lambda(template)
    wrong = [f"{name}: is no function, and listed" for name in {name for name, _ in unseen} - granted.keys()]
    for function, rights in granted.items():
        listed = {right for name, right in unseen if name == function}
        found = _of(rights, reading[function], listed, used.get(function, set()))
        wrong += [f"{function}: {' '.join(right)} {what}" for right, what in found]
    return sorted(wrong)


def _of(
    rights: Set[Grant], reading: Set[Grant], listed: Set[Grant], used: Set[Ask]
) -> Iterator[tuple[Grant | Ask, str]]:
    idle = {right for right in rights if not any(right.covers(ask) for ask in used)}
    yield from ((right, "is granted, and not used") for right in idle - reading - listed)
    yield from ((right, "is needed by Lambda, and not granted") for right in reading - rights)
    yield from ((right, "is listed as not seen, and not granted") for right in listed - rights)
    yield from ((ask, "is used, and not granted") for ask in used if not any(right.covers(ask) for right in rights))

"""Exceptions from rules: each has a reason and an end, and none outlives the finding it was made for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from infra.guard.check import Finding

LIST = Path(__file__).parent / "exceptions.yaml"
MOST_DAYS = 366  # ahead of the day they are looked at


@dataclass(frozen=True, slots=True)
class Exemption:
    """`resources` is a pattern of logical ids; from the day `until` on it holds no more."""

    check: str
    resources: str
    reason: str
    until: date

    def covers(self, finding: Finding) -> bool:
        return finding.rule == self.check and re.fullmatch(self.resources, finding.resource) is not None


def exemptions(path: Path = LIST) -> list[Exemption]:
    return [Exemption(**entry) for entry in yaml.safe_load(path.read_text())]


def objections(found: Iterable[Finding], exempt: Sequence[Exemption], on: date) -> Iterator[str]:
    """Yield what is wrong on the day *on*, in sentences.

    found    excepted        on that day      said
    no       no                               nothing
    yes      no                               that it is found
    yes      yes             before its end   nothing
    yes      yes             its end          that the exception has ended
    no       yes                              that nothing needs it
    yes      for 3 years                      that it is too long
    """
    findings = sorted(found)
    for exemption in exempt:
        covered = [finding for finding in findings if exemption.covers(finding)]
        if not covered:
            yield f"{exemption.check}: the exception for {exemption.resources} is not needed"
        if not exemption.reason.strip():
            yield f"{exemption.check}: the exception for {exemption.resources} has no reason"
        if exemption.until <= on:
            yield f"{exemption.check}: the exception for {exemption.resources} ended on {exemption.until}"
        elif (exemption.until - on).days > MOST_DAYS:
            yield f"{exemption.check}: the exception for {exemption.resources} is for more than a year"
    for finding in findings:
        if not any(exemption.covers(finding) for exemption in exempt):
            yield f"{finding.template}: {finding.resource} breaks {finding.rule}"

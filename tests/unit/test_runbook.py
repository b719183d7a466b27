"""Whoever is woken by an alarm finds it in the runbook, and nothing there is about what is gone."""

import re
from pathlib import Path

import pytest

from infra.local.template import expanded

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "infra" / "runbook.md").read_text()


def declared(kind: str) -> dict[str, dict]:
    templates = [expanded(ROOT / path, {})["Resources"] for path in ("template.yaml", "infra/edge.yaml")]
    return {name: r["Properties"] for part in templates for name, r in part.items() if r["Type"] == kind}


def sections() -> dict[str, str]:
    """Return what the runbook says of each alarm; alarms of one kind share a section."""
    parts = re.split(r"^### ", RUNBOOK.partition("## Alarms")[2], flags=re.MULTILINE)[1:]
    titled = [part.partition("\n") for part in parts]
    return {name: text for title, _, text in titled for name in title.split(", ")}


def test_every_alarm_has_its_section_and_every_section_its_alarm():
    assert sections().keys() == declared("AWS::CloudWatch::Alarm").keys()


@pytest.mark.parametrize("asked", ["Means:", "Look:", "Do:"])
def test_a_section_says_what_it_means_where_to_look_and_what_to_do(asked):
    assert [name for name, text in sections().items() if asked not in text] == []


def test_every_secret_is_told_how_to_be_rotated():
    table = RUNBOOK.partition("## Rotate secrets")[2].partition("## Restore")[0]
    names = {secret["Name"]["Fn::Sub"].partition("/")[2] for secret in declared("AWS::SecretsManager::Secret").values()}

    assert [name for name in sorted(names) if f"/{name}`" not in table] == []


def test_what_must_be_given_to_a_stage_is_told_where_it_is_deployed():
    rules = expanded(ROOT / "template.yaml", {})["Rules"]["BehindTheEdge"]["Assertions"]
    deploying = RUNBOOK.partition("## Deploy")[2].partition("## Rotate secrets")[0]

    assert all(f"{rule['Assert']['Fn::Not'][0]['Fn::Equals'][0]['Ref']}=" in deploying for rule in rules)

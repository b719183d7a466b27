"""Writes counts, alarms and the dashboard between two marks of the template."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from infra.local.template import expanded
from infra.monitoring.alarms import alarms
from infra.monitoring.counts import COUNTS
from infra.monitoring.dashboard import dashboard
from infra.monitoring.declared import Declared

BEGIN, END = "  # alarms begin\n", "  # alarms end\n"


def watched(path: Path, text: str) -> str:
    """Return *text*, the template at *path*, with its watching as what it declares asks for."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    declared = expanded(path, {})["Resources"]
    return before + BEGIN + _block(declared) + END + after


def _block(resources: Mapping[str, Any]) -> str:
    declared = Declared(resources)
    told = alarms(declared)
    parts = chain(*(count.lines() for count in COUNTS), *(alarm.lines() for alarm in told))
    by_hand = ("TripsInTroubleAlarm",)
    return "\n".join([*parts, *dashboard(declared, told, *by_hand)]) + "\n"

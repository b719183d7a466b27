"""Which rules each template is held to, in which stages."""

from pathlib import Path

from infra.guard.check import Finding, findings
from infra.guard.resolved import resolved

ROOT = Path(__file__).parents[2]
MAIN, EDGE = ROOT / "template.yaml", ROOT / "infra" / "edge.yaml"
TEMPLATES = (MAIN, EDGE)
RULES = {MAIN: ("data", "work", "rights", "door"), EDGE: ("data", "work", "edge")}


def found() -> set[Finding]:
    """Return what breaks a rule of ours, as prod deploys it."""
    return {f for path, rules in RULES.items() for f in findings(path.name, resolved(path, "prod"), *rules)}

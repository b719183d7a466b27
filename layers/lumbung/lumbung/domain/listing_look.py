"""A look through the data gateway at what the sixth e-catalogue shows of a cooperative.

status   running → completed, or failed (the gateway refuses, or does not answer)
"""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should know of a pack: *kind*, and the number, name or workbook that it is about."""

    kind: str
    sku: str
    detail: str


@dataclass(frozen=True, slots=True)
class Look:
    """*found*: how many of the cooperative's packs are there."""

    id: str
    cooperative_id: str
    started_at: datetime
    started_by: str
    status: str = "running"
    found: int = 0
    findings: tuple[Finding, ...] = ()
    failure: str | None = None
    finished_at: datetime | None = None
    version: int = 0

    def completed(self, *, found: int, findings: tuple[Finding, ...], at: datetime) -> "Look":
        return replace(self, status="completed", found=found, findings=findings, finished_at=at)

    def failed(self, why: str, *, at: datetime) -> "Look":
        return replace(self, status="failed", failure=why, finished_at=at)

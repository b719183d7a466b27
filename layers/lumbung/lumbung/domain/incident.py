"""Incidents: what nobody decided and somebody must look at."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """`subject` is the id of what it is about; `detail` is a sentence without personal data."""

    id: str
    kind: str
    subject: str
    detail: str
    at: datetime
    wave_id: str | None = None

"""A list of NIP, taken line by line: a bad line says what is wrong with it, and costs no good one."""

from dataclasses import dataclass
from datetime import datetime

FAULTS_KEPT = 5_000  # of the refused lines, those that are told one by one
COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class StaffImport:
    """What became of a list. `accepted`, `known` (on the list before) and `refused` are lines.

    `faults`: (line, reason as in `nip.REASONS`). Never the numbers themselves.
    """

    id: str
    institution_id: str
    by: str
    at: datetime
    status: str = COMPLETED
    accepted: int = 0
    known: int = 0
    refused: int = 0
    faults: tuple[tuple[int, str], ...] = ()

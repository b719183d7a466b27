"""A list of NIP, taken line by line: a bad line says what is wrong with it, and costs no good one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StaffImport:
    """What became of a list. `accepted` and `known` (on the list before) are lines.

    `faults`: (line, reason as in `nip.REASONS`). Never the numbers themselves.
    """

    id: str
    institution_id: str
    by: str
    at: datetime
    accepted: int = 0
    known: int = 0
    faults: tuple[tuple[int, str], ...] = ()

    @property
    def refused(self) -> int:
        return len(self.faults)

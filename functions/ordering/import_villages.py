"""The office's list of villages comes in, in pieces: a broken row stops only itself, and a repeat changes nothing."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from lumbung.domain.village import BadRow, Village

TOGETHER = 50  # villages of one transaction


class Villages(Protocol):
    def put(self, villages: Sequence[Village]) -> None: ...


def import_villages(rows: Iterable[Village | BadRow], *, villages: Villages) -> tuple[int, list[BadRow]]:
    """Keep every village of *rows*; return how many, and the rows that were left out. The last of a code is kept."""
    waiting: dict[str, Village] = {}
    bad: list[BadRow] = []
    kept = 0
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        waiting[row.code] = row
        if len(waiting) == TOGETHER:
            kept += _put(waiting, villages)
    return kept + _put(waiting, villages), bad


def _put(waiting: dict[str, Village], villages: Villages) -> int:
    count = len(waiting)
    if count:
        villages.put(list(waiting.values()))
        waiting.clear()
    return count

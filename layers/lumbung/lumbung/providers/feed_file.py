"""A source that is one file: read row by row, gone on with where it was left.

The cursor names the file's contents and a row, so that an invocation that has lost its copy opens it again, and a
file that was replaced in the middle is noticed instead of being read half and half.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from lumbung.domain.feed import FeedPage, Read, SourceRefuses, without_contradictions

PER_PAGE = 500
_CHUNK = 1024 * 1024

Rows = Iterator[tuple[Read, object]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file from its beginning, what names its contents here, and how its source itself names them."""

    file: IO[bytes]
    mark: str
    tag: str | None = None


class FileFeed:
    """*opened* opens the file; *rows* reads it from a row on; *partial* says, afterwards, whether it told all."""

    def __init__(
        self,
        opened: Callable[[], Opened],
        rows: Callable[[IO[bytes], int], Rows],
        partial: Callable[[], bool] = lambda: False,
    ) -> None:
        self._opened, self._read_rows, self._partial = opened, rows, partial
        self._mark, self._next = "", -1
        self._tag: str | None = None
        self._rows: Rows = iter(())

    def read(self, cursor: str | None) -> FeedPage:
        """Return the rows that *cursor* names (None: the first); SourceRefuses if it names another file's."""
        mark, _, number = (cursor or ":0").partition(":")
        start = int(number)
        if cursor is None or (mark, start) != (self._mark, self._next):
            self._open(mark, start)
        rows = list(islice(self._rows, PER_PAGE))
        self._next = start + len(rows)
        more = f"{self._mark}:{self._next}" if len(rows) == PER_PAGE else None
        return FeedPage(without_contradictions(rows), more, None, partial=self._partial(), tag=self._tag)

    def _open(self, mark: str, start: int) -> None:
        opened = self._opened()
        self._mark, self._tag = opened.mark, opened.tag
        if mark and mark != self._mark:
            raise SourceRefuses("the file was replaced while it was read")
        self._rows = self._read_rows(opened.file, start)
        self._next = start


def fetched(file: IO[bytes], tag: str | None) -> Opened:
    """Return a *file* that has no name here, with one made from what is in it."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return Opened(file, digest.hexdigest()[:16], tag)

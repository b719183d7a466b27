"""Read, decide, write: again while somebody else changed what was read."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from lumbung.domain.errors import AlreadyDone, Conflict
from lumbung.domain.once import Once
from lumbung.store.table import Database, Write, until_fresh

T = TypeVar("T")


class Decisions:
    """Commits what a step decides, in one transaction.

    *earlier* finds what a key named before: when a rival with the same key was faster, a step sees its effect
    and refuses; that refusal is the rival's answer, not a conflict.
    """

    def __init__(self, db: Database, earlier: Callable[[str], AlreadyDone | None]) -> None:
        self._db, self._earlier = db, earlier

    def __call__(self, step: Callable[[], tuple[T, Sequence[Write]]], once: Once | None = None) -> T:
        """Return what *step* decided, once its writes are committed; a step without writes writes nothing."""

        def attempt() -> T:
            result, writes = step()
            if writes:
                self._db.commit(*writes)
            return result

        try:
            return until_fresh(attempt)
        except Conflict:
            if once and (done := self._earlier(once.id)):
                raise done from None
            raise

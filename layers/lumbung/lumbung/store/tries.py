"""How often somebody has guessed a code: five wrong ones lock it for a quarter of an hour."""

from datetime import datetime, timedelta

from lumbung.domain.errors import LumbungError, Stale, TooMany
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.pickup_code import LOCKED_S, TRIES
from lumbung.store.keys import Key
from lumbung.store.table import Database, Update


class _Spent(LumbungError):
    """All tries are used up, until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Tries:
    """Counters of tries, each in an item of its own."""

    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def count(self, key: Key, *, at: datetime, locked: str) -> None:
        """Count a try before its code is looked at, so that rival guesses cannot outrun the lock.

        TooMany, which says *locked*:

        tries before   last one           then
        0 to 4         any time           counted
        5              15 min ago         counted as the first again
        5              less than that     TooMany
        """
        until = to_ms(at + timedelta(seconds=LOCKED_S))
        try:
            self._db.commit(
                Update(
                    self._table,
                    key,
                    change="SET until = :until ADD tries :one",
                    when="attribute_not_exists(tries) OR tries < :most",
                    values={":until": until, ":one": 1, ":most": TRIES},
                    otherwise=lambda old: _Spent(from_ms((old or {})["until"])),
                )
            )
        except _Spent as spent:
            if at < spent.until:
                raise _locked(spent.until - at, locked) from None
            try:
                self._begin_again(key, until=until, at=at)
            except Stale:
                self.count(key, at=at, locked=locked)  # a rival was the first again

    def _begin_again(self, key: Key, *, until: int, at: datetime) -> None:
        self._db.commit(
            Update(
                self._table,
                key,
                change="SET until = :until, tries = :one",
                when="until <= :at",
                values={":until": until, ":one": 1, ":at": to_ms(at)},
            )
        )

    def forget(self, key: Key) -> Update:
        """Return the write after a right code: the next try is the first again."""
        return Update(self._table, key, change="SET tries = :none", values={":none": 0})

    def forgive(self, key: Key) -> None:
        """Take back tries of a right code that could not be acted on."""
        self._db.commit(self.forget(key))


def _locked(left: timedelta, detail: str) -> TooMany:
    seconds = max(1, -(-int(left.total_seconds() * 1000) // 1000))
    return TooMany(detail, retry_after_s=seconds)

"""How often a person has tried to show that they are staff: by a code, or by a NIP."""

from datetime import datetime

from lumbung.domain.pickup_code import TRIES
from lumbung.store import keys
from lumbung.store.table import Database, Update
from lumbung.store.tries import Tries

LOCKED = f"Salah {TRIES} kali: coba lagi nanti."


class Guesses:
    def __init__(self, db: Database, table: str) -> None:
        self._tries = Tries(db, table)

    def count(self, person_id: str, *, at: datetime) -> None:
        """Count a try before it is looked at; TooMany."""
        self._tries.count(keys.tries(person_id), at=at, locked=LOCKED)

    def forget(self, person_id: str) -> Update:
        """Return the write after a right one."""
        return self._tries.forget(keys.tries(person_id))

    def forgive(self, person_id: str) -> None:
        """Take back tries of a right one that could not be acted on."""
        self._tries.forgive(keys.tries(person_id))

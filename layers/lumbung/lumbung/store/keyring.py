"""A key for each person: what is sealed with it is gone for good when the key is, wherever copies of it lie.

The table has no backups of its own, on purpose. Keys are never remembered between calls: what is destroyed here is
unreadable everywhere at once.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.moments import to_ms
from lumbung.store import keys
from lumbung.store.rings import Rings
from lumbung.store.table import Database, Item, Put, Update

_MARK = 4  # bytes by which a sealed value tells the key that it needs


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A key in the open. `mark` says which key it is, and nothing about it."""

    subject: str
    raw: bytes

    @property
    def mark(self) -> bytes:
        return hashlib.sha256(b"mark" + self.raw).digest()[:_MARK]


class Cipher(Protocol):
    """Authenticated encryption. What was changed, or moved to another place (*about*), cannot be read."""

    def new_key(self) -> bytes: ...
    def encrypt(self, key: bytes, plain: bytes, about: bytes) -> bytes: ...
    def decrypt(self, key: bytes, sealed: bytes, about: bytes) -> bytes: ...


class Keyring:
    def __init__(self, db: Database, table: str, rings: Rings, cipher: Cipher, now: Callable[[], datetime]) -> None:
        self._db, self._table, self._rings, self._cipher, self._now = db, table, rings, cipher, now
        self.opened: set[str] = set()  # whose data was read since somebody asked last

    def find(self, subjects: Iterable[str]) -> Mapping[str, PersonKey]:
        """Return the keys that exist, by subject, strongly read; who was erased has none."""
        wanted = [keys.person_key(subject) for subject in sorted(set(subjects))]
        return {key.subject: key for key in map(self._opened, self._db.get_many(self._table, wanted)) if key}

    def find_or_make(self, subject: str, *, until: int | None = None) -> tuple[PersonKey, list[Put]]:
        """Return the subject's key, and the write that makes it if it is new (Stale when a rival's came first).

        *until*, in epoch seconds: when a new key is to go by itself.
        """
        item = self._db.get(self._table, keys.person_key(subject))
        if item and (known := self._opened(item)):
            return known, []
        new = PersonKey(subject, self._cipher.new_key())
        wrapped = self._cipher.encrypt(self._rings.of(subject), new.raw, subject.encode())
        made: Item = {**keys.person_key(subject), "wrapped": wrapped, "made_at": to_ms(self._now())}
        made |= {"expires": until} if until else {}
        return new, [Put(self._table, made, when="attribute_not_exists(wrapped)")]

    def destroy(self, subject: str, *, at: datetime) -> list[Update]:
        """Return the write after which nothing can be read that was sealed until *at*; that it was done stays known.

        None where there is nothing to destroy: no key, or one of somebody who was met anew since. Stale when a rival
        makes one meanwhile.
        """
        item = self._db.get(self._table, keys.person_key(subject))
        if item is None or "wrapped" not in item or item["made_at"] > to_ms(at):
            return []
        change, values = "REMOVE wrapped SET destroyed_at = :at", {":at": to_ms(at), ":was": item["made_at"]}
        return [Update(self._table, keys.person_key(subject), change=change, when="made_at = :was", values=values)]

    def encrypt(self, key: PersonKey, plain: bytes, about: bytes) -> bytes:
        return key.mark + self._cipher.encrypt(key.raw, plain, about)

    def decrypt(self, key: PersonKey | None, sealed: bytes, about: bytes) -> bytes | None:
        """Return what was sealed, None when its key is gone; what somebody has tampered with raises."""
        if key is None or sealed[:_MARK] != key.mark:
            return None
        self.opened.add(key.subject)
        return self._cipher.decrypt(key.raw, sealed[_MARK:], about)

    def _opened(self, item: Item) -> PersonKey | None:
        if "wrapped" not in item:
            return None
        subject = item["pk"].partition("#")[2]
        return PersonKey(subject, self._cipher.decrypt(self._rings.of(subject), item["wrapped"], subject.encode()))

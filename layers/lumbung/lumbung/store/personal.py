"""The people table as the stores speak it: sealed fields go in and come out as plain values.

A sealed field is bytes. Whose key it needs says the item's `subject`, or else its place: PERSON#subject. It is
bound to its item and its name, so that nothing can be moved to where it would say something else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lumbung.store.keyring import Keyring, PersonKey
from lumbung.store.table import Database, Item, Key, Put, Update

_SAME_AS = {"paid_for": "address"}  # one is copied onto the other where the table lies


class Pen:
    """Seals what is said of one person. `writes` make their key if it is new: commit them together with the rest."""

    def __init__(self, keyring: Keyring, key: PersonKey, writes: list[Put]) -> None:
        self._keyring, self._key, self.writes = keyring, key, writes
        self.subject = key.subject

    def seal(self, at: Key, said: Mapping[str, Any]) -> Item:
        """Return *said* of the item *at*, sealed; nothing is left as nothing."""
        return {name: self._sealed(at, name, value) for name, value in said.items() if value is not None}

    def _sealed(self, at: Key, name: str, value: Any) -> bytes:
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return self._keyring.encrypt(self._key, plain, _about(at, name))


class Personal:
    def __init__(self, db: Database, table: str, keyring: Keyring) -> None:
        self.db, self.table, self._keyring = db, table, keyring

    # -- writing

    def pen(self, subject: str, *, until: int | None = None) -> Pen:
        """Return what seals for *subject*; *until* (epoch seconds): when a key that is made for it goes by itself."""
        return Pen(self._keyring, *self._keyring.find_or_make(subject, until=until))

    def put(self, pen: Pen, item: Item, said: Mapping[str, Any], **more: Any) -> Put:
        """Return the write of *item* with what is *said* sealed into it."""
        return Put(self.table, {**item, "subject": pen.subject, **pen.seal(item, said)}, **more)

    def destroy_key(self, subject: str, *, at: datetime) -> list[Update]:
        return self._keyring.destroy(subject, at=at)

    # -- reading

    def get(self, key: Key) -> Item | None:
        item = self.db.get(self.table, key)
        return next(iter(self.open([item]))) if item else None

    def get_many(self, wanted: Sequence[Key]) -> list[Item]:
        return self.open(self.db.get_many(self.table, wanted))

    def query(self, where: str, values: Mapping[str, Any]) -> Iterator[Item]:
        yield from self.open(list(self.db.query(self.table, where, values)))

    def open(self, items: Iterable[Item]) -> list[Item]:
        """Return *items* with their sealed fields as they were said; those whose key is gone are not there."""
        found = list(items)
        known = self._keyring.find(_subject(item) for item in found if any(_is_sealed(v) for v in item.values()))
        return [self._opened(item, known.get(_subject(item))) for item in found]

    def _opened(self, item: Item, key: PersonKey | None) -> Item:
        plain: Item = {}
        for name, value in item.items():
            if not _is_sealed(value):
                plain[name] = value
            elif (said := self._keyring.decrypt(key, value, _about(item, name))) is not None:
                plain[name] = json.loads(said)
        return plain


def _is_sealed(value: Any) -> bool:
    return isinstance(value, bytes)


def _subject(item: Item) -> str:
    return str(item.get("subject") or item["pk"].partition("#")[2])


def _about(at: Mapping[str, Any], name: str) -> bytes:
    return json.dumps([at["pk"], at["sk"], _SAME_AS.get(name, name)]).encode()

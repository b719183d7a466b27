"""What tests let be known about people, as the stores would write it; and what can still be read of them."""

import json
from typing import Any

from lumbung.domain.people import OrderPrivate, Person
from lumbung.runtime import aead, clock, deps
from lumbung.store.keyring import Keyring
from lumbung.store.personal import Personal
from lumbung.store.table import Database, Item, Key, Write


class Kms:
    """Wraps keys as KMS does: bound to their key and context, though anybody could read them here."""

    def __init__(self) -> None:
        self.asked = 0

    def generate_data_key(self, KeyId: str, KeySpec: str, EncryptionContext: dict[str, str]) -> Item:
        self.asked += 1
        plain = aead.new_key()
        return {"Plaintext": plain, "CiphertextBlob": _bound(KeyId, EncryptionContext) + plain}

    def decrypt(self, KeyId: str, CiphertextBlob: bytes, EncryptionContext: dict[str, str]) -> Item:
        self.asked += 1
        assert CiphertextBlob[:-32] == _bound(KeyId, EncryptionContext), "wrapped for something else"
        return {"Plaintext": CiphertextBlob[-32:]}


def _bound(key: str, context: dict[str, str]) -> bytes:
    return json.dumps([key, context]).encode()


def open_rings() -> None:
    """Let the keys of everybody's keys be remembered, as by a container that has served many: once a process."""
    for n in range(1000):
        deps.rings().of(f"mem-{n}")


def introduced(person: Person) -> list[Write]:
    """Return the writes of what is known of *person*."""
    pen = deps.people().pen(person.id)
    return [*deps.people().introduce(pen, person), *pen.writes]


def said_of_order(private: OrderPrivate, member_id: str) -> list[Write]:
    """Return the writes of an order's address and note."""
    pen = deps.people().pen(member_id)
    return [deps.people().keep(pen, private, at=clock.now()), *pen.writes]


def unsealed(db: Database, items: list[Item]) -> list[Item]:
    """Return items of the people table, as they are in *db*, with their sealed fields opened."""
    keyring = Keyring(db, deps.table("keys"), deps.rings(), aead, clock.now)
    return Personal(db, deps.table("people"), keyring).open(items)


def kept(key: Key) -> dict[str, Any] | None:
    """Return an item of the people table with its sealed fields opened."""
    return deps.personal().get(key)

"""Idempotency records: what an Idempotency-Key named, written in the same transaction as its effect."""

from lumbung.domain.errors import AlreadyDone, LumbungError
from lumbung.domain.once import Once
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT_S = 30 * 24 * 3600  # the contract asks for at least 24 hours


def record(table: str, once: Once, thing: str, *, now_s: int) -> Put:
    """Return the write that makes *once* happen once; refused with AlreadyDone, which names the first thing.

    *now_s* (epoch seconds) dates the record's expiry.
    """
    item = {**keys.once(once.id), "thing": thing, "hash": once.request_hash, "expires": now_s + KEPT_S}
    return Put(table, item, when="attribute_not_exists(pk)", otherwise=_already_done)


def find(db: Database, table: str, once_id: str) -> AlreadyDone | None:
    item = db.get(table, keys.once(once_id))
    return AlreadyDone(item["thing"], request_hash=item["hash"]) if item else None


def _already_done(old: Item | None) -> LumbungError:
    if old is None:
        raise RuntimeError("the refusing record was not returned")
    return AlreadyDone(old["thing"], request_hash=old["hash"])

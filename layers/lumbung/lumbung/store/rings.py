"""The few keys under which everybody's own keys lie, themselves under the one key that KMS never gives out.

    KMS key  ─wraps─►  sixteen ring keys  ─wrap─►  a key per person  ─seals─►  what is known of that person

A container asks KMS once for each ring: five thousand people cost sixteen calls, and the next five thousand none.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from lumbung.domain.errors import ProviderUnavailable, Stale
from lumbung.domain.ids import tie_break
from lumbung.store import keys
from lumbung.store.table import BUSY, Database, Item, Put

RINGS = 16


class Rings:
    """*kms* makes the client of AWS KMS, *master* is the id of the key that wraps."""

    def __init__(self, db: Database, table: str, kms: Callable[[], Any], master: str) -> None:
        self._db, self._table, self._kms, self._master = db, table, kms, master
        self._open: dict[int, bytes] = {}

    def of(self, subject: str) -> bytes:
        """Return the ring key under which *subject*'s own key lies; made when it is needed for the first time."""
        number = tie_break(subject) % RINGS
        if number not in self._open:
            self._open[number] = self._find(number) or self.make(number)
        return self._open[number]

    def _find(self, number: int) -> bytes | None:
        item = self._db.get(self._table, keys.ring(number))
        if item is None:
            return None
        answer = self._ask("decrypt", number, KeyId=self._master, CiphertextBlob=item["wrapped"])
        return bytes(answer["Plaintext"])

    def make(self, number: int) -> bytes:
        """Return a ring's key, made now unless somebody else is first."""
        answer = self._ask("generate_data_key", number, KeyId=self._master, KeySpec="AES_256")
        item = {**keys.ring(number), "wrapped": bytes(answer["CiphertextBlob"])}
        with suppress(Stale):  # somebody else was first: theirs holds
            self._db.commit(Put(self._table, item, when="attribute_not_exists(pk)"))
        made = self._find(number)
        if made is None:
            raise RuntimeError(f"ring {number} was written and is not there")
        return made

    def _ask(self, operation: str, number: int, **what: Any) -> Item:
        """A ring's key is wrapped for that ring: put in another's place it opens nothing."""
        try:
            answer: Item = getattr(self._kms(), operation)(EncryptionContext={"ring": str(number)}, **what)
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in _TRANSIENT:
                raise
            raise ProviderUnavailable(BUSY) from refused
        return answer


_TRANSIENT = frozenset({"ThrottlingException", "KMSInternalException", "DependencyTimeoutException"})

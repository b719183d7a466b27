"""What is kept of a person beside their orders: their key, what it seals, and that a NIP on a list is theirs."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from lumbung.domain.errors import Stale
from lumbung.domain.moments import to_ms
from lumbung.store import keys
from lumbung.store.personal import Personal
from lumbung.store.table import Item, Update


class Traces:
    """*digest*: what a NIP is known by on a list."""

    def __init__(self, personal: Personal, digest: Callable[[str], str]) -> None:
        self._personal, self._digest = personal, digest

    def unlist_nip(self, person_id: str) -> list[Update]:
        """Return the writes after which a NIP on a list is nobody's again: the list is its institution's."""
        told = list(self._personal.query("pk = :pk", {":pk": keys.person_partition(person_id)}))
        digests = {self._digest(item["nip"]) for item in told if "nip" in item}
        digests |= {item["nip_digest"] for item in told if "nip_digest" in item}
        listed = [place for digest in sorted(digests) for place in self._claimed(digest, person_id)]
        past = [item for item in told if "nip_digest" in item and keys.is_past_membership(item)]
        table, me = self._personal.table, {":me": person_id}
        return [
            *(Update(table, at, change="REMOVE claimed_by", when="claimed_by = :me", values=me) for at in listed),
            *(Update(table, keys.place(item), change="REMOVE nip_digest") for item in past),
        ]

    def _claimed(self, digest: str, person_id: str) -> list[keys.Key]:
        found = self._personal.db.query(self._personal.table, "pk = :nip", {":nip": keys.listed_nips(digest)})
        return [keys.place(item) for item in found if item.get("claimed_by") == person_id]

    def destroy_key(self, subject: str, *, at: datetime) -> list[Update]:
        """Return the write after which nothing can be read that was sealed until *at*; none for a newer key."""
        return self._personal.destroy_key(subject, at=at)

    def sweep(self, subjects: Sequence[str], order_ids: Sequence[str], *, at: datetime) -> None:
        """Remove what nobody can read any more of these people and their orders; what can be read stays."""
        for place in (*map(keys.person_partition, subjects), *map(keys.order_partition, order_ids)):
            for sealed, update in self._unreadable(place, at):
                unchanged = " AND ".join(f"{name} = :{name}" for name in sealed)
                values = {**{f":{name}": value for name, value in sealed.items()}, **update.values}
                with suppress(Stale):  # somebody has said something new there meanwhile
                    self._personal.db.commit(
                        Update(update.table, update.key, change=update.change, when=unchanged, values=values)
                    )

    def _unreadable(self, partition: str, at: datetime) -> list[tuple[Item, Update]]:
        items = list(self._personal.db.query(self._personal.table, "pk = :pk", {":pk": partition}))
        found = []
        for item, plain in zip(items, self._personal.open(items), strict=True):
            gone = {name: value for name, value in item.items() if name not in plain}
            if gone:
                found.append((gone, self._without(item, sorted(gone), at)))
        return found

    def _without(self, item: Item, names: list[str], at: datetime) -> Update:
        key = keys.place(item)
        if item["sk"] != keys.person("")["sk"]:
            return Update(self._personal.table, key, change=f"REMOVE {', '.join(names)}")
        change = f"REMOVE {', '.join(names)}, institution SET erased_at = :at"  # they are met anew at the next sign-in
        return Update(self._personal.table, key, change=change, values={":at": to_ms(at)})

"""Lists of NIP that the programme office has imported, by digest, and what came of each import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.staff_import import StaffImport
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update


@dataclass(frozen=True, slots=True)
class Listed:
    """A NIP on an institution's list: who brought it, and whose it turned out to be."""

    import_id: str
    line: int
    claimed_by: str | None = None


class StaffLists:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, institution_id: str, digest: str) -> Listed | None:
        item = self._db.get(self._table, keys.listed_nip(digest, institution_id))
        return _listed(item) if item else None

    def find_many(self, institution_id: str, digests: Sequence[str]) -> dict[str, Listed]:
        items = self._db.get_many(self._table, [keys.listed_nip(digest, institution_id) for digest in digests])
        return {item["pk"].partition("#")[2]: _listed(item) for item in items}

    def add(self, institution_id: str, lines: Mapping[str, int], *, import_id: str, at: datetime) -> None:
        """Put at most a hundred digests on the list, each with its line; whose one is already, it stays."""
        values = {":import": import_id, ":at": to_ms(at)}
        self._db.commit(*(
            Update(
                self._table, keys.listed_nip(digest, institution_id),
                change="SET import = :import, line = :line, at = :at", values=values | {":line": line},
            )
            for digest, line in lines.items()
        ))  # fmt: skip

    def claim(self, institution_id: str, digest: str, person_id: str) -> Update:
        """Return the write that makes a listed NIP this person's; Stale when it became somebody else's."""
        return Update(
            self._table,
            keys.listed_nip(digest, institution_id),
            change="SET claimed_by = :me",
            when="attribute_not_exists(claimed_by) OR claimed_by = :me",
            values={":me": person_id},
        )

    def find_import(self, import_id: str) -> StaffImport | None:
        item = self._db.get(self._table, keys.staff_import(import_id))
        return _import(item) if item else None

    def put_import(self, done: StaffImport) -> Put:
        item: Item = {
            **keys.staff_import(done.id),
            "institution": done.institution_id,
            "by": done.by,
            "at": to_ms(done.at),
            "accepted": done.accepted,
            "known": done.known,
            "faults": [list(fault) for fault in done.faults],
        }
        return Put(self._table, item)


def _listed(item: Item) -> Listed:
    return Listed(item["import"], item["line"], item.get("claimed_by"))


def _import(item: Item) -> StaffImport:
    return StaffImport(
        id=item["pk"].partition("#")[2],
        institution_id=item["institution"],
        by=item["by"],
        at=from_ms(item["at"]),
        accepted=item["accepted"],
        known=item["known"],
        faults=tuple((line, reason) for line, reason in item["faults"]),
    )

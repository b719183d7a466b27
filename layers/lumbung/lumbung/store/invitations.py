"""Invitations, found by what their codes are kept as."""

from lumbung.domain.invitation import Invitation
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


class Invitations:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, digest: str) -> Invitation | None:
        item = self._db.get(self._table, keys.invitation(digest))
        return _from_item(item) if item else None

    def add(self, invitation: Invitation) -> Put:
        return Put(self._table, _to_item(invitation), when="attribute_not_exists(pk)")

    def save_used(self, invitation: Invitation) -> Put:
        """Return the write of one more use; Stale when somebody else was let in meanwhile."""
        return Put(self._table, _to_item(invitation), when="used = :was", values={":was": invitation.used - 1})


def _to_item(invitation: Invitation) -> Item:
    return {
        **keys.invitation(invitation.id),
        "institution": invitation.institution_id,
        "uses": invitation.uses,
        "used": invitation.used,
        "until": to_ms(invitation.until),
        "by": invitation.by,
    }


def _from_item(item: Item) -> Invitation:
    return Invitation(
        id=item["pk"].partition("#")[2],
        institution_id=item["institution"],
        uses=item["uses"],
        until=from_ms(item["until"]),
        by=item["by"],
        used=item["used"],
    )

"""Who is, and was, staff of which institution: in the people table, with the person."""

from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.staff import Membership
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


class Memberships:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, person_id: str) -> Membership | None:
        """Return the person's latest membership, strongly read, whether or not it has ended."""
        item = self._db.get(self._table, keys.membership(person_id))
        return _from_item(item) if item else None

    def save(self, membership: Membership) -> Put:
        """Return the write over the version that *membership* was made from; Stale when that has changed."""
        item = {**_to_item(membership), **keys.membership(membership.person_id), "version": membership.version + 1}
        if not membership.version:
            return Put(self._table, item, when="attribute_not_exists(pk)")
        return Put(self._table, item, when="version = :was", values={":was": membership.version})

    def replace(self, before: Membership | None, after: Membership) -> list[Put]:
        """Return the writes by which *after* takes the place of *before*, which is kept as past."""
        kept = [self._past(before)] if before else []
        roll = Put(self._table, dict(keys.on_the_roll(after.institution_id, after.person_id)))
        return [self.save(after), *kept, roll]

    def of_institution(
        self, institution_id: str, *, limit: int, start: Item | None
    ) -> tuple[list[Membership], Item | None]:
        """Return a page of those whose latest membership is, or was, this institution's."""
        places, more = self._db.query_page(
            self._table, "pk = :staff AND begins_with(sk, :person)",
            {":staff": keys.staff_of(institution_id), ":person": "PERSON#"}, limit=limit, start=start,
        )  # fmt: skip
        wanted = [keys.membership(place["sk"].partition("#")[2]) for place in places]
        found = map(_from_item, self._db.get_many(self._table, wanted))
        mine = [membership for membership in found if membership.institution_id == institution_id]
        return sorted(mine, key=lambda membership: membership.person_id), more

    def _past(self, membership: Membership) -> Put:
        key = keys.past_membership(membership.person_id, membership.version)
        return Put(self._table, {**_to_item(membership), **key})


def _to_item(membership: Membership) -> Item:
    item = {
        "institution": membership.institution_id,
        "basis": membership.basis,
        "by": membership.by,
        "at": to_ms(membership.at),
        "ended_at": to_ms(membership.ended_at) if membership.ended_at else None,
        "ended_by": membership.ended_by,
        "removed_from": set(membership.removed_from) or None,
        "version": membership.version,
        "nip_digest": membership.nip_digest,
    }
    return {name: value for name, value in item.items() if value is not None}


def _from_item(item: Item) -> Membership:
    return Membership(
        person_id=item["pk"].partition("#")[2],
        institution_id=item["institution"],
        basis=item["basis"],
        by=item["by"],
        at=from_ms(item["at"]),
        ended_at=from_ms(item["ended_at"]) if "ended_at" in item else None,
        ended_by=item.get("ended_by"),
        removed_from=frozenset(item.get("removed_from", ())),
        version=item["version"],
        nip_digest=item.get("nip_digest"),
    )

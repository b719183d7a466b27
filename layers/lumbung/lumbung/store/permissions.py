"""What people have allowed and forbidden: each as it is, and as it was after every change. Ids and words only.

What is forbidden stands with the profile as well, so that whoever writes to somebody reads it along with the address.
"""

from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.permission import Permission
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update, Write


class Permissions:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def said(self, member_id: str) -> list[Permission]:
        """Return everything that a person has ever said, strongly read, in order for each purpose."""
        where, values = "pk = :pk AND begins_with(sk, :said)", {":said": keys.PERMISSION}
        found = self._db.query(self._table, where, values | {":pk": keys.person_partition(member_id)})
        return [_from_item(item) for item in found]

    def say(self, member_id: str, permission: Permission) -> list[Write]:
        """Return the writes of what a person says now; Stale when they have said something else meanwhile."""
        at = keys.permission(member_id, permission.purpose, permission.number)
        item: Item = {
            **at,
            "purpose": permission.purpose,
            "granted": permission.granted,
            "text_version": permission.text_version,
            "at": to_ms(permission.at),
            "number": permission.number,
        }
        change = f"{'DELETE' if permission.granted else 'ADD'} forbidden :purpose"
        mark = Update(self._table, keys.person(member_id), change=change, values={":purpose": {permission.purpose}})
        return [Put(self._table, item, when="attribute_not_exists(pk)"), mark]


def _from_item(item: Item) -> Permission:
    return Permission(item["purpose"], item["granted"], item["text_version"], from_ms(item["at"]), item["number"])

"""Everything that is kept about one human, walked from their ids over all tables.

Not told, because it is not about them, or is told by what is: the ledger (payments and refunds say the same), whole
trips (they name other people's orders), records of keys that were used, and keys.
"""

from collections.abc import Iterator, Mapping, Sequence

from lumbung.store import keys
from lumbung.store.personal import Personal
from lumbung.store.table import Database, Item

Found = tuple[str, Item]  # what it is about, and the item as it is kept, opened
_PAYMENT = "PAYMENT"


class Kept:
    """*tables*: the real names of orders, payments and deliveries."""

    def __init__(self, db: Database, personal: Personal, tables: Mapping[str, str]) -> None:
        self._db, self._personal, self._tables = db, personal, tables

    def about(self, ids: Sequence[str]) -> Iterator[Found]:
        """Yield what is kept about whoever goes by *ids*, with the order that it belongs to where there is one."""
        for id_ in ids:
            yield from self._person(id_)
            yield from (("erasures", item) for item in self._partition("orders", keys.erasures_of(id_)))
            orders = self._db.query(self._tables["orders"], "member_key = :m", {":m": id_}, index="by_member")
            for order in list(orders):
                yield from self._order(order["pk"].partition("#")[2])

    def _person(self, id_: str) -> Iterator[Found]:
        partition = {":pk": keys.person_partition(id_)}
        own = list(self._personal.query("pk = :pk", partition))
        yield from (("person", item) for item in own)
        places = [place for item in own for place in keys.staff_places(item)]
        yield from (("staff", item) for item in self._personal.get_many(places))

    def _order(self, order_id: str) -> Iterator[Found]:
        mine = keys.order_partition(order_id)
        yield from (("orders", item) for item in self._partition("orders", mine))
        yield from (("orders", item) for item in self._personal.query("pk = :pk", {":pk": mine}))
        yield from (("payments", item) for item in self._partition("payments", mine))
        of_order = {":o": order_id}
        for item in self._db.query(self._tables["payments"], "order_key = :o", of_order, index="by_order"):
            yield "payments", item
            deduction = keys.deduction(item["pk"].partition("#")[2])
            if item["sk"] == _PAYMENT and (found := self._db.get(self._tables["payments"], deduction)):
                yield "payments", found
        for place in (keys.delivery(order_id), keys.code(order_id)):
            if found := self._db.get(self._tables["deliveries"], place):
                yield "deliveries", found
        yield from (("deliveries", item) for item in self._partition("deliveries", keys.handovers_of(order_id)))

    def _partition(self, table: str, pk: str) -> Iterator[Item]:
        return self._db.query(self._tables[table], "pk = :pk", {":pk": pk})

"""Institutions, cooperatives and drop-offs as items of the orders table, listed through `by_list`."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Generic, TypeVar

from lumbung.domain.errors import NotFound
from lumbung.domain.registry import Cooperative, Dropoff, Institution
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

Thing = TypeVar("Thing", Institution, Cooperative, Dropoff)


class _Register(Generic[Thing]):
    """One kind of thing, each with an id, kept whole in one item; people know it as what it is *called*."""

    called: str

    def __init__(self, db: Database, table: str, kind: type[Thing], key: Callable[[str], keys.Key]) -> None:
        self._db, self._table, self._key = db, table, key
        self._kind: type[Thing] = kind

    def get(self, id_: str) -> Thing:
        """Return the thing, strongly read; NotFound."""
        if found := self.find(id_):
            return found
        raise NotFound(f"{self.called} {id_} tidak ditemukan.")

    def find(self, id_: str) -> Thing | None:
        item = self._db.get(self._table, self._key(id_))
        return self._from_item(item) if item else None

    def get_many(self, ids: list[str]) -> dict[str, Thing]:
        found = self._db.get_many(self._table, [self._key(id_) for id_ in ids])
        return {thing.id: thing for thing in map(self._from_item, found)}

    def page(self, *, limit: int, start: Item | None) -> tuple[list[Thing], Item | None]:
        items, more = self._db.query_page(
            self._table,
            "list_key = :kind",
            {":kind": self._kind.__name__},
            index="by_list",
            limit=limit,
            start=start,
        )
        return [self._from_item(item) for item in items], more

    def add(self, thing: Thing) -> Put:
        return Put(self._table, self._to_item(thing), when="attribute_not_exists(pk)")

    def save(self, thing: Thing) -> Put:
        """Return the write of a changed thing; Stale when somebody else changed it first."""
        if isinstance(thing, Institution):
            return Put(self._table, self._to_item(thing), when="attribute_exists(pk)")
        after = replace(thing, version=thing.version + 1)
        return Put(self._table, self._to_item(after), when="version = :was", values={":was": thing.version})

    def _to_item(self, thing: Thing) -> Item:
        values = {field.name: getattr(thing, field.name) for field in fields(thing) if field.name != "id"}
        item = {
            **self._key(thing.id),
            "list_key": self._kind.__name__,
            "list_sort": f"{thing.name}#{thing.id}",
            **{name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()},
        }
        return {name: value for name, value in item.items() if value is not None}

    def _from_item(self, item: Item) -> Thing:
        kind: Callable[..., Thing] = self._kind
        values: dict[str, Any] = {"id": item["pk"].partition("#")[2]}
        for field in fields(self._kind):
            if field.name in item:
                value = item[field.name]
                values[field.name] = frozenset(value) if isinstance(value, list) else value
        return kind(**values)


class Institutions(_Register[Institution]):
    called = "Instansi"

    def __init__(self, db: Database, table: str) -> None:
        super().__init__(db, table, Institution, keys.institution)


class Cooperatives(_Register[Cooperative]):
    called = "Koperasi"

    def __init__(self, db: Database, table: str) -> None:
        super().__init__(db, table, Cooperative, keys.cooperative)


class Dropoffs(_Register[Dropoff]):
    called = "Titik ambil"

    def __init__(self, db: Database, table: str) -> None:
        super().__init__(db, table, Dropoff, keys.dropoff)

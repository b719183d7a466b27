"""Couriers' quotes as items of the deliveries table: short-lived, and without a word about anybody."""

from collections.abc import Sequence
from dataclasses import fields

from lumbung.domain.courier_quote import CourierQuote
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT_S = 3600  # beyond its validity, so that a late order hears that it is too old and not that it never was


class Quotes:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def add(self, quotes: Sequence[CourierQuote]) -> None:
        self._db.commit(*(Put(self._table, to_item(quote)) for quote in quotes))

    def find(self, quote_id: str) -> CourierQuote | None:
        item = self._db.get(self._table, keys.quote(quote_id))
        return from_item(item) if item else None


def to_item(quote: CourierQuote) -> Item:
    item = {field.name: getattr(quote, field.name) for field in fields(quote)}
    until = to_ms(quote.valid_until)
    return {**keys.quote(quote.id), **item, "valid_until": until, "expires": until // 1000 + KEPT_S}


def from_item(item: Item) -> CourierQuote:
    values = {field.name: item[field.name] for field in fields(CourierQuote)}
    return CourierQuote(**values | {"valid_until": from_ms(item["valid_until"])})

"""Corrections of allocations, beside the run that they correct; one at a time in each wave."""

from collections.abc import Iterator
from dataclasses import fields

from lumbung.domain.correction import Correction
from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


class Corrections:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def add(self, correction: Correction) -> Put:
        values = {field.name: getattr(correction, field.name) for field in fields(correction)}
        item = {**keys.correction(correction.wave_id, correction.id), **values, "at": to_ms(correction.at)}
        return Put(self._table, item, when="attribute_not_exists(pk)")

    def of_wave(self, wave_id: str) -> Iterator[Correction]:
        """Yield the wave's corrections, in no particular order."""
        values = {":pk": f"WAVE#{wave_id}", ":kind": "CORRECTION#"}
        yield from map(_from_item, self._db.query(self._table, "pk = :pk AND begins_with(sk, :kind)", values))

    def get(self, wave_id: str, correction_id: str) -> Correction:
        item = self._db.get(self._table, keys.correction(wave_id, correction_id))
        if item is None:
            raise NotFound(f"Koreksi {correction_id} tidak ditemukan.")
        return _from_item(item)


def _from_item(item: Item) -> Correction:
    known = {field.name: item[field.name] for field in fields(Correction)}
    return Correction(**known | {"at": from_ms(item["at"])})

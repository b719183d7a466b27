"""The result of the last nightly reconciliation."""

from dataclasses import astuple
from datetime import datetime

from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.reconciliation import Finding, Result
from lumbung.store import keys
from lumbung.store.table import Database, Put

KEPT = 500  # of each kind: an item holds 400 KB


class Reconciliations:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def keep(self, result: Result, *, at: datetime) -> None:
        item = {
            **keys.latest_reconciliation(),
            "kind": "RECONCILIATION",
            "at": to_ms(at),
            "findings": [list(astuple(finding)) for finding in result.findings[:KEPT]],
            "open": [list(astuple(item)) for item in result.open_items[:KEPT]],
        }
        self._db.commit(Put(self._table, item))

    def latest(self) -> tuple[datetime, Result] | None:
        item = self._db.get(self._table, keys.latest_reconciliation())
        if item is None:
            return None
        findings = tuple(Finding(*finding) for finding in item["findings"])
        return from_ms(item["at"]), Result(findings, tuple(Finding(*open_) for open_ in item["open"]))

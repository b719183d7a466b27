"""The run that closes a wave: which step it is at, which drop-offs are still to take it, and what each found.

A step is fanned out, one message per drop-off. A drop-off's part and its removal from `pending` are one
transaction; whoever sees `pending` empty begins the next step. Every step may be repeated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lumbung.store import keys
from lumbung.store.table import Check, Database, Item, Put, Update, Write


@dataclass(frozen=True, slots=True)
class Run:
    """`step` is aggregate, supply, tally, ties, apply, cancel or cancelled; `pending` the drop-offs that owe it."""

    wave_id: str
    step: str
    pending: frozenset[str]
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: int = 1


class Closings:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, wave_id: str) -> Run | None:
        item = self._db.get(self._table, keys.closing(wave_id))
        return _from_item(item) if item else None

    def start(self, wave_id: str, step: str, dropoff_ids: Iterable[str]) -> tuple[Run, Put]:
        """Return a new run and the write that begins it; Stale when there is one already."""
        run = Run(wave_id, step, frozenset(dropoff_ids))
        return run, Put(self._table, _to_item(run), when="attribute_not_exists(pk)")

    def cancel(self, wave_id: str, dropoff_ids: Iterable[str]) -> Put:
        """Return the write that turns a wave's run to calling its orders off, or begins one; Stale when it moved on."""
        before = self.find(wave_id)
        if before is None:
            return self.start(wave_id, "cancel", dropoff_ids)[1]
        after = replace(before, step="cancel", pending=frozenset(dropoff_ids), version=before.version + 1)
        return Put(self._table, _to_item(after), when="version = :was", values={":was": before.version})

    def advance(
        self, run: Run, step: str, dropoff_ids: Iterable[str] = (), rules: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Run:
        """Move *run* to its next step, once: Stale when another worker did."""
        after = Run(run.wave_id, step, frozenset(dropoff_ids), run.rules if rules is None else rules, run.version + 1)
        self._db.commit(
            Put(self._table, _to_item(after), when="version = :was AND step = :step AND attribute_not_exists(pending)",
                values={":was": run.version, ":step": run.step})
        )  # fmt: skip
        return after

    def finish_part(self, run: Run, dropoff_id: str, part: Item, *also: Write) -> None:
        """Store what *dropoff_id* found in this step, and take it off the pending ones; Stale when it was done."""
        self._db.commit(
            Update(
                self._table,
                keys.closing(run.wave_id),
                change="DELETE pending :me",
                when="step = :step AND contains(pending, :id)",
                values={":me": {dropoff_id}, ":id": dropoff_id, ":step": run.step},
            ),
            Put(self._table, {**keys.part(run.wave_id, run.step, dropoff_id), "dropoff": dropoff_id, **part}),
            *also,
        )

    def parts(self, wave_id: str, step: str) -> list[Item]:
        """Return what the drop-offs found in *step*: small items, one per drop-off."""
        values = {":pk": f"WAVE#{wave_id}", ":part": f"PART#{step}#"}
        return list(self._db.query(self._table, "pk = :pk AND begins_with(sk, :part)", values))

    # -- supply

    def confirm_supply(self, run: Run, cooperative_id: str, packs: Mapping[str, int], *also: Write) -> None:
        """Store what a cooperative will bring, by offer; Stale when supply is no longer waited for."""
        item = {**keys.supply(run.wave_id, cooperative_id), "cooperative": cooperative_id, "packs": dict(packs)}
        waiting = Check(self._table, keys.closing(run.wave_id), when="step = :supply", values={":supply": "supply"})
        self._db.commit(*also, waiting, Put(self._table, item))

    def supplies(self, wave_id: str) -> dict[str, dict[str, int]]:
        """Return the packs by offer that each cooperative has confirmed."""
        values = {":pk": f"WAVE#{wave_id}", ":supply": "SUPPLY#"}
        items = self._db.query(self._table, "pk = :pk AND begins_with(sk, :supply)", values)
        return {item["cooperative"]: item["packs"] for item in items}

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)


def _to_item(run: Run) -> Item:
    item: Item = {
        **keys.closing(run.wave_id),
        "wave": run.wave_id,
        "step": run.step,
        "rules": {offer_id: dict(rule) for offer_id, rule in run.rules.items()},
        "version": run.version,
    }
    return item | ({"pending": set(run.pending)} if run.pending else {})


def _from_item(item: Item) -> Run:
    return Run(item["wave"], item["step"], frozenset(item.get("pending", ())), item["rules"], item["version"])

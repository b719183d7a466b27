"""The run that closes a wave: which step it is at, which drop-offs are still to take it, and what each found.

A step is fanned out, one message per drop-off. A drop-off's part and its removal from `pending` are one
transaction; whoever sees `pending` empty begins the next step. Every step may be repeated.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from lumbung.domain.allocation import Rule
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Check, Database, Item, Put, Update, Write


@dataclass(frozen=True, slots=True)
class Run:
    """`step` is aggregate, supply, tally, ties, wishes, turns, apply, done, cancel or cancelled; `pending` owe it.

    `rules` share out what was ordered, `spare` what is left over of an offer, both by offer. `steps`: the steps
    taken, and when each began; it ended when the next one began.
    """

    wave_id: str
    step: str
    pending: frozenset[str]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    spare: Mapping[str, Rule] = field(default_factory=dict)
    steps: tuple[tuple[str, datetime], ...] = ()
    version: int = 1

    @property
    def done(self) -> bool:
        """Whether everybody was told what they get, whatever came after."""
        return any(step == "done" for step, _ in self.steps)


class Closings:
    def __init__(self, db: Database, table: str, now: Callable[[], datetime]) -> None:
        self._db, self._table, self._now = db, table, now

    def find(self, wave_id: str) -> Run | None:
        item = self._db.get(self._table, keys.closing(wave_id))
        return from_item(item) if item else None

    def start(self, wave_id: str, step: str, dropoff_ids: Iterable[str]) -> tuple[Run, Put]:
        """Return a new run and the write that begins it; Stale when there is one already."""
        run = Run(wave_id, step, frozenset(dropoff_ids), steps=((step, self._now()),))
        return run, Put(self._table, _to_item(run), when="attribute_not_exists(pk)")

    def cancel(self, wave_id: str, dropoff_ids: Iterable[str]) -> Put:
        """Return the write that turns a wave's run to calling its orders off, or begins one; Stale when it moved on."""
        before = self.find(wave_id)
        if before is None:
            return self.start(wave_id, "cancel", dropoff_ids)[1]
        after = replace(
            before,
            step="cancel",
            pending=frozenset(dropoff_ids),
            steps=(*before.steps, ("cancel", self._now())),
            version=before.version + 1,
        )
        return Put(self._table, _to_item(after), when="version = :was", values={":was": before.version})

    def advance(
        self,
        run: Run,
        step: str,
        dropoff_ids: Iterable[str] = (),
        *,
        rules: Mapping[str, Rule] | None = None,
        spare: Mapping[str, Rule] | None = None,
    ) -> Run:
        """Move *run* to its next step, once: Stale when another worker did."""
        after = Run(
            run.wave_id,
            step,
            frozenset(dropoff_ids),
            run.rules if rules is None else rules,
            run.spare if spare is None else spare,
            (*run.steps, (step, self._now())),
            run.version + 1,
        )
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

    def keep(self, run: Run) -> Update:
        """Return the write by which only one change at a time is made to what *run* shared out; Stale for others."""
        return Update(
            self._table,
            keys.closing(run.wave_id),
            change="SET version = :next",
            when="version = :was",
            values={":was": run.version, ":next": run.version + 1},
        )

    def parts(self, wave_id: str, step: str) -> Iterator[Item]:
        """Yield what the drop-offs found in *step*, one item per drop-off, page by page."""
        values = {":pk": f"WAVE#{wave_id}", ":part": f"PART#{step}#"}
        return self._db.query(self._table, "pk = :pk AND begins_with(sk, :part)", values)

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
        "rules": {offer_id: asdict(rule) for offer_id, rule in run.rules.items()},
        "spare": {offer_id: asdict(rule) for offer_id, rule in run.spare.items()},
        "steps": [[step, to_ms(at)] for step, at in run.steps],
        "version": run.version,
    }
    return item | ({"pending": set(run.pending)} if run.pending else {})


def from_item(item: Item) -> Run:
    return Run(
        item["wave"],
        item["step"],
        frozenset(item.get("pending", ())),
        {offer_id: _rule(rule) for offer_id, rule in item["rules"].items()},
        {offer_id: _rule(rule) for offer_id, rule in item["spare"].items()},
        tuple((step, from_ms(at)) for step, at in item["steps"]),
        item["version"],
    )


def _rule(item: Item) -> Rule:
    cut = item["cut"]
    return Rule(**item | {"cut": tuple(cut) if cut else None})

"""The run that closes a wave: which step it is at, which drop-offs are still to take it, and what each found.

A step is fanned out, one message per drop-off. Who still owes it stands in groups of a hundred, each an item. A
drop-off's part and its removal from its group are one transaction; whoever sees its group empty takes that off the
run, and whoever sees none left begins the next step. Every step may be repeated.
"""

from binascii import crc32
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from lumbung.domain.allocation import Rule
from lumbung.domain.errors import Stale
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Check, Database, Item, Put, Update, Write

GROUP = 100  # drop-offs; with 5,000 to a wave a step begins in one transaction of 51 writes


@dataclass(frozen=True, slots=True)
class Run:
    """`step` is aggregate, supply, tally, ties, wishes, turns, apply, done, cancel or cancelled.

    `owing`: the groups of drop-offs, of `groups`, that owe it; `begun`: the version at which they began to.
    `rules` share out what was ordered, `spare` what is left over of an offer, both by offer. `steps`: the steps
    taken, and when each began; it ended when the next one began.
    """

    wave_id: str
    step: str
    owing: frozenset[str] = frozenset()
    groups: int = 1
    begun: int = 1
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

    def start(self, wave_id: str, step: str, dropoff_ids: Collection[str]) -> list[Write]:
        """Return the writes that begin a wave's run; Stale when there is one already."""
        run = self._at(Run(wave_id, step, version=0), step, dropoff_ids)
        return [Put(self._table, _to_item(run), when="attribute_not_exists(pk)"), *self._groups(run, dropoff_ids)]

    def cancel(self, wave_id: str, dropoff_ids: Collection[str]) -> list[Write]:
        """Return the writes that turn a wave's run to calling its orders off, or begin one; Stale when it moved on."""
        before = self.find(wave_id)
        if before is None:
            return self.start(wave_id, "cancel", dropoff_ids)
        after = self._at(before, "cancel", dropoff_ids)
        moved = Put(self._table, _to_item(after), when="version = :was", values={":was": before.version})
        return [moved, *self._groups(after, dropoff_ids)]

    def advance(
        self,
        run: Run,
        step: str,
        dropoff_ids: Collection[str] = (),
        *,
        rules: Mapping[str, Rule] | None = None,
        spare: Mapping[str, Rule] | None = None,
    ) -> Run:
        """Move *run*, whose step nobody owes any more, to its next one, once: Stale when another worker did."""
        shared = replace(run, rules=run.rules if rules is None else rules, spare=run.spare if spare is None else spare)
        after = self._at(shared, step, dropoff_ids)
        self._db.commit(
            Put(self._table, _to_item(after), when="version = :was AND step = :step AND attribute_not_exists(owing)",
                values={":was": run.version, ":step": run.step}),
            *self._groups(after, dropoff_ids),
        )  # fmt: skip
        return after

    def pending(self, run: Run) -> frozenset[str]:
        """Return the drop-offs that still owe the run's step."""
        return frozenset().union(*(self._pending(run, group) for group in run.owing))

    def owes(self, run: Run, dropoff_id: str) -> bool:
        return dropoff_id in self._pending(run, group_of(dropoff_id, run.groups))

    def finish_part(self, run: Run, dropoff_id: str, part: Item, *also: Write) -> None:
        """Store what *dropoff_id* found in this step, and take it off its group; Stale when it was done."""
        self._db.commit(
            Update(
                self._table,
                keys.owing(run.wave_id, group_of(dropoff_id, run.groups)),
                change="DELETE pending :me",
                when="begun = :begun AND contains(pending, :id)",
                values={":me": {dropoff_id}, ":id": dropoff_id, ":begun": run.begun},
            ),
            Put(self._table, {**keys.part(run.wave_id, run.step, dropoff_id), "dropoff": dropoff_id, **part}),
            *also,
        )

    def tick_off(self, run: Run, dropoff_id: str | None = None) -> Run:
        """Take the drop-off's group, or every one, off the run if it owes nothing; return the run as it is then."""
        groups = {group_of(dropoff_id, run.groups)} if dropoff_id else run.owing
        for group in groups & run.owing:
            if not self._pending(run, group):
                with suppress(Stale):  # somebody else did, or the run was turned to something else
                    self._db.commit(self._ticked_off(run, group))
        return self.find(run.wave_id) or run

    def _ticked_off(self, run: Run, group: str) -> Update:
        return Update(
            self._table,
            keys.closing(run.wave_id),
            change="DELETE owing :group",
            when="begun = :begun AND contains(owing, :number)",
            values={":group": {group}, ":number": group, ":begun": run.begun},
        )

    def _at(self, run: Run, step: str, dropoff_ids: Collection[str]) -> Run:
        """Return *run* at the beginning of *step*, which *dropoff_ids* owe."""
        groups = -(-len(dropoff_ids) // GROUP) or 1
        owing = frozenset(group_of(dropoff_id, groups) for dropoff_id in dropoff_ids)
        steps, version = (*run.steps, (step, self._now())), run.version + 1
        return replace(run, step=step, owing=owing, groups=groups, begun=version, steps=steps, version=version)

    def _groups(self, run: Run, dropoff_ids: Collection[str]) -> list[Put]:
        pending: dict[str, set[str]] = defaultdict(set)
        for dropoff_id in dropoff_ids:
            pending[group_of(dropoff_id, run.groups)].add(dropoff_id)
        return [
            Put(self._table, {**keys.owing(run.wave_id, group), "begun": run.begun, "pending": ids})
            for group, ids in pending.items()
        ]

    def _pending(self, run: Run, group: str) -> Collection[str]:
        item = self._db.get(self._table, keys.owing(run.wave_id, group))
        return item.get("pending", ()) if item and item["begun"] == run.begun else ()

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
        "groups": run.groups,
        "begun": run.begun,
        "rules": {offer_id: asdict(rule) for offer_id, rule in run.rules.items()},
        "spare": {offer_id: asdict(rule) for offer_id, rule in run.spare.items()},
        "steps": [[step, to_ms(at)] for step, at in run.steps],
        "version": run.version,
    }
    return item | ({"owing": set(run.owing)} if run.owing else {})


def from_item(item: Item) -> Run:
    return Run(
        item["wave"],
        item["step"],
        frozenset(item.get("owing", ())),
        item["groups"],
        item["begun"],
        {offer_id: _rule(rule) for offer_id, rule in item["rules"].items()},
        {offer_id: _rule(rule) for offer_id, rule in item["spare"].items()},
        tuple((step, from_ms(at)) for step, at in item["steps"]),
        item["version"],
    )


def group_of(dropoff_id: str, groups: int) -> str:
    """Return which of *groups* a drop-off belongs to, whatever else the wave has."""
    return f"{crc32(dropoff_id.encode()) % groups:02d}"


def _rule(item: Item) -> Rule:
    cut = item["cut"]
    return Rule(**item | {"cut": tuple(cut) if cut else None})

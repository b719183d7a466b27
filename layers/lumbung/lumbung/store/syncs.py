"""Sync runs, what each saw and changed, and the rows that it could not read.

A run's record is saved in the same transaction as everything that a step of it did (`commit`).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from lumbung.domain.errors import InvalidState, NotFound
from lumbung.domain.feed import Broken, Row, broken_mark, seen_mark
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.product import Change
from lumbung.domain.sync import Quarantined, Run, Source
from lumbung.store import keys
from lumbung.store.seen_marks import SeenMarks, marks_of
from lumbung.store.sync_items import from_item, to_item
from lumbung.store.table import Database, Item, Put, Update, Write

MAX_ROW = 32_000  # characters of a row as received; longer ones are cut, and say so
MARKS_KEPT = timedelta(days=7)
ROWS_KEPT = timedelta(days=90)  # as long as raw messages are kept (design.md, invariant 11)


class Syncs:
    def __init__(self, db: Database, table: str, now: Callable[[], datetime]) -> None:
        self._db, self._table, self._now = db, table, now
        self._seen = SeenMarks("", "")

    # -- runs

    def get(self, run_id: str) -> Run:
        """Return the run, strongly read; NotFound."""
        item = self._db.get(self._table, keys.run(run_id))
        if item is None:
            raise NotFound(f"Sinkronisasi {run_id} tidak ditemukan.")
        return from_item(item)

    def waiting(self, source: str, *, limit: int) -> list[Run]:
        """Return the runs of a source that wait for their turn, oldest first (eventually consistent)."""
        items, _ = self._db.query_page(
            self._table, "list_key = :kind", {":kind": keys.waiting(source)}, index="by_list", limit=limit
        )
        return [from_item(item) for item in items]

    def add(self, run: Run) -> Put:
        return Put(self._table, to_item(run), when="attribute_not_exists(pk)")

    def commit(self, run: Run, *also: Write, first: Sequence[Write] = ()) -> Run:
        """Save *run* over the version it came from, together with *also*; Stale when it moved meanwhile.

        *first* are writes whose refusal counts before any other.
        """
        after = replace(run, version=run.version + 1)
        save = Put(self._table, to_item(after), when="version = :was", values={":was": run.version})
        self._db.commit(*first, save, *also)
        return after

    def write(self, *writes: Write) -> None:
        self._db.commit(*writes)

    # -- sources

    def source(self, name: str) -> Source | None:
        """Return what is configured for a source, None if nothing ever was."""
        item = self._db.get(self._table, keys.catalog_source(name))
        if item is None:
            return None
        return Source(
            name, item.get("cooperative"), item.get("columns", {}), item.get("running"), item.get("latest"),
            item.get("tag"),
        )  # fmt: skip

    def configure(self, source: Source) -> Update:
        """Return the write that remembers whose products a source delivers, and its columns."""
        return Update(
            self._table,
            keys.catalog_source(source.name),
            change="SET cooperative = :cooperative, columns = :columns REMOVE tag",
            values={":cooperative": source.cooperative_id, ":columns": dict(source.columns)},
        )

    def occupy(self, run: Run, *, instead_of: str | None = None) -> Update:
        """Return the write by which *run* has its source to itself; InvalidState when another run has it.

        *instead_of* is a run that is known to be dead.
        """
        return Update(
            self._table,
            keys.catalog_source(run.source),
            change="SET running = :run, latest = :run",
            when="attribute_not_exists(running) OR running = :dead",
            values={":run": run.id, ":dead": instead_of or "-"},
            otherwise=InvalidState(f"Sumber {run.source} sedang disinkronkan."),
        )

    def resume(self, run: Run) -> Update:
        """As `occupy`, for a held run: only if its source was not synced again since."""
        return Update(
            self._table,
            keys.catalog_source(run.source),
            change="SET running = :run",
            when="attribute_not_exists(running) AND latest = :run",
            values={":run": run.id},
            otherwise=InvalidState(f"Sumber {run.source} sudah disinkronkan lagi sesudahnya."),
        )

    def leave(self, run: Run) -> list[Update]:
        """Return the write by which a run that stops gives its source free; none when it has it no more.

        One that has read all of its source leaves word of how that named itself.
        """
        source = self.source(run.source)
        if source is None or source.running != run.id:
            return []
        change, values = "REMOVE running", {":run": run.id}
        if run.status == "completed":
            change = "REMOVE running SET tag = :tag" if run.tag else "REMOVE running, tag"
            values |= {":tag": run.tag} if run.tag else {}
        return [
            Update(self._table, keys.catalog_source(run.source), change=change, when="running = :run", values=values)
        ]

    def read_anew(self, source: str) -> Update:
        """Return the write after which all of a source is read again, even if it has not changed."""
        return Update(self._table, keys.catalog_source(source), change="REMOVE tag")

    # -- what a run saw

    def saw(self, run: Run, seen: Sequence[tuple[str, str]], broken: Sequence[str]) -> Put:
        """Return the write that remembers packs seen (product and sku), and skus that could not be read."""
        shelves: dict[str, bytes] = {}
        for product_id, sku in seen:
            place = f"shelf_{keys.shelf_of(product_id)}"
            shelves[place] = shelves.get(place, b"") + seen_mark(product_id, sku)
        item = {
            **keys.seen(run.id, run.version),
            "cursor": run.cursor or "",
            **shelves,
            "broken": b"".join(map(broken_mark, broken)),
            "expires": self._expiry(MARKS_KEPT),
        }
        return Put(self._table, item)

    def seen_on_shelf(self, run: Run, number: int) -> set[bytes]:
        """Return the marks of what the run saw on one shelf: eight bytes a pack."""
        marks: set[bytes] = set()
        for item in self._part(run.id, "SEEN#"):
            marks.update(marks_of(item.get(f"shelf_{number}", b"")), marks_of(item["broken"]))
        return marks

    def saw_before(self, run: Run, wanted: Set[bytes]) -> set[bytes]:
        """Return those of the marks *wanted* that pages before the run's present one left.

        They are read once by each container, on from where it was.
        """
        if run.cursor is None:
            return set()
        if self._seen.run_id != run.id:
            self._seen = SeenMarks(run.id, keys.seen(run.id, 0)["sk"])
        last = keys.seen(run.id, run.version)["sk"]
        values = {":run": keys.run(run.id)["pk"], ":after": self._seen.upto, ":last": last}
        for item in self._db.query(self._table, "pk = :run AND sk BETWEEN :after AND :last", values):
            if item["cursor"] == run.cursor:  # the present page's own
                break
            if item["sk"] > self._seen.upto:
                self._seen.read(item["sk"], *(item.get(f"shelf_{n}", b"") for n in range(keys.SHELVES)))
        return {mark for mark in wanted if mark in self._seen}

    # -- what a run changed, could not read, or left to a person

    def note(self, run: Run, at: int, changes: Iterable[Change]) -> list[Put]:
        """Return the write that remembers the differences which one row (number *at* of its page) made."""
        told = [asdict(change) for change in changes]
        if not told:
            return []
        key = keys.difference(run.id, run.phase, run.cursor or "", at)
        return [Put(self._table, {**key, "changes": told, "expires": self._expiry(ROWS_KEPT)})]

    def changes(self, run_id: str, *, limit: int, start: Item | None) -> tuple[list[Change], Item | None]:
        items, more = self._page(run_id, "CHANGE#", limit=limit, start=start)
        return [Change(**change) for item in items for change in item["changes"]], more

    def set_aside(self, run: Run, at: int, row: Row) -> Put:
        item = {**keys.aside(run.id, run.cursor or "", at), "row": asdict(row), "expires": self._expiry(ROWS_KEPT)}
        return Put(self._table, item)

    def aside(self, run: Run, *, limit: int) -> list[tuple[str, Row]]:
        """Return the next rows that were set aside after the run's cursor, each with its own cursor."""
        values = {":run": keys.run(run.id)["pk"], ":after": run.cursor or "ASIDE#", ":end": "ASIDE$"}
        items, _ = self._db.query_page(
            self._table, "pk = :run AND sk BETWEEN :after AND :end", values, limit=limit + 1
        )  # fmt: skip
        return [(item["sk"], Row.of(item["row"])) for item in items if item["sk"] != run.cursor][:limit]

    def quarantine(self, run: Run, at: int, broken: Broken) -> Put:
        received = json.dumps(broken.received, default=str)
        item = {
            **keys.quarantined(run.id, run.cursor or "", at),
            "kind": "QUARANTINED",
            "list_key": "Quarantined",
            "list_sort": f"{to_ms(run.moved_at)}#{run.id}#{at:06d}",
            "run": run.id,
            "source": run.source,
            "at": to_ms(run.moved_at),
            "reason": broken.reason,
            "row": received[:MAX_ROW],
            "cut": len(received) > MAX_ROW,
            "read": asdict(broken.row) if broken.row else None,
            "expires": self._expiry(ROWS_KEPT),
        }
        return Put(self._table, item)

    def quarantined_row(self, run_id: str, position: str) -> Quarantined:
        """Return one row that *run_id* set aside; NotFound."""
        item = self._db.get(self._table, keys.quarantined_at(run_id, position))
        if item is None:
            raise NotFound("Baris tidak ditemukan.")
        return _quarantined(item)

    def take_out(self, row: Quarantined, *, at: datetime, by: str) -> Update:
        """Return the write that notes that the row was taken after all; InvalidState when it was before."""
        return Update(
            self._table,
            keys.quarantined_at(row.run_id, row.position),
            change="SET taken_at = :at, taken_by = :by",
            when="attribute_exists(pk) AND attribute_not_exists(taken_at)",
            values={":at": to_ms(at), ":by": by},
            otherwise=InvalidState("Baris ini sudah diambil."),
        )

    def quarantined(
        self, run_id: str | None, *, limit: int, start: Item | None
    ) -> tuple[list[Quarantined], Item | None]:
        """Return rows of one run in the order of the source, or those of all runs, newest first."""
        if run_id:
            items, more = self._page(run_id, "ROW#", limit=limit, start=start)
        else:
            items, more = self._db.query_page(
                self._table, "list_key = :kind", {":kind": "Quarantined"},
                index="by_list", newest_first=True, limit=limit, start=start,
            )  # fmt: skip
        return [_quarantined(item) for item in items], more

    def _page(self, run_id: str, kind: str, *, limit: int, start: Item | None) -> tuple[list[Item], Item | None]:
        values = {":run": keys.run(run_id)["pk"], ":kind": kind}
        where = "pk = :run AND begins_with(sk, :kind)"
        return self._db.query_page(self._table, where, values, limit=limit, start=start)

    def _part(self, run_id: str, kind: str) -> Iterator[Item]:
        values = {":run": keys.run(run_id)["pk"], ":kind": kind}
        return self._db.query(self._table, "pk = :run AND begins_with(sk, :kind)", values)

    def _expiry(self, kept: timedelta) -> int:
        return int((self._now() + kept).timestamp())


def _quarantined(item: Item) -> Quarantined:
    return Quarantined(
        run_id=item["run"],
        position=keys.position_of(item["sk"]),
        source=item["source"],
        at=from_ms(item["at"]),
        reason=item["reason"],
        row=item["row"] if item["cut"] else json.loads(item["row"], parse_constant=str),
        read=Row.of(item["read"]) if item.get("read") else None,
        taken_at=from_ms(item["taken_at"]) if "taken_at" in item else None,
    )

"""Statements that were sent in, their lines, and the worklist of what nothing explains.

A file and its explained lines may name people: they are deleted after 90 days, as raw provider messages are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta

from lumbung.domain.errors import AlreadyDone, NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.statement import BadLine, Entry, Line, Statement
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Write

KEPT = timedelta(days=90)
ERRORS_KEPT = 200  # of a file: an item holds 400 KB


class Statements:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    # -- files

    def add(self, statement: Statement, raw: bytes) -> list[Write]:
        """Return the writes of a new file; AlreadyDone when the same file was sent in before."""
        again = AlreadyDone(statement.id, request_hash="")
        kept = {**keys.statement_file(statement.id), "raw": raw, "expires": _expires(statement.sent_at)}
        return [
            Put(self._table, _to_item(statement), when="attribute_not_exists(pk)", otherwise=again),
            Put(self._table, kept),
        ]

    def save(self, statement: Statement) -> None:
        self._db.commit(Put(self._table, _to_item(statement)))

    def get(self, statement_id: str) -> Statement:
        """Return the statement, strongly read; NotFound."""
        item = self._db.get(self._table, keys.statement(statement_id))
        if item is None:
            raise NotFound(f"Rekening koran {statement_id} tidak ditemukan.")
        return _from_item(item)

    def raw(self, statement_id: str) -> bytes:
        item = self._db.get(self._table, keys.statement_file(statement_id))
        if item is None:
            raise NotFound(f"Berkas {statement_id} sudah dihapus.")
        return bytes(item["raw"])

    # -- lines

    def explain(self, entry: Entry, taken: str | None = None) -> list[Write]:
        """Return the writes of a line that was not known; AlreadyDone, which names the line, when it was.

        *taken*: the transfer that it is about, which no other line may be about.
        """
        new = AlreadyDone(entry.id, request_hash="")
        writes: list[Write] = [
            Put(self._table, _line_to_item(entry), when="attribute_not_exists(pk)", otherwise=new),
        ]
        if taken:
            writes.append(Put(self._table, keys.taken(taken), when="attribute_not_exists(pk)"))
        return writes

    def resolve(self, entry: Entry) -> Put:
        """Return the write of a resolved line; Stale when somebody else resolved it first."""
        return Put(self._table, _line_to_item(entry), when="status = :open", values={":open": "unmatched"})

    def taken(self, transfer_ids: Iterable[str]) -> set[str]:
        """Return those of the transfers that a line is about already."""
        found = self._db.get_many(self._table, [keys.taken(id_) for id_ in transfer_ids])
        return {item["pk"].partition("#")[2] for item in found}

    def line(self, line_id: str) -> Entry:
        item = self._db.get(self._table, keys.statement_line(line_id))
        if item is None:
            raise NotFound(f"Baris {line_id} tidak ditemukan.")
        return _line_from_item(item)

    def lines(self, line_ids: Iterable[str]) -> dict[str, Entry]:
        """Return those of the lines that are known, strongly read, by id."""
        found = self._db.get_many(self._table, [keys.statement_line(id_) for id_ in line_ids])
        return {entry.id: entry for entry in map(_line_from_item, found)}

    def worklist(self, *, limit: int, start: Item | None) -> tuple[list[Entry], Item | None]:
        items, more = self._db.query_page(
            self._table, "list_key = :k", {":k": "WORKLIST"}, index="by_list", limit=limit, start=start
        )
        return [_line_from_item(item) for item in items], more

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)


def _expires(at: datetime) -> int:
    return int((at + KEPT).timestamp())


def _to_item(statement: Statement) -> Item:
    return {
        **keys.statement(statement.id),
        "kind": "STATEMENT",
        "source": statement.source,
        "by": statement.sent_by,
        "at": to_ms(statement.sent_at),
        "status": statement.status,
        "counts": [statement.matched, statement.unmatched, statement.known],
        "errors": [list(astuple(error)) for error in statement.errors[:ERRORS_KEPT]],
    }


def _from_item(item: Item) -> Statement:
    matched, unmatched, known = item["counts"]
    return Statement(
        id=item["pk"].partition("#")[2],
        source=item["source"],
        sent_by=item["by"],
        sent_at=from_ms(item["at"]),
        status=item["status"],
        matched=matched,
        unmatched=unmatched,
        known=known,
        errors=tuple(BadLine(*error) for error in item["errors"]),
    )


def _line_to_item(entry: Entry) -> Item:
    line = entry.line
    item: Item = {
        **keys.statement_line(entry.id),
        "kind": "LINE",
        "statement": entry.statement_id,
        "source": entry.source,
        "line": [line.number, to_ms(line.at), line.amount, line.reference, line.text, line.fee, line.what],
        "status": entry.status,
        "about": entry.about,
        "reason": entry.reason,
        "detail": entry.detail or None,
        "resolved_by": entry.resolved_by,
        "resolved_at": to_ms(entry.resolved_at) if entry.resolved_at else None,
    }
    if entry.status == "unmatched":
        item |= {"list_key": "WORKLIST", "list_sort": f"{to_ms(line.at)}#{entry.id}"}
    else:
        item["expires"] = _expires(entry.resolved_at or line.at)
    return {name: value for name, value in item.items() if value is not None}


def _line_from_item(item: Item) -> Entry:
    return Entry(
        id=item["pk"].partition("#")[2],
        statement_id=item["statement"],
        source=item["source"],
        line=_line(item["line"]),
        status=item["status"],
        about=item.get("about"),
        reason=item.get("reason"),
        detail=item.get("detail", ""),
        resolved_by=item.get("resolved_by"),
        resolved_at=from_ms(item["resolved_at"]) if "resolved_at" in item else None,
    )


def _line(said: Sequence[int | str]) -> Line:
    number, at, *rest = said
    return Line(int(number), from_ms(int(at)), *rest)  # type: ignore[arg-type]  # as `_line_to_item` wrote them

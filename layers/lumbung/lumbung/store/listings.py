"""What is listed in the sixth e-catalogue, the workbooks that list it, and the looks at what came of them."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any, TypeVar

from lumbung.domain.errors import NotFound
from lumbung.domain.listing import Entry, Line, Listing, Shown, Workbook
from lumbung.domain.listing_look import Finding, Look
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Write

Thing = TypeVar("Thing", Listing, Workbook, Look)


class Listings:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    # -- what is listed

    def all_of(self, cooperative_id: str) -> dict[str, Listing]:
        """Return every listing of a cooperative by sku, strongly read."""
        values = {":place": keys.listings_of(cooperative_id)}
        return {item["sk"]: _listing(item) for item in self._db.query(self._table, "pk = :place", values)}

    def get_many(self, cooperative_id: str, skus: Iterable[str]) -> dict[str, Listing]:
        """Return the listings that are known, by sku, strongly read."""
        items = self._db.get_many(self._table, [keys.listing(cooperative_id, sku) for sku in skus])
        return {item["sk"]: _listing(item) for item in items}

    def save(self, listing: Listing) -> Put:
        """Return the write of a new or changed listing; Stale when somebody else wrote it first."""
        key = keys.listing(listing.cooperative_id, listing.sku)
        return self._save(listing, {**key, "kind": "LISTING"}, without=("cooperative_id", "sku"))

    # -- workbooks

    def workbook(self, workbook_id: str) -> Workbook:
        """Return the workbook, strongly read; NotFound."""
        item = self._db.get(self._table, keys.workbook(workbook_id))
        if item is None:
            raise NotFound(f"Buku kerja {workbook_id} tidak ditemukan.")
        return _workbook(item)

    def workbooks(self, cooperative_id: str, *, limit: int, start: Item | None) -> tuple[list[Workbook], Item | None]:
        """Return a cooperative's workbooks, newest first (eventually consistent)."""
        items, more = self._listed("Workbook", cooperative_id, limit=limit, start=start)
        return [_workbook(item) for item in items], more

    def save_workbook(self, workbook: Workbook) -> Put:
        """Return the write of a new or changed workbook; Stale when somebody else wrote it first."""
        place = _place("Workbook", workbook.cooperative_id, to_ms(workbook.made_at), workbook.id)
        return self._save(workbook, {**keys.workbook(workbook.id), "kind": "WORKBOOK", **place}, without=("id",))

    # -- looks

    def look_nightly(self, cooperative_id: str) -> Put:
        """Return the write that has a cooperative looked at every night from now on."""
        return Put(self._table, dict(keys.looked_at(cooperative_id)))

    def looked_at_nightly(self) -> list[str]:
        """Return the cooperatives that are looked at every night, strongly read."""
        values = {":all": keys.looked_at("")["pk"]}
        return [item["sk"] for item in self._db.query(self._table, "pk = :all", values)]

    def look(self, look_id: str) -> Look:
        """Return the look, strongly read; NotFound."""
        item = self._db.get(self._table, keys.look(look_id))
        if item is None:
            raise NotFound(f"Pemeriksaan {look_id} tidak ditemukan.")
        return _look(item)

    def looks(self, cooperative_id: str, *, limit: int, start: Item | None) -> tuple[list[Look], Item | None]:
        """Return the looks at what is shown of a cooperative, newest first (eventually consistent)."""
        items, more = self._listed("Look", cooperative_id, limit=limit, start=start)
        return [_look(item) for item in items], more

    def save_look(self, look: Look) -> Put:
        """Return the write of a new or changed look; Stale when somebody else wrote it first."""
        place = _place("Look", look.cooperative_id, to_ms(look.started_at), look.id)
        return self._save(look, {**keys.look(look.id), "kind": "LOOK", **place}, without=("id",))

    def write(self, *writes: Write) -> None:
        self._db.commit(*writes)

    def _listed(self, kind: str, cooperative_id: str, **page: Any) -> tuple[list[Item], Item | None]:
        values = {":place": f"{kind}#{cooperative_id}"}
        where = "list_key = :place"
        return self._db.query_page(self._table, where, values, index="by_list", newest_first=True, **page)

    def _save(self, thing: Thing, place: Item, *, without: tuple[str, ...]) -> Put:
        values = asdict(replace(thing, version=thing.version + 1))
        told = {name: value for name, value in values.items() if name not in without and value is not None}
        moments = {name: to_ms(value) for name, value in told.items() if name.endswith("_at")}
        item = {**place, **told, **moments}
        if not thing.version:
            return Put(self._table, item, when="attribute_not_exists(pk)")
        return Put(self._table, item, when="version = :was", values={":was": thing.version})


def _place(kind: str, cooperative_id: str, at_ms: int, id_: str) -> Item:
    return {"list_key": f"{kind}#{cooperative_id}", "list_sort": f"{at_ms}#{id_}"}


def _listing(item: Item) -> Listing:
    return Listing(
        **_fields(item, "product_id", "action", "workbook_id", "rejected", "unsure", "version"),
        cooperative_id=item["pk"].partition("#")[2],
        sku=item["sk"],
        written=Entry(**item["written"]) if "written" in item else None,
        shown=Shown(**item["shown"]) if "shown" in item else None,
    )


def _workbook(item: Item) -> Workbook:
    return Workbook(
        **_fields(item, "cooperative_id", "commodity", "made_by", "version"),
        **_moments(item, "made_at", "uploaded_at", "discarded_at"),
        id=item["pk"].partition("#")[2],
        lines=tuple(Line(**{**line, "entry": Entry(**line["entry"])}) for line in item["lines"]),
    )


def _look(item: Item) -> Look:
    return Look(
        **_fields(item, "cooperative_id", "started_by", "status", "found", "failure", "version"),
        **_moments(item, "started_at", "finished_at"),
        id=item["pk"].partition("#")[2],
        findings=tuple(Finding(**finding) for finding in item["findings"]),
    )


def _fields(item: Item, *names: str) -> dict[str, Any]:
    return {name: item[name] for name in names if name in item}


def _moments(item: Item, *names: str) -> dict[str, Any]:
    return {name: from_ms(item[name]) for name in names if name in item}

"""Who asks to count as staff: the request lies with its person, and is found by id and by institution."""

from collections.abc import Iterable
from datetime import datetime

from lumbung.domain.errors import NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.staff import PENDING, StaffRequest
from lumbung.store import keys
from lumbung.store.personal import Personal
from lumbung.store.table import Item, Put

LISTED_S = 30 * 24 * 3600  # a place in an institution's list, after the request was decided


class StaffRequests:
    def __init__(self, personal: Personal) -> None:
        self._personal, self._db, self._table = personal, personal.db, personal.table

    def find(self, person_id: str) -> StaffRequest | None:
        item = self._personal.get(keys.staff_request(person_id))
        return _from_item(item) if item and "request" in item else None

    def get(self, request_id: str) -> StaffRequest:
        """Return the request, strongly read; NotFound."""
        place = self._db.get(self._table, keys.staff_request_by_id(request_id))
        found = self.find(place["person"]) if place else None
        if found is None:
            raise NotFound(f"Permintaan {request_id} tidak ditemukan.")
        return found

    def save(self, request: StaffRequest) -> list[Put]:
        """Return the writes over the version that *request* was made from; Stale when that has changed."""
        pen = self._personal.pen(request.person_id)
        said = {"name": request.name, "nip": request.nip}
        when = "version = :was" if request.version else "attribute_not_exists(pk)"
        values = {":was": request.version} if request.version else {}
        by_id = {**keys.staff_request_by_id(request.id), "person": request.person_id}
        return [
            self._personal.put(pen, _to_item(request), said, when=when, values=values),
            Put(self._table, by_id),
            self._listed(request.institution_id, request.person_id, until=request.decided_at),
            *pen.writes,
        ]

    def unlist(self, request: StaffRequest, *, at: datetime) -> Put:
        """Return the write for a request that gives way to one at another institution."""
        return self._listed(request.institution_id, request.person_id, until=at)

    def pending(
        self, institution_ids: Iterable[str], *, limit: int, start: Item | None
    ) -> tuple[list[StaffRequest], Item | None]:
        """Return a page of what is to be decided, institution by institution."""
        found: list[StaffRequest] = []
        for institution_id in sorted(institution_ids):
            staff = keys.staff_of(institution_id)
            if start and staff < start["pk"]:
                continue
            after = start if start and staff == start["pk"] else None
            while True:
                requests, after = self._page(institution_id, limit=limit - len(found), start=after)
                found += requests
                if len(found) == limit:
                    return found, dict(keys.staff_request_listed(institution_id, found[-1].person_id))
                if after is None:
                    break
        return found, None

    def _page(self, institution_id: str, *, limit: int, start: Item | None) -> tuple[list[StaffRequest], Item | None]:
        places, more = self._db.query_page(
            self._table, "pk = :staff AND begins_with(sk, :request)",
            {":staff": keys.staff_of(institution_id), ":request": "REQUEST#"}, limit=limit, start=start,
        )  # fmt: skip
        wanted = [keys.staff_request(place["sk"].partition("#")[2]) for place in places]
        found = [_from_item(item) for item in self._personal.get_many(wanted) if "request" in item]
        open_ = [r for r in found if r.institution_id == institution_id and r.status == PENDING]
        return sorted(open_, key=lambda request: request.person_id), more

    def _listed(self, institution_id: str, person_id: str, *, until: datetime | None) -> Put:
        item: Item = dict(keys.staff_request_listed(institution_id, person_id))
        if until:
            item["expires"] = int(until.timestamp()) + LISTED_S
        return Put(self._table, item)


def _to_item(request: StaffRequest) -> Item:
    item = {
        **keys.staff_request(request.person_id),
        "request": request.id,
        "institution": request.institution_id,
        "at": to_ms(request.at),
        "status": request.status,
        "decided_by": request.decided_by,
        "decided_at": to_ms(request.decided_at) if request.decided_at else None,
        "version": request.version + 1,
    }
    return {name: value for name, value in item.items() if value is not None}


def _from_item(item: Item) -> StaffRequest:
    return StaffRequest(
        id=item["request"],
        institution_id=item["institution"],
        person_id=item["pk"].partition("#")[2],
        at=from_ms(item["at"]),
        name=item.get("name"),
        nip=item.get("nip"),
        status=item["status"],
        decided_by=item.get("decided_by"),
        decided_at=from_ms(item["decided_at"]) if "decided_at" in item else None,
        version=item["version"],
    )

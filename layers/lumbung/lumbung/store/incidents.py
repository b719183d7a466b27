"""Incidents: written with what caused them, listed by time, and said once."""

from collections.abc import Iterator

from lumbung.domain.incident import Incident
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put


def raise_(table: str, incident: Incident) -> Put:
    """Return the write of an incident; its id follows from its cause, so that written again it is the same."""
    item = {
        **keys.incident(incident.id),
        "kind": "INCIDENT",
        "about": incident.kind,
        "subject": incident.subject,
        "detail": incident.detail,
        "at": to_ms(incident.at),
        "wave": incident.wave_id,
        "list_key": "INCIDENT",
        "list_sort": f"{to_ms(incident.at)}#{incident.id}",
    }
    return Put(table, {name: value for name, value in item.items() if value is not None})


class Incidents:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def newest(self, *, wave_id: str | None, at_most: int) -> Iterator[Incident]:
        """Yield the newest incidents, of one wave or of all."""
        values: Item = {":k": "INCIDENT"} | ({":wave": wave_id} if wave_id else {})
        found = self._db.query(
            self._table,
            "list_key = :k",
            values,
            index="by_list",
            newest_first=True,
            only="wave = :wave" if wave_id else None,
        )
        for item, _ in zip(found, range(at_most), strict=False):
            yield Incident(
                id=item["pk"].partition("#")[2],
                kind=item["about"],
                subject=item["subject"],
                detail=item["detail"],
                at=from_ms(item["at"]),
                wave_id=item.get("wave"),
            )

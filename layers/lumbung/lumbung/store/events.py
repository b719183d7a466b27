"""What providers told us, kept as it came: stored once, then applied, or parked until it finds a home.

The raw body may name people: the table encrypts it, and the item is deleted after 90 days.
"""

from datetime import timedelta

from lumbung.domain.errors import AlreadyDone
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.provider_event import ProviderEvent
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT = timedelta(days=90)


class Events:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def store(self, event: ProviderEvent) -> bool:
        """Store *event* for good, and say whether it was new."""
        try:
            self._db.commit(put(self._table, event))
        except AlreadyDone:
            return False
        return True

    def save(self, before: ProviderEvent, after: ProviderEvent) -> None:
        """Write what became of an event; Stale when somebody else handled it meanwhile."""
        unchanged = {":tries": before.tries, ":status": before.status}
        self._db.commit(Put(self._table, to_item(after), when="tries = :tries AND status = :status", values=unchanged))

    def find(self, event_id: str) -> ProviderEvent | None:
        item = self._db.get(self._table, keys.provider_event(event_id))
        return from_item(item) if item else None

    def page_of_parked(self, *, limit: int, start: Item | None) -> tuple[list[ProviderEvent], Item | None]:
        items, more = self._db.query_page(
            self._table, "list_key = :k", {":k": "EVENT#parked"}, index="by_list", limit=limit, start=start
        )
        return [from_item(item) for item in items], more


def put(table: str, event: ProviderEvent) -> Put:
    """Return the write that stores *event* once; AlreadyDone."""
    known = AlreadyDone(event.id, request_hash="")
    return Put(table, to_item(event), when="attribute_not_exists(pk)", otherwise=known)


def to_item(event: ProviderEvent) -> Item:
    item: Item = {
        **keys.provider_event(event.id),
        "kind": "EVENT",
        "provider": event.provider,
        "payment": event.payment_id,
        "said": event.said,
        "reference": event.reference,
        "raw": event.raw,
        "received": to_ms(event.received_at),
        "status": event.status,
        "reason": event.reason,
        "tries": event.tries,
        "next_try": to_ms(event.next_try),
        "expires": int((event.received_at + KEPT).timestamp()),
    }
    if event.status != "applied":
        item |= {"due_key": keys.due_bucket(event.id, keys.PAYMENTS_DUE), "due": to_ms(event.next_try)}
    if event.status == "parked":
        item |= {"list_key": "EVENT#parked", "list_sort": f"{to_ms(event.received_at)}#{event.id}"}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> ProviderEvent:
    return ProviderEvent(
        id=item["pk"].partition("#")[2],
        provider=item["provider"],
        payment_id=item["payment"],
        said=item["said"],
        raw=bytes(item["raw"]),
        received_at=from_ms(item["received"]),
        next_try=from_ms(item["next_try"]),
        status=item["status"],
        reason=item.get("reason"),
        tries=item["tries"],
        reference=item.get("reference"),
    )

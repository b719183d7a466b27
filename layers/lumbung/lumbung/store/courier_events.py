"""What couriers told through webhooks: stored first, applied afterwards, parked while it has no home."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.errors import AlreadyDone
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT = timedelta(days=90)
GIVEN_UP = timedelta(hours=1)  # after that long without a home, somebody is told
PARKED = "EVENT#parked"  # the `list_key` of events that found no home


@dataclass(frozen=True, slots=True)
class CourierEvent:
    """A hint to ask the courier again: nothing about people is kept of it. `happened_at`: as the courier says."""

    id: str
    courier: str
    event: str
    reference: str
    state: str | None
    happened_at: datetime
    received_at: datetime
    replaces: str | None = None  # the reference that this one stands in for from now on
    status: str = "received"  # → applied, or parked → applied or given_up
    tries: int = 0
    try_at: datetime | None = None

    def park(self, *, now: datetime) -> "CourierEvent":
        """Try again after 1, 2, 4 … minutes; given up, and told to somebody, an hour after it was received."""
        tries = self.tries + 1
        if now - self.received_at >= GIVEN_UP:
            return replace(self, status="given_up", tries=tries, try_at=None)
        return replace(self, status="parked", tries=tries, try_at=now + timedelta(minutes=2 ** min(tries - 1, 4)))

    def apply(self) -> "CourierEvent":
        return replace(self, status="applied", try_at=None)


def event_id(courier: str, *told: str) -> str:
    """The same for a repeated webhook: from what the courier says, not from when it came."""
    return ids.within(courier, "", *told)


class CourierEvents:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def add(self, event: CourierEvent) -> bool:
        """Store the event for good; False when it was stored before."""
        new = Put(
            self._table,
            to_item(event),
            when="attribute_not_exists(pk)",
            otherwise=AlreadyDone(event.id, request_hash=""),
        )
        try:
            self._db.commit(new)
        except AlreadyDone:
            return False
        return True

    def save(self, event: CourierEvent) -> None:
        self._db.commit(Put(self._table, to_item(event)))

    def find(self, event_id: str) -> CourierEvent | None:
        item = self._db.get(self._table, keys.event(event_id))
        return from_item(item) if item else None


def to_item(event: CourierEvent) -> Item:
    item: Item = {
        **keys.event(event.id),
        "kind": "EVENT",
        "courier": event.courier,
        "event": event.event,
        "reference": event.reference,
        "state": event.state,
        "happened": to_ms(event.happened_at),
        "received": to_ms(event.received_at),
        "replaces": event.replaces,
        "status": event.status,
        "tries": event.tries,
        "expires": to_ms(event.received_at + KEPT) // 1000,
    }
    if event.status in ("parked", "given_up"):
        item |= {"list_key": PARKED, "list_sort": f"{to_ms(event.received_at)}#{event.id}"}
    if event.try_at:
        item |= {"due_key": keys.due_bucket(event.id, keys.DELIVERIES_DUE), "due": to_ms(event.try_at)}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> CourierEvent:
    return CourierEvent(
        id=item["pk"].partition("#")[2],
        courier=item["courier"],
        event=item["event"],
        reference=item["reference"],
        state=item.get("state"),
        happened_at=from_ms(item["happened"]),
        received_at=from_ms(item["received"]),
        replaces=item.get("replaces"),
        status=item["status"],
        tries=item["tries"],
        try_at=from_ms(item["due"]) if "due" in item else None,
    )

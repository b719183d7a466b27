"""Waves: one item each, offers frozen inside. Read often, so remembered for a moment."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from lumbung.domain.errors import NotFound, ProviderUnavailable
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.uncollected import Uncollected
from lumbung.domain.wave import Cancellation, Offer, PriorityGroup, Wave
from lumbung.store import keys
from lumbung.store.table import MAX_WRITES, Check, Database, Item, Put, Write

REMEMBERED = timedelta(seconds=3)  # with the client's cache still under the contract's five


class Waves:
    def __init__(self, db: Database, table: str, now: Callable[[], datetime]) -> None:
        self._db, self._table, self._now = db, table, now
        self._remembered: dict[str, tuple[datetime, Wave]] = {}

    def get(self, wave_id: str) -> Wave:
        """Return the wave as stored now; NotFound."""
        item = self._db.get(self._table, keys.wave(wave_id))
        if item is None:
            raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
        wave = from_item(item)
        self._remembered[wave_id] = (self._now(), wave)
        return wave

    def recent(self, wave_id: str) -> Wave:
        """Return the wave as it was at most a few seconds ago: what writes decide, shards decide finally."""
        at, wave = self._remembered.get(wave_id, (None, None))
        if at is None or wave is None or self._now() - at >= REMEMBERED:
            return self.get(wave_id)
        return wave

    def page(self, *, limit: int, start: Item | None) -> tuple[list[Wave], Item | None]:
        items, more = self._db.query_page(
            self._table,
            "list_key = :kind",
            {":kind": "Wave"},
            index="by_list",
            newest_first=True,
            limit=limit,
            start=start,
        )
        return [from_item(item) for item in items], more

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)

    def lay_out(self, draft: Wave, shards: Sequence[Write]) -> None:
        """Write a draft's *shards*, many a transaction, as long as it is this very draft."""
        same = {":draft": "draft", ":version": draft.version}
        for start in range(0, len(shards), MAX_WRITES - 1):
            still = Check(self._table, keys.wave(draft.id), when="status = :draft AND version = :version", values=same)
            self._db.commit(still, *shards[start : start + MAX_WRITES - 1])

    def move_gates(self, writes: Sequence[Write]) -> None:
        """Apply changes of shards' gates in their order, many a transaction; each may be repeated.

        Where orders keep a wave's shards busy, a large transaction would never find all of them at rest: what
        meets a conflict is halved.
        """
        for start in range(0, len(writes), MAX_WRITES):
            self._move(writes[start : start + MAX_WRITES])

    def _move(self, writes: Sequence[Write]) -> None:
        if len(writes) == 1:
            self._db.commit(*writes)
            return
        try:
            self._db.commit(*writes, tries=1)
        except ProviderUnavailable:
            self._move(writes[: len(writes) // 2])
            self._move(writes[len(writes) // 2 :])

    def add(self, wave: Wave) -> Put:
        return Put(self._table, to_item(wave), when="attribute_not_exists(pk)")

    def save(self, wave: Wave, *, look_at: datetime | None = None) -> Put:
        """Return the write of a changed wave; Stale when somebody else changed it first.

        *look_at* makes the clock find it then.
        """
        self._remembered.pop(wave.id, None)
        item = to_item(replace(wave, version=wave.version + 1))
        if look_at:
            item |= {"due_key": keys.due_bucket(wave.id, keys.ORDERS_DUE), "due": to_ms(look_at)}
        return Put(self._table, item, when="version = :was", values={":was": wave.version})


def to_item(wave: Wave) -> Item:
    item = {
        **keys.wave(wave.id),
        "kind": "WAVE",
        "list_key": "Wave",
        "list_sort": f"{to_ms(wave.opens_at)}#{wave.id}",
        "name": wave.name,
        "time_zone": wave.time_zone,
        "opens": to_ms(wave.opens_at),
        "closes": to_ms(wave.closes_at),
        "payment_due": to_ms(wave.payment_due_at),
        "delivery_date": wave.delivery_date.isoformat(),
        "dropoffs": list(wave.dropoff_ids),
        "offers": [{field.name: getattr(offer, field.name) for field in fields(offer)} for offer in wave.offers],
        "policy": wave.allocation_policy,
        "uncollected": [wave.uncollected.after_hours, wave.uncollected.rule] if wave.uncollected else None,
        "payment_window": wave.payment_window_s,
        "minimum_weight": wave.minimum_weight_g,
        "orders_per_member": wave.orders_per_member,
        "eligible": sorted(wave.eligible_institution_ids) if wave.eligible_institution_ids is not None else None,
        "price_zone": wave.price_zone,
        "prolonged": wave.prolonged or None,
        "cancellation": _cancellation_to_item(wave.cancellation),
        "groups": [[group.name, sorted(group.institution_ids)] for group in wave.priority_groups] or None,
        "status": wave.status,
        "version": wave.version,
    }
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Wave:
    return Wave(
        id=item["pk"].partition("#")[2],
        name=item["name"],
        time_zone=item["time_zone"],
        opens_at=from_ms(item["opens"]),
        closes_at=from_ms(item["closes"]),
        payment_due_at=from_ms(item["payment_due"]),
        delivery_date=date.fromisoformat(item["delivery_date"]),
        dropoff_ids=tuple(item["dropoffs"]),
        offers=tuple(Offer(**offer) for offer in item["offers"]),
        allocation_policy=item["policy"],
        payment_window_s=item.get("payment_window"),
        minimum_weight_g=item.get("minimum_weight"),
        orders_per_member=item.get("orders_per_member"),
        eligible_institution_ids=frozenset(item["eligible"]) if "eligible" in item else None,
        price_zone=item.get("price_zone"),
        prolonged=item.get("prolonged", False),
        cancellation=_cancellation_from_item(item.get("cancellation")),
        uncollected=Uncollected(*item["uncollected"]) if "uncollected" in item else None,
        priority_groups=tuple(PriorityGroup(name, frozenset(ids)) for name, ids in item.get("groups", ())),
        status=item["status"],
        version=item["version"],
    )


def _cancellation_to_item(cancellation: Cancellation | None) -> list[object] | None:
    return [cancellation.reason, to_ms(cancellation.at), cancellation.by, cancellation.was] if cancellation else None


def _cancellation_from_item(item: list[Any] | None) -> Cancellation | None:
    if item is None:
        return None
    reason, at, by, was = item
    return Cancellation(reason, from_ms(at), by, was)

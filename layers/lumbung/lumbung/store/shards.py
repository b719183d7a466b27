"""Escrow shards: each owns a part of an offer's quota, so that no interleaving across them can oversell.

A shard carries the wave's gate as well (`open`, `opens`, `closes`), so that the write that takes packs
also decides whether the wave was open. An offer without a quota has shards that only carry the gate and
count what was sold.
"""

import random
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from lumbung.domain.errors import InvalidState, LumbungError, SoldOut, Stale, WaveNotOpen
from lumbung.domain.moments import to_ms
from lumbung.domain.order_parts import Hold
from lumbung.domain.wave import Offer, Wave
from lumbung.store import keys
from lumbung.store.table import Check, Database, Item, Put, Update

BELIEVED_S = 1.0  # how long a container believes what it saw of an offer's shards
GATE = "open = :yes AND opens <= :at AND closes > :at"


class ShardShort(LumbungError):
    """A shard holds fewer packs than were wanted from it."""

    def __init__(self, offer_id: str, shard: int, available: int) -> None:
        super().__init__(f"shard {shard} of {offer_id} holds {available}")
        self.offer_id, self.shard, self.available = offer_id, shard, available


class Shards:
    def __init__(self, db: Database, table: str, now: Callable[[], datetime]) -> None:
        self._db, self._table, self._now = db, table, now
        self._seen: dict[str, tuple[datetime, dict[int, int]]] = {}
        self._turns: dict[str, deque[int]] = {}

    # -- choosing

    def choose(self, offer: Offer, packs: int, *, at_most: int) -> list[Hold]:
        """Return from which shards to take *packs*; SoldOut only after a strong look at all of them.

        One shard that is not known to hold less, each in its turn; where no single one holds enough, several,
        fullest first, at most *at_most*.
        """
        if offer.quota is None:
            return [Hold(offer.id, self._next(offer, range(offer.shards)), packs)]
        seen = self._recently_seen(offer)
        roomy = {n for n in range(offer.shards) if seen.get(n, packs) >= packs}
        if len(roomy) == offer.shards:
            return [Hold(offer.id, self._next(offer, roomy), packs)]
        while roomy:  # the end is near: what was seen is soon no longer so, and a vain write is dearer than a read
            number = self._next(offer, roomy)
            seen = self._look_beside(offer, number)
            if seen[number] >= packs:
                return [Hold(offer.id, number, packs)]
            roomy = {n for n in roomy if seen.get(n, packs) >= packs}
        return _split(offer, packs, seen, at_most)

    def _next(self, offer: Offer, roomy: Collection[int]) -> int:
        """Return the next of *roomy*: containers go round in orders of their own, so that shards empty evenly."""
        if offer.id not in self._turns:
            self._turns[offer.id] = deque(random.sample(range(offer.shards), offer.shards))
        turn = self._turns[offer.id]
        while turn[0] not in roomy:
            turn.rotate(-1)
        turn.rotate(-1)
        return turn[-1]

    def look(self, offer: Offer) -> dict[int, int]:
        """Return what every shard holds, strongly read, and believe it for a second."""
        seen = _available(self.items(offer))
        self._seen[offer.id] = (self._now(), seen)
        return seen

    def _look_beside(self, offer: Offer, number: int) -> dict[int, int]:
        """Return what is known of all shards, after a strong look at those in the partition of shard *number*."""
        at, seen = self._seen.get(offer.id, (self._now(), {}))
        seen = seen | _available(self._partition(offer, number // keys.SHARDS_PER_PARTITION))
        self._seen[offer.id] = (at, seen)
        return seen

    def sold(self, offer: Offer) -> int:
        """Return the packs that all shards together have sold and not got back, strongly read."""
        return sum(item["sold"] for item in self.items(offer))

    def remember(self, short: ShardShort) -> None:
        """Note what a refused write showed, so that the next choice is a better one."""
        at, seen = self._seen.get(short.offer_id, (self._now(), {}))
        self._seen[short.offer_id] = (at, {**seen, short.shard: short.available})

    def forget(self, offer_id: str) -> None:
        self._seen.pop(offer_id, None)

    def items(self, offer: Offer) -> Iterator[Item]:
        for group in range(-(-offer.shards // keys.SHARDS_PER_PARTITION)):
            yield from self._partition(offer, group)

    def _partition(self, offer: Offer, group: int) -> Iterator[Item]:
        return self._db.query(self._table, "pk = :pk", {":pk": keys.shard_group(offer.id, group)})

    def _recently_seen(self, offer: Offer) -> dict[int, int]:
        at, seen = self._seen.get(offer.id, (self._now(), {}))
        if (self._now() - at).total_seconds() >= BELIEVED_S:
            self.forget(offer.id)
            return {}
        return seen

    # -- writes

    def open(self, offer: Offer, wave: Wave) -> list[Put]:
        """Return the writes that lay out an offer's shards: only together with a check that nothing is sold yet."""
        return [Put(self._table, self._new(offer, wave, n)) for n in range(offer.shards)]

    def take(self, hold: Hold, *, limited: bool, at: datetime) -> Update:
        """Return the write that takes a hold's packs while the wave is open at *at*."""
        values = {":n": hold.packs, **_gate(at)}
        return Update(
            self._table,
            keys.shard(hold.offer_id, hold.shard),
            change="SET available = available - :n, sold = sold + :n" if limited else "SET sold = sold + :n",
            when=f"{GATE} AND available >= :n" if limited else GATE,
            values=values,
            otherwise=lambda old: _why_not_taken(hold, old, at),
        )

    def give_back(self, hold: Hold, *, limited: bool, at: datetime | None) -> Update:
        """Return the write that gives packs back: with *at* only while the wave is open, without it always."""
        values = {":n": hold.packs, **(_gate(at) if at else {})}
        return Update(
            self._table,
            keys.shard(hold.offer_id, hold.shard),
            change="SET available = available + :n, sold = sold - :n" if limited else "SET sold = sold - :n",
            when=GATE if at else "attribute_exists(pk)",
            values=values,
            otherwise=WaveNotOpen("Gelombang sudah ditutup."),
        )

    def pass_gate(self, hold: Hold, *, at: datetime) -> Check:
        """Return the write that changes nothing, and refuses everything unless the wave is open at *at*."""
        return Check(
            self._table,
            keys.shard(hold.offer_id, hold.shard),
            when=GATE,
            values=_gate(at),
            otherwise=WaveNotOpen("Gelombang sudah ditutup."),
        )

    def close_gates(self, wave: Wave, closes: datetime) -> list[Update]:
        """Return the writes by which the wave closes earlier than it said."""
        return self._set_gates(wave, "SET closes = :closes", "attribute_exists(pk)", {":closes": to_ms(closes)})

    def extend_gates(self, wave: Wave, closes: datetime) -> list[Update]:
        """Return the writes by which *wave*, as it was read, closes later: only while that is still so.

        A gate that closes earlier than the wave says is being closed by somebody, one that closes later than is
        wanted is being extended further: InvalidState.
        """
        return self._set_gates(
            wave,
            "SET closes = :closes",
            "closes BETWEEN :was AND :closes",
            {":closes": to_ms(closes), ":was": to_ms(wave.closes_at)},
            InvalidState("Gelombang ini sedang ditutup atau diperpanjang oleh orang lain."),
        )

    def shut_gates(self, wave: Wave) -> list[Update]:
        """Return the writes that shut every gate of the wave for good."""
        return self._set_gates(wave, "SET open = :no", "attribute_exists(pk)", {":no": False})

    def _set_gates(
        self, wave: Wave, change: str, when: str, values: Mapping[str, object], otherwise: LumbungError | None = None
    ) -> list[Update]:
        return [
            Update(
                self._table, keys.shard(offer.id, number),
                change=change, when=when, values=values, otherwise=otherwise or Stale(),
            )
            for offer in wave.offers
            for number in range(offer.shards)
        ]  # fmt: skip

    def _new(self, offer: Offer, wave: Wave, number: int) -> Item:
        item: Item = {
            **keys.shard(offer.id, number),
            "kind": "SHARD",
            "sold": 0,
            "open": True,
            "opens": to_ms(wave.opens_at),
            "closes": to_ms(wave.closes_at),
        }
        if offer.quota is not None:
            item["available"] = share_of(offer.quota, offer.shards, number)
        return item


def share_of(quota: int, shards: int, number: int) -> int:
    """Return shard *number*'s part of *quota*: equal but for the first, which take what is left over.

    quota 10 over 3 shards: 4 3 3
    """
    return quota // shards + (1 if number < quota % shards else 0)


def _available(items: Iterable[Item]) -> dict[int, int]:
    return {int(item["sk"]): item.get("available", 0) for item in items}


def _gate(at: datetime) -> dict[str, object]:
    return {":at": to_ms(at), ":yes": True}


def _split(offer: Offer, packs: int, seen: Mapping[int, int], at_most: int) -> list[Hold]:
    holds: list[Hold] = []
    left = packs
    for number, available in sorted(seen.items(), key=lambda entry: -entry[1])[:at_most]:
        if available <= 0 or not left:
            break
        part = min(available, left)
        holds.append(Hold(offer.id, number, part))
        left -= part
    if left:
        raise SoldOut(offer.id)
    return holds


def _why_not_taken(hold: Hold, old: Item | None, at: datetime) -> LumbungError:
    if old is None or not old["open"] or not old["opens"] <= to_ms(at) < old["closes"]:
        return WaveNotOpen("Gelombang tidak sedang dibuka.")
    return ShardShort(hold.offer_id, hold.shard, old["available"])

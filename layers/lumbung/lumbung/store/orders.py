"""Orders. Placing one is one transaction, and the order itself is its idempotency record."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lumbung.domain.errors import Fault, LimitExceeded, LumbungError, NotFound, ProviderUnavailable, SoldOut, Stale
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Hold
from lumbung.domain.people import OrderPrivate, Person
from lumbung.domain.wave import Wave
from lumbung.store import keys
from lumbung.store.order_items import from_item, to_item
from lumbung.store.order_private import Said
from lumbung.store.people import People
from lumbung.store.shards import Shards, ShardShort
from lumbung.store.table import BUSY, MAX_WRITES, Database, Item, Put, Write, until_fresh

MAX_HOLDS = MAX_WRITES - 13  # of a transaction: besides shards, it writes the order, limits, people, money and keys
PICKS = 12  # how often other shards are tried before the store counts as busy
PATIENCE = 2  # waits begin at four times a transaction: for the last packs, a hurry makes the shards hotter


class AlreadyPlaced(LumbungError):
    """The key placed this order before."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.id)
        self.order = order


class Orders:
    def __init__(self, db: Database, table: str, shards: Shards, people: People) -> None:
        self._db, self._table, self._shards, self._people = db, table, shards, people

    # -- placing

    def add(
        self,
        order: Order,
        wave: Wave,
        *,
        private: OrderPrivate | None = None,
        person: Person | None = None,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
    ) -> Order:
        """Take the packs and write the order, or refuse with nothing written.

        SoldOut, WaveNotOpen, LimitExceeded, InvalidState (a live order exists); AlreadyPlaced for a key
        that placed an order before. *name*, *phone* and *email* are the token's, kept with the member's
        participation; *person* is somebody ordered for.
        """
        token = {"name": name, "phone": phone, "email": email}
        pen = self._people.pen(order.member_id)
        for tried in range(PICKS):
            held = self.hold(order, wave)
            writes = [
                self._new(held),
                *self._moving((), held.holds, wave, at=order.placed_at),
                self._people.limits.join(held, wave, self._people.told(pen, held, token)),
                *([self._people.keep(pen, private, at=order.placed_at)] if private else []),
                *(self._people.introduce(pen, person) if person else []),
                *pen.writes,
            ]
            try:
                self._db.commit(*writes, tries=1, tried=tried + PATIENCE)
                return held
            except ShardShort as short:
                self._shards.remember(short)
            except Stale:
                pen = self._people.pen(order.member_id)  # a rival has made the member's key
            except ProviderUnavailable:
                continue  # a conflict: other shards may be free
        self._must_be_left(order, wave)  # the last packs go in a scramble: who comes too late is told so
        raise ProviderUnavailable(BUSY)

    def _new(self, order: Order) -> Put:
        return Put(
            self._table,
            to_item(order),
            when="attribute_not_exists(pk)",
            otherwise=lambda old: AlreadyPlaced(from_item(old or {})),
        )

    def hold(self, order: Order, wave: Wave, *, was: Order | None = None) -> Order:
        """Return *order* with a place in the shards for every pack that it reserves and does not hold; SoldOut.

        *was*: the order before, whose shards the same transaction may have to touch.
        """
        missing = order.reserved - order.held
        room = MAX_HOLDS - len(was.holds if was else ()) - len(missing)  # besides one shard each
        holds, gone = list(order.holds), []
        for offer_id, packs in missing.items():
            try:
                chosen = self._shards.choose(wave.offers_by_id[offer_id], packs, at_most=max(0, room) + 1)
            except SoldOut:
                gone.append(offer_id)
                continue
            room -= len(chosen) - 1
            holds += chosen
        if gone:
            raise _sold_out(order, gone)
        if room < 0:
            raise LimitExceeded("Kemasan pesanan ini terlalu tersebar untuk diubah; batalkan dan pesanlah lagi.")
        return replace(order, holds=_merged(holds))

    def _must_be_left(self, order: Order, wave: Wave) -> None:
        """Look at all shards once more; SoldOut."""
        for offer_id in {line.offer_id for line in order.lines}:
            if wave.offers_by_id[offer_id].quota is not None:
                self._shards.look(wave.offers_by_id[offer_id])
        self.hold(order, wave)

    # -- writes that other stores commit together with theirs

    def save(self, order: Order) -> Put:
        """Return the write of a changed *order*; Stale when somebody else changed it first."""
        after = replace(order, version=order.version + 1)
        return Put(self._table, to_item(after), when="version = :was", values={":was": order.version})

    def follow(
        self, before: Order, after: Order, wave: Wave, *, at: datetime | None = None, said: Said | None = None
    ) -> list[Write]:
        """Return the writes by which packs, limits and addresses go along from *before* to *after*: net, once each.

        With *at* only while the wave is open then, however little is changed (WaveNotOpen, LimitExceeded,
        SoldOut by way of `ShardShort`). Without it always: packs only go back then. *said*: see `People`.
        """
        moving = self._moving(before.holds, after.holds, wave, at=at)
        if at and not moving:
            moving = [self._shards.pass_gate(before.holds[0], at=at)]
        limits = self._people.limits.follow(before, after, wave)
        return [*moving, *limits, *self._people.follow_private(before, after, said)]

    def _moving(self, before: Sequence[Hold], after: Sequence[Hold], wave: Wave, *, at: datetime | None) -> list[Write]:
        packs: Counter[tuple[str, int]] = Counter()
        for sign, holds in ((-1, before), (1, after)):
            for hold in holds:
                packs[hold.offer_id, hold.shard] += sign * hold.packs
        writes: list[Write] = []
        for (offer_id, shard), more in sorted(packs.items()):
            limited = wave.offers_by_id[offer_id].quota is not None
            if more > 0 and at:
                writes.append(self._shards.take(Hold(offer_id, shard, more), limited=limited, at=at))
            elif more > 0:
                raise ValueError("packs are taken only while a wave is open")
            elif more < 0:
                writes.append(self._shards.give_back(Hold(offer_id, shard, -more), limited=limited, at=at))
        return writes

    # -- reading

    def get(self, order_id: str) -> Order:
        """Return the order, strongly read; NotFound."""
        if found := self.find(order_id):
            return found
        raise NotFound(f"Pesanan {order_id} tidak ditemukan.")

    def find(self, order_id: str) -> Order | None:
        item = self._db.get(self._table, keys.order(order_id))
        return from_item(item) if item else None

    def get_many(self, order_ids: Iterable[str]) -> list[Order]:
        """Return the orders that exist, strongly read, in no particular order."""
        return [from_item(item) for item in self._db.get_many(self._table, [keys.order(id_) for id_ in order_ids])]

    def of_member(self, ids: Sequence[str], *, limit: int, start: Item | None) -> tuple[list[Order], Item | None]:
        """Return a page of what was ordered under any of one human's *ids*, newest first.

        *start*, and what the next page starts from: per id, the last order that was shown.
        """
        shown = start or {}
        pages = {
            id_: self._db.query_page(
                self._table, "member_key = :m", {":m": id_},
                index="by_member", newest_first=True, limit=limit, start=shown.get(id_),
            )
            for id_ in ids
        }  # fmt: skip
        found = sorted((item for page, _ in pages.values() for item in page), key=lambda item: -item["placed"])
        more = len(found) > limit or any(rest for _, rest in pages.values())
        last = {item["member_key"]: item for item in found[:limit]}
        return self._whole(found[:limit]), {**shown, **last} if more else None

    def of_dropoff(self, wave_id: str, dropoff_id: str, *, page_size: int | None = None) -> Iterator[Order]:
        """Yield a drop-off's orders of one wave in the order of placing, page by page (eventually consistent)."""
        values = {":d": keys.dropoff_orders(wave_id, dropoff_id)}
        for item in self._db.query(self._table, "dropoff_key = :d", values, index="by_dropoff", page_size=page_size):
            yield from_item(item)

    def page_of_dropoff(
        self, wave_id: str, dropoff_id: str, *, status: str | None, limit: int, start: Item | None
    ) -> tuple[list[Order], Item | None]:
        """Return a drop-off's orders of one wave in the order of placing, or those of one *status* as it is stored."""
        values = {":d": keys.dropoff_orders(wave_id, dropoff_id)} | ({":status": status} if status else {})
        found: list[Order] = []
        while True:
            page, start = self._db.query_page(
                self._table, "dropoff_key = :d", values, index="by_dropoff",
                only="status = :status" if status else None, limit=limit - len(found), start=start,
            )  # fmt: skip
            found += map(from_item, page)
            if start is None or len(found) >= limit:
                return found, start

    def _whole(self, keys_only: Sequence[Item]) -> list[Order]:
        found = {o.id: o for o in map(from_item, self._db.get_many(self._table, [_key(i) for i in keys_only]))}
        return [found[i["pk"].partition("#")[2]] for i in keys_only if i["pk"].partition("#")[2] in found]

    # -- changing

    def change(self, order_id: str, step: Callable[[Order], tuple[Order, Sequence[Write]]]) -> Order:
        """Read, take one *step*, write with whatever else the step wants written; again while it was stale.

        A step that returns the order unchanged writes nothing. One that found too few packs in a shard looks again.
        """

        def attempt() -> Order:
            before = self.get(order_id)
            after, also = step(before)
            if after is before:
                return before
            self._db.commit(self.save(after), *also)
            return replace(after, version=before.version + 1)

        for _ in range(PICKS):
            try:
                return until_fresh(attempt)
            except ShardShort as short:
                self._shards.remember(short)
        raise ProviderUnavailable(BUSY)


def _merged(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Return *holds* with one for each shard."""
    packs: Counter[tuple[str, int]] = Counter()
    for hold in holds:
        packs[hold.offer_id, hold.shard] += hold.packs
    return tuple(Hold(offer_id, shard, count) for (offer_id, shard), count in packs.items())


def _key(item: Item) -> keys.Key:
    return {"pk": item["pk"], "sk": item["sk"]}


def _sold_out(order: Order, offer_ids: Sequence[str]) -> SoldOut:
    faults = [
        Fault(f"/lines/{n}", "Habis terjual.") for n, line in enumerate(order.lines) if line.offer_id in offer_ids
    ]
    return SoldOut(f"Habis terjual: {', '.join(offer_ids)}.", faults)

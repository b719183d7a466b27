"""The invariants of ordering, held over what is stored. Each returns what breaks it; nothing means that it holds.

1  no oversell, no undersell      `stock`, `participations`
2  an accepted order exists       `accepted_orders`
3  the wave's edge is sharp       `edges`
4  money is applied exactly once  `money`
5  no money is dropped            `money`, `called_off`
7  allocation is reproducible     `allocation`
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lumbung.domain.allocation import Claim, Rule
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.reconciliation import check_order, is_money
from lumbung.domain.refund import Refund
from lumbung.domain.tolerance import fulfilled, wanted, wishes_of
from lumbung.domain.wave import Wave
from lumbung.runtime import deps
from lumbung.store import closing, ledger, order_items, refunds, waves
from lumbung.store.shards import share_of
from lumbung.store.table import Database, Item
from tests.people import unsealed

Broken = Iterator[str]
Moves = frozenset[tuple[str, datetime, str]]  # order, moment, event
MOVES = ("placed", "edited")
REGISTERED = ("INSTITUTION", "COOPERATIVE", "DROPOFF", "PROFILE", "PRIVATE", "MEMBERSHIP", "REQUEST", "DOMAINS")
LISTED = ("VILLAGE#", "STAFF#", "NIP#", "INVITATION#", "DOMAIN#")


@dataclass(frozen=True)
class Books:
    """Everything that is stored about a wave, read from the tables themselves, not through indexes."""

    wave: Wave
    orders: Mapping[str, Order]
    shards: Mapping[tuple[str, int], Item]  # by offer and number
    participations: Mapping[str, Item]  # by the human that orders count against
    run: Item | None
    supplies: Mapping[str, int]  # by offer
    opened: Mapping[str, Item]  # by drop-off
    transfers: Mapping[str, list[Transfer]]  # by order
    refunds: Mapping[str, list[Refund]]  # by order
    once: frozenset[str]
    registered: list[Item]  # institutions, cooperatives, drop-offs, people, staff

    @property
    def live(self) -> list[Order]:
        return [order for order in self.orders.values() if order.live]


def read(wave_id: str, db: Database) -> Books:
    orders, people, money = (list(db.scan(deps.table(name))) for name in ("orders", "people", "payments"))
    people = unsealed(db, people)
    of_wave = [item for item in orders if item["pk"] == f"WAVE#{wave_id}"]
    supplies: Counter[str] = Counter()
    for item in of_wave:
        if item["sk"].startswith("SUPPLY#"):
            supplies.update(item["packs"])
    return Books(
        wave=waves.from_item(next(item for item in of_wave if item["sk"] == "WAVE")),
        orders={_id(item): order_items.from_item(item) for item in orders if item.get("kind") == "ORDER"},
        shards={(item["pk"].split("#")[1], int(item["sk"])): item for item in orders if item.get("kind") == "SHARD"},
        participations={_id(item): item for item in people if item["sk"] == f"WAVE#{wave_id}"},
        run=next((item for item in of_wave if item["sk"] == "CLOSING"), None),
        supplies=supplies,
        opened={item["dropoff"]: item for item in of_wave if item.get("kind") == "OPEN"},
        transfers=_by_order(ledger.from_item(item) for item in money if item.get("kind") == "TRANSFER"),
        refunds=_by_order(refunds.from_item(item) for item in money if item.get("kind") == "REFUND"),
        registered=[i for i in orders + people if i["sk"] in REGISTERED or i["pk"].startswith(LISTED)],
        once=frozenset(_id(item) for item in orders + money if item["pk"].startswith("ONCE#")),
    )


def broken(books: Books, accepted: Iterable[Any], *, frozen: Mapping[str, Any], taken: Moves) -> list[str]:
    """Return everything that does not hold, in words.

    *accepted* was answered with 201, *frozen* may not change any more. *taken* was there when an early closing was
    answered: it takes hold shard by shard, and what is written before its answer came before it.
    """
    return [
        *stock(books),
        *participations(books),
        *accepted_orders(books, accepted),
        *edges(books, frozen, taken),
        *money(books),
        *called_off(books),
        *allocation(books),
    ]


def stock(books: Books) -> Broken:
    """1: what shards have left and what live orders hold is the quota, shard by shard."""
    held: Counter[tuple[str, int]] = Counter()
    for order in books.orders.values():
        for hold in order.holds:
            held[hold.offer_id, hold.shard] += hold.packs
        reserved = order.reserved if order.live else Counter()
        if reserved != order.held:
            yield f"1: {order.id} is {order.status}, reserves {dict(reserved)} and holds {order.holds}"
    for offer in books.wave.offers:
        for number in range(offer.shards):
            shard = books.shards.get((offer.id, number))
            if shard is None:
                if books.wave.status != "draft":
                    yield f"1: shard {number} of {offer.id} is missing"
                continue
            if shard["sold"] != held[offer.id, number]:
                yield f"1: shard {number} sold {shard['sold']}, orders hold {held[offer.id, number]}"
            if offer.quota is not None:
                share = share_of(offer.quota, offer.shards, number)
                if shard["available"] < 0 or shard["available"] + shard["sold"] != share:
                    yield f"1: shard {number} of {share} has {shard['available']} left and sold {shard['sold']}"


def participations(books: Books) -> Broken:
    """1: what counts against a human's limits is what their live orders hold, whoever placed them."""
    packs: dict[str, Counter[str]] = defaultdict(Counter)
    live: dict[str, set[str]] = defaultdict(set)
    for order in books.live:
        packs[order.counted_as].update(order.held)
        live[order.counted_as].add(order.id)
    offers = [offer.id for offer in books.wave.offers]
    for member in {*books.participations, *live}:
        item = books.participations.get(member, {})
        if item.get("live", set()) != live[member]:
            yield f"1: {member} is counted with {item.get('live')}, and has {live[member]}"
        counted = {offer: item[offer] for offer in offers if item.get(offer)}
        if counted != dict(+packs[member]):
            yield f"1: {member} is counted with {counted}, and has {dict(packs[member])}"
        per_member = books.wave.orders_per_member
        if per_member is not None and len(live[member]) > per_member:
            yield f"1: {member} has {len(live[member])} live orders"
        for offer in books.wave.offers:
            if offer.max_per_member is not None and packs[member][offer.id] > offer.max_per_member:
                yield f"1: {member} has {packs[member][offer.id]} of {offer.id}"


def accepted_orders(books: Books, accepted: Iterable[Any]) -> Broken:
    """2: what was answered with 201 is there."""
    for order in accepted:
        if order.order_id not in books.orders:
            yield f"2: {order.order_id} was accepted and is not there"


def edges(books: Books, frozen: Mapping[str, Any], taken: Moves) -> Broken:
    """3: placed and changed while open; nothing shut is open; and what was frozen is as it was, if it takes place."""
    for order_id, at, what in moves(books) - taken:
        if not books.wave.opens_at <= at < books.wave.closes_at:
            yield f"3: {order_id} was {what} at {at}"
    if books.wave.status not in ("draft", "published"):
        open_ = [key for key, shard in books.shards.items() if shard["open"]]
        if open_:
            yield f"3: the wave is {books.wave.status}, and open are {open_}"
    for order_id, asked in frozen.items() if books.wave.status != "cancelled" else ():
        order = books.orders.get(order_id)
        if order is None or order.status not in ("confirmed", "completed") or _asked(order) != asked:
            yield f"3: {order_id} was frozen with {asked}, and is {order}"


def money(books: Books) -> Broken:
    """4, 5: what an order says of its money is what ledger and refunds say; who is out keeps nothing."""
    for order in books.orders.values():
        of_order = books.transfers.get(order.id, []), books.refunds.get(order.id, [])
        yield from (f"4: {finding}" for finding in check_order(order, *of_order))
        for refund in of_order[1]:
            promised = [t for t in of_order[0] if t.credit == "refund_payable" and t.amount == refund.amount]
            if not promised:
                yield f"5: {refund.id} of {order.id} is in no ledger"
        if order.status == "confirmed" and order.kept + _let_off(order, *of_order) < order.total:
            yield f"5: {order.id} is confirmed with {order.kept} of {order.total}"


def _let_off(order: Order, transfers: Iterable[Transfer], refunds_: Iterable[Refund]) -> int:
    """Return what of an order's price its member need not pay: what others bear or will, and what is written off."""
    to_bear = sum(refund.amount - refund.borne for refund in refunds_ if refund.bearer and not refund.withdrawn)
    lost = (
        transfer.amount * (is_money(transfer.credit) - is_money(transfer.debit))
        for transfer in transfers
        if "write_off" in (transfer.debit, transfer.credit)
    )
    return order.borne + to_bear + sum(lost)


def called_off(books: Books) -> Broken:
    """5: once a wave was called off, nobody has an order in it, and all that was paid is promised back."""
    if books.run is None or books.run["step"] != "cancelled":
        return
    for order in books.orders.values():
        if order.live or order.kept:
            yield f"5: the wave was called off, {order.id} is {order.status} and keeps {order.kept}"


def allocation(books: Books) -> Broken:
    """7: once allocated, each offer's packs are the smaller of supplied and ordered, and each grant is the rule's.

    What comes by tolerance is for those who said so, out of what is left over, and of what they paid.
    """
    if books.wave.status not in ("allocated", "delivering", "completed") or books.run is None:
        return
    run = closing.from_item(books.run)
    ordered, granted, by_tolerance = Counter[str](), Counter[str](), Counter[str]()
    at_dropoff: dict[str, Counter[str]] = defaultdict(Counter)
    for order in books.orders.values():
        if order.status not in ("confirmed", "completed"):
            continue
        base, further = _granted(order)
        by_rule, wished = _by_rule(order, books.wave, run)
        if base != by_rule or further not in (wished, Counter()):
            yield f"7: {order.id} got {base} and {further}, the rules say {by_rule} and {wished}"
        if further and order.kept < order.total:
            yield f"7: {order.id} got {further}, which {order.kept} does not pay for"
        ordered.update(order.packs_by_offer)
        granted.update(base)
        by_tolerance.update(further)
        at_dropoff[order.dropoff_id].update(order.granted_by_offer)
    for offer_id in {*ordered, *by_tolerance}:
        supplied = books.supplies.get(offer_id, 0)
        if granted[offer_id] != min(ordered[offer_id], supplied):
            yield f"7: {ordered[offer_id]} ordered, {supplied} supplied, {granted[offer_id]} granted"
        if granted[offer_id] + by_tolerance[offer_id] > supplied:
            yield f"7: {supplied} supplied, {granted[offer_id]} granted and {by_tolerance[offer_id]} by tolerance"
    for dropoff_id, opened in books.opened.items():
        if dict(+at_dropoff[dropoff_id]) != opened["packs"]:
            yield f"7: {dropoff_id} expects {opened['packs']}, its orders get {dict(at_dropoff[dropoff_id])}"


def _granted(order: Order) -> tuple[Counter[str], Counter[str]]:
    """Return the packs by offer that an order got of what it ordered, and by tolerance."""
    base = _sum((line.offer_id, line.granted) for line in order.lines if line.quantity)
    return base, _sum((line.offer_id, line.granted) for line in order.lines if not line.quantity)


def _by_rule(order: Order, wave: Wave, run: closing.Run) -> tuple[Counter[str], Counter[str]]:
    """Return the same as the stored rules say it."""

    def grants(rules: Mapping[str, Rule], packs: Mapping[str, int]) -> dict[str, int]:
        rank = wave.rank(order.institution_id)
        return {o: rules[o].grant(Claim(order.id, n, order.placed_at, rank)) for o, n in packs.items() if n}

    base = grants(run.rules, order.packs_by_offer)
    wishes = wishes_of(order, wave, base, run.spare.keys()) if order.tolerant else []
    further = fulfilled(wishes, grants(run.spare, wanted(wishes)), wave)
    return Counter(base), _sum((line.offer_id, line.granted) for line in further)


def moves(books: Books) -> Moves:
    """Return when orders were placed and changed by people."""
    happened = ((order.id, line) for order in books.orders.values() for line in order.history)
    return frozenset((order_id, line.at, line.event) for order_id, line in happened if line.event in MOVES)


def frozen_orders(books: Books) -> dict[str, Any]:
    """Return what may not change any more once the wave is frozen: what is paid for, with its lines."""
    return {order.id: _asked(order) for order in books.orders.values() if order.status == "confirmed"}


def _asked(order: Order) -> list[tuple[str, int]]:
    return [(line.offer_id, line.quantity) for line in order.lines if line.quantity]


def _sum(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, n in pairs:
        total[name] += n
    return total


def _by_order(things: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for thing in things:
        found[thing.order_id].append(thing)
    return found


def _id(item: Item) -> str:
    return str(item["pk"].partition("#")[2])

"""Invariant 8 and what hangs on it, held over what is stored and over what the couriers have. Nothing: all holds.

8  goods are explained             `packs`, `parts`
4  money is applied exactly once   `costs`, `fees`
5  no money is dropped             `promises`
   nobody comes twice              `rides`
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lumbung.domain import ledger
from lumbung.domain.courier import CHARGED, LOST
from lumbung.domain.delivery import BACK, STRANDED, UNDER_WAY, WAITING, Delivery
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.trip import Trip
from lumbung.runtime import deps
from lumbung.store import consignments, open_orders, order_items
from lumbung.store import ledger as ledger_store
from lumbung.store import trips as trips_store
from lumbung.store.table import Database
from tests.faults.courier_world import CourierWorld

Broken = Iterator[str]
AT_AN_END = ("delivered", "collected", "none")


@dataclass(frozen=True)
class Books:
    """Everything that is stored about the wave's goods, read from the tables themselves, not through indexes."""

    ordered: Mapping[str, Order]  # as it came to the drop-off
    orders: Mapping[str, Order]
    deliveries: Mapping[str, Delivery]
    trips: Mapping[str, Trip]
    transfers: list[Transfer]
    received: Counter[str]  # good packs by offer
    missing: Counter[str]
    open_orders: int


def read(world: CourierWorld) -> Books:
    db = Database(world.aws.dynamodb)
    orders, deliveries, money = (list(db.scan(deps.table(name))) for name in ("orders", "deliveries", "payments"))
    received, missing = Counter[str](), Counter[str]()
    for item in deliveries:
        if item.get("kind") == "CONSIGNMENT":
            for line in consignments.from_item(item).lines:
                received[line.offer_id] += line.received
                missing[line.offer_id] += line.expected - line.received
    return Books(
        ordered={order.id: order for order in world.goods.orders},
        orders={o.id: o for o in (order_items.from_item(item) for item in orders if item.get("kind") == "ORDER")},
        deliveries={
            d.order_id: d
            for d in (trips_store._delivery(item) for item in deliveries if item.get("kind") == "DELIVERY")
        },
        trips={t.id: t for t in (trips_store.from_item(item) for item in deliveries if item.get("kind") == "TRIP")},
        transfers=[ledger_store.from_item(item) for item in money if item.get("kind") == "TRANSFER"],
        received=received,
        missing=missing,
        open_orders=sum(open_orders.from_item(item).orders for item in orders if item.get("kind") == "OPEN"),
    )


def broken(world: CourierWorld) -> list[str]:
    """Return everything that does not hold, in words."""
    books = read(world)
    return [*packs(books), *parts(books), *costs(books), *fees(books), *promises(books), *rides(books, world)]


def packs(books: Books) -> Broken:
    """8: what was received is collected, delivered, on the shelf, under way or lost: nothing else, nothing twice."""
    explained = Counter[str]()
    for order in books.orders.values():
        delivery = books.deliveries.get(order.id, Delivery(order.id))
        by_state = {state: Counter[str]() for state in (WAITING, UNDER_WAY, "delivered", LOST, BACK, STRANDED)}
        for part in delivery.parts:
            by_state[part.state].update(part.packs)
        coming = by_state[WAITING] + by_state[UNDER_WAY]
        gone = by_state["delivered"] + coming + by_state[LOST]
        had = books.ordered[order.id].granted_by_offer
        left = order.granted_by_offer - by_state["delivered"] - coming
        if any(count < 0 for count in (had - gone).values()) or gone + left != had:
            yield f"8: {order.id} had {dict(had)}, of which went {dict(gone)} and are left {dict(left)}"
        explained.update(gone + left)
    if explained != books.received:
        yield f"8: {dict(books.received)} were received, {dict(explained)} are explained"


def parts(books: Books) -> Broken:
    """8: a part waits and is under way while its trip does and is, and an order is what its parts say."""
    for order in books.orders.values():
        delivery = books.deliveries.get(order.id, Delivery(order.id))
        for part in delivery.parts:
            trip = books.trips[part.trip_id]
            if (part.state in (WAITING, UNDER_WAY)) == trip.ended:
                yield f"8: {order.id} is {part.state} on {trip.id}, which is {trip.status}"
            if part.state == WAITING and not trip.waits:
                yield f"8: {order.id} waits for {trip.id}, which does not"
            if part.state == "delivered" and trip.status != "delivered":
                yield f"8: {order.id} was delivered by {trip.id}, which is {trip.status}"
        if delivery.under_way and order.fulfilment_status not in ("dispatched", "none"):
            yield f"8: {order.id} is under way, and {order.fulfilment_status}"
        if order.fulfilment_status == "dispatched" and not (delivery.under_way or delivery.waiting):
            yield f"8: {order.id} is dispatched with {delivery.parts}"
        if order.fulfilment_status == "delivered" and delivery.left(order):
            yield f"8: {order.id} is delivered but for {dict(delivery.left(order))}"
    waiting = sum(order.fulfilment_status not in AT_AN_END for order in books.orders.values())
    if waiting != books.open_orders:
        yield f"8: {waiting} orders are open, and {books.open_orders} are counted"


def costs(books: Books) -> Broken:
    """4: each courier is owed what its charged trips cost, less what it lost."""
    for courier in {trip.courier for trip in books.trips.values()}:
        own = [trip for trip in books.trips.values() if trip.courier == courier]
        charged = sum(trip.cost for trip in own if trip.status in CHARGED)
        lost = sum(
            t.amount for t in books.transfers if t.debit == ledger.courier(courier) and t.credit.startswith("unearned:")
        )
        if -_balance(books, ledger.courier(courier)) != charged - lost:
            yield f"4: {courier} is owed {-_balance(books, ledger.courier(courier))}, charged {charged}, lost {lost}"


def fees(books: Books) -> Broken:
    """4: a delivered order's fee is earned, once; nobody else's is."""
    earned = Counter(t.order_id for t in books.transfers if t.reason == "ongkos kirim dari anggota")
    delivered = Counter(o.id for o in books.orders.values() if o.fulfilment_status == "delivered" and o.courier_fee)
    if earned != delivered:
        yield f"4: the fees of {earned} are earned, {delivered} were delivered"


def promises(books: Books) -> Broken:
    """5: nobody pays for what they do not get, and what is promised back is in the ledger."""
    for order in books.orders.values():
        if order.kept != order.total:
            yield f"5: {order.id} keeps {order.kept}, and costs {order.total}"
        promised = sum(
            t.amount for t in books.transfers if t.order_id == order.id and t.credit == ledger.REFUND_PAYABLE
        )
        if promised != order.refund_decided:
            yield f"5: {order.id} was promised {order.refund_decided}, the ledger says {promised}"


def rides(books: Books, world: CourierWorld) -> Broken:
    """Each ride that a courier still means to make is that of one trip, which waits for it."""
    for trip_id, live in world.live_rides(set(books.trips)).items():
        trip = books.trips[trip_id]
        if live != [trip.reference] or trip.ended:
            yield f"{live} come for {trip_id}, which is {trip.status} as {trip.reference}"


def _balance(books: Books, account: str) -> int:
    debits = sum(t.amount for t in books.transfers if t.debit == account)
    return debits - sum(t.amount for t in books.transfers if t.credit == account)

"""What dispatch has stored, and what must hold of it whatever failed: each pack leaves once, and is paid for once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lumbung.domain.courier import CHARGED, DELIVERED
from lumbung.domain.delivery import UNDER_WAY, WAITING, Delivery, Part
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.trip import Trip
from lumbung.runtime import deps
from lumbung.store import ledger, open_orders, order_items, trips
from lumbung.store.table import Database, Item
from tests.people import unsealed

AT_AN_END = ("collected", "delivered", "none")
KEPT, SAID = ("RIDERS#", "ROADS#", "HANDOVER#"), "RECEIVED#"


@dataclass(frozen=True)
class Books:
    """Read from the tables themselves, not through indexes."""

    orders: dict[str, Order]
    trips: dict[str, Trip]
    deliveries: dict[str, Delivery]
    transfers: list[Transfer]
    open: int
    once: frozenset[str]
    registered: list[Item]

    @classmethod
    def read(cls, db: Database) -> "Books":
        of_orders, of_deliveries, of_payments, of_people = (
            list(db.scan(deps.table(name))) for name in ("orders", "deliveries", "payments", "people")
        )
        of_people = unsealed(db, of_people)
        orders = [order_items.from_item(item) for item in of_orders if item["sk"] == "ORDER"]
        made = [trips.from_item(item) for item in of_deliveries if item["sk"] == "TRIP"]
        return cls(
            orders={order.id: order for order in orders},
            trips={trip.id: trip for trip in made},
            deliveries={d.order_id: d for d in map(_delivery, of_deliveries) if d},
            transfers=[ledger.from_item(item) for item in of_payments if item["sk"] == "TRANSFER"],
            open=sum(open_orders.from_item(item).orders for item in of_orders if item["pk"] == "WAVE#wav_1"
                     and item["sk"].startswith("OPEN#")),
            once=frozenset(item["pk"] for item in of_deliveries if item["sk"] == "ONCE"),
            registered=[item for item in (*of_deliveries, *of_people)
                        if item["pk"].startswith(KEPT) or item["sk"].startswith(SAID)],
        )  # fmt: skip

    def parts(self) -> Iterator[tuple[Order, Delivery, Part]]:
        for delivery in self.deliveries.values():
            for part in delivery.parts:
                yield self.orders[delivery.order_id], delivery, part


def _delivery(item: Item) -> Delivery | None:
    return trips._delivery(item) if item["sk"] == "DELIVERY" else None


def broken(books: Books) -> Iterator[str]:
    """Yield which invariants do not hold, in words."""
    yield from _goods(books)
    yield from _trips(books)
    yield from _money(books)
    ended = sum(order.fulfilment_status in AT_AN_END for order in books.orders.values())
    if books.open != len(books.orders) - ended:
        yield f"{books.open} orders are open, and {len(books.orders) - ended} should be"


def _goods(books: Books) -> Iterator[str]:
    for order in books.orders.values():
        delivery = books.deliveries.get(order.id, Delivery(order.id))
        gone = Counter[str]()
        for part in delivery.parts:
            if part.state in (WAITING, UNDER_WAY, DELIVERED):
                gone.update(part.packs)
        if any(count > order.granted_by_offer[offer_id] for offer_id, count in gone.items()):
            yield f"more of {order.id} left than there was"
        left, status = delivery.left(order), order.fulfilment_status
        home = delivery.parts and not left and not delivery.waiting
        expected = "dispatched" if delivery.under_way else "delivered" if home else "at_dropoff"
        if status != expected and not (status == "collected" and not gone):
            yield f"{order.id} is {status}, and its packs are {expected}"


def _trips(books: Books) -> Iterator[str]:
    for order, _, part in books.parts():
        trip = books.trips.get(part.trip_id)
        if trip is None:
            yield f"{order.id} is on a trip that is none"
            continue
        [stop] = [stop for stop in trip.stops if stop.order_id == order.id]
        end = trip.end_of(stop)
        if part.state != _state(trip, end):
            yield f"{trip.id} is {trip.status}, and {order.id} on it {part.state}"
    for trip in books.trips.values():
        carried = {delivery.order_id for _, delivery, part in books.parts() if part.trip_id == trip.id}
        if carried != trip.order_ids:
            yield f"{trip.id} carries {carried}"
        if (trip.rider_id is None) != (trip.status in ("planned", "searching")) and not trip.ended:
            yield f"{trip.id} is {trip.status} with the rider {trip.rider_id}"


def _state(trip: Trip, end: str | None) -> str:
    if end is None:
        return WAITING if trip.waits else UNDER_WAY
    return DELIVERED if end == DELIVERED else "back"


def _money(books: Books) -> Iterator[str]:
    owed = Counter[str]()
    for transfer in books.transfers:
        owed[transfer.credit] += transfer.amount
        owed[transfer.debit] -= transfer.amount
    expected = Counter[str]()
    for trip in books.trips.values():
        if trip.status in CHARGED:
            expected[f"courier:{trip.owed_to}"] += trip.cost
    for order in books.orders.values():
        delivered = order.fulfilment_status == "delivered"
        expected["unearned:wav_1"] -= (order.courier_fee if delivered else 0) + order.refund_decided
    for account, amount in expected.items():
        if owed[account] != amount:
            yield f"{account} holds {owed[account]} instead of {amount}"


def end_state(books: Books) -> dict[str, Any]:
    """Versions, moments and the tries of codes do not count."""
    return {
        "orders": {o.id: (o.fulfilment_status, [h.event for h in o.history]) for o in books.orders.values()},
        "trips": {t.id: (t.status, sorted(t.order_ids), t.rider_id, t.outcomes, t.cost) for t in books.trips.values()},
        "parts": {o.id: [(p.trip_id, p.state) for p in d.parts] for o, d in _by_order(books)},
        "transfers": sorted((t.id, t.amount) for t in books.transfers),
        "once": books.once,
        "open": books.open,
        "registered": sorted(str(sorted(item.items())) for item in books.registered),
    }


def _by_order(books: Books) -> Iterator[tuple[Order, Delivery]]:
    for order_id, delivery in books.deliveries.items():
        yield books.orders[order_id], delivery

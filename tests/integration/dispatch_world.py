"""A wave that was allocated, with orders at one drop-off, as dispatch finds it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from dispatch import orders_stream, planner, stream, worker
from lumbung.domain.hours import Window
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, PICKUP, Fulfilment, OrderLine
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC, Address, Caller, OrderPrivate, Person
from lumbung.domain.registry import Cooperative, Dropoff
from lumbung.domain.uncollected import Uncollected
from lumbung.domain.wave import Offer, Wave
from lumbung.runtime import clock, deps
from lumbung.store import open_orders, waves
from lumbung.store.open_orders import OpenOrders
from lumbung.store.order_items import to_item
from lumbung.store.table import Item, Put, to_wire
from tests.people import introduced, said_of_order

START = datetime(2020, 4, 7, 2, 0, tzinfo=UTC)
NOW = datetime(2020, 4, 10, 2, 0, tzinfo=UTC)
PIC_ONE = Caller("pic-1", frozenset({PIC}), name="Rina", phone="081234567890")
PIC_TWO = Caller("pic-2", frozenset({PIC}))
FARMER = Caller("farmer", frozenset({COOPERATIVE}))
OTHER_FARMER = Caller("other-farmer", frozenset({COOPERATIVE}))
OFFICE = Caller("office", frozenset({OPERATOR}))
PRICES = {5_000: 55_000, 10_000: 110_000, 20_000: 220_000}


def member(number: int) -> Caller:
    return Caller(f"member-{number}", frozenset({MEMBER}), name=f"Anggota {number}", phone=f"0811234567{number:02}")


class World:
    """Makes what dispatch works on, and looks at what became of it."""

    def __init__(self) -> None:
        self.offers = [
            Offer("off_a5", "prd_1", "A5", "Beras 5 kg", "cop_1", 5_000, 55_000),
            Offer("off_a20", "prd_1", "A20", "Beras 20 kg", "cop_1", 20_000, 220_000),
            Offer("off_b5", "prd_2", "B5", "Telur 5 kg", "cop_2", 5_000, 90_000),
        ]
        self.orders: list[Order] = []

    def commit(self, *writes: Any) -> None:
        deps.db().commit(*writes)

    def set_up(self, policy: str = "first_come", uncollected: Uncollected | None = None) -> None:
        clock.use(lambda: NOW)
        wave = Wave(
            id="wav_1", name="Gelombang I", time_zone="Asia/Jakarta", opens_at=START,
            closes_at=START + timedelta(days=1), payment_due_at=START + timedelta(days=1),
            delivery_date=date(2020, 4, 10), dropoff_ids=("drp_1", "drp_2"), offers=tuple(self.offers),
            allocation_policy=policy, uncollected=uncollected, status="allocated",
        )  # fmt: skip
        self.commit(Put(deps.table("orders"), waves.to_item(wave), when="attribute_not_exists(pk)"))
        for dropoff, pic, lat in (("drp_1", "pic-1", -6.2196), ("drp_2", "pic-2", -6.3256)):
            self.commit(
                deps.dropoffs().add(Dropoff(dropoff, dropoff, "Jl. Rasuna Said", lat, 106.83, frozenset({pic})))
            )
        for cooperative, person in (("cop_1", "farmer"), ("cop_2", "other-farmer")):
            new = Cooperative(cooperative, cooperative, "Indramayu", frozenset({person}))
            self.commit(deps.cooperatives().add(new))

    def order(
        self, packs: dict[str, int], *, courier: bool = False, dropoff: str = "drp_1", km: float = 3.0,
        window: Window | None = None, approximate: bool = False,
    ) -> str:  # fmt: skip
        """Add a paid, allocated order that gets *packs* by offer, *km* south of the drop-off."""
        number = len(self.orders) + 1
        offers = {offer.id: offer for offer in self.offers}
        lines = tuple(
            OrderLine(o, offers[o].name, offers[o].weight_g, n, offers[o].price, offers[o].cooperative_id, n)
            for o, n in packs.items()
        )
        straight = round(km * 1000)
        weights = [offers[o].weight_g for o, n in packs.items() for _ in range(n)]
        fee, trips = deps.tariff().fee(weights, straight) if courier else (0, 0)
        total = sum(line.subtotal for line in lines) + fee
        order = Order(
            id=f"ord_{number}", wave_id="wav_1", dropoff_id=dropoff, institution_id=None,
            member_id=f"member-{number}", placed_by=f"member-{number}", lines=lines,
            fulfilment=Fulfilment(COURIER, trips, straight, window=window) if courier else Fulfilment(PICKUP),
            courier_fee=fee,
            payment_due_at=START + timedelta(days=1), placed_at=START + timedelta(minutes=number), request_hash="",
            status="confirmed", fulfilment_status="allocated", paid=total, paid_by={"gateway:midtrans": total},
            private=courier,
        )  # fmt: skip
        self.orders.append(order)
        person = Person(order.member_id, f"Anggota {number}", f"0811234567{number:02}")
        self.commit(Put(deps.table("orders"), to_item(order)), *introduced(person))
        if courier:
            south = -6.2196 - km / 111.195
            home = Address(
                "Jl. Salemba 4", "31.74.02.1001", "12940", south, 106.83, "Siti", "081298765432", approximate
            )
            self.commit(*said_of_order(OrderPrivate(order.id, home), order.member_id))
        return order.id

    def lay_out(self, dropoff: str = "drp_1") -> None:
        """Write what ordering writes once the drop-off is allocated, and let dispatch hear of it."""
        packs: dict[str, int] = {}
        here = [order for order in self.orders if order.dropoff_id == dropoff]
        for line in (line for order in here for line in order.lines):
            packs[line.offer_id] = packs.get(line.offer_id, 0) + line.granted
        opened = OpenOrders("wav_1", dropoff, len(here), packs)
        put = open_orders.lay_out(deps.table("orders"), opened)
        self.commit(put)
        record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(put.item)}}
        assert orders_stream.handler({"Records": [record]}, None) == {"batchItemFailures": []}

    # -- looking

    def open_orders(self, dropoff: str = "drp_1") -> int:
        return next(o.orders for o in open_orders.of_wave(deps.db(), deps.table("orders"), "wav_1")
                    if o.dropoff_id == dropoff)  # fmt: skip

    def status(self, order_id: str) -> str:
        return deps.orders().get(order_id).fulfilment_status

    def balances(self) -> dict[str, int]:
        """Return every account's balance, debit positive; zero ones are left out."""
        sums: dict[str, int] = {}
        for item in deps.db().scan(deps.table("payments"), only="kind = :k", values={":k": "TRANSFER"}):
            for account, sign in ((item["debit_key"], 1), (item["credit_key"], -1)):
                sums[account] = sums.get(account, 0) + sign * item["amount"]
        return {account: balance for account, balance in sums.items() if balance}

    def transfers(self) -> int:
        return len(list(deps.db().scan(deps.table("payments"), only="kind = :k", values={":k": "TRANSFER"})))

    def sent(self, queue: str) -> list[dict[str, Any]]:
        return take_all(queue)

    def settle(self, *, twice: bool = False) -> None:
        """Let planner and worker do all there is to do."""
        while messages := self.sent("PlanningQueue") + self.sent("BookingQueue"):
            for message in [m for m in messages for _ in range(2 if twice else 1)]:
                handler = planner.handler if "dispatch_id" in message else worker.handler
                record = {"messageId": "1", "body": json.dumps(message)}
                assert handler({"Records": [record]}, None) == {"batchItemFailures": []}, message

    def events(self) -> list[Item]:
        return list(deps.db().scan(deps.table("deliveries"), only="kind = :k", values={":k": "EVENT"}))

    def hear(self) -> None:
        """Let the stream hear of every courier event that is stored."""
        for item in self.events():
            record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(item)}}
            assert stream.handler({"Records": [record]}, None) == {"batchItemFailures": []}


def take_all(queue: str) -> list[dict[str, Any]]:
    """Take all messages out of a queue."""
    client = deps.aws("sqs")
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    found = []
    while got := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in got:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
    return found


TABLES = ("orders", "payments", "deliveries", "people")
Thing = TypeVar("Thing")


class Again(Generic[Thing]):
    """Makes something once, and then, as often as called, puts tables and queues back to how they were after that.

    A hundred crash points need a hundred beginnings; making each anew would take minutes.
    """

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._made = make()
        self._items = _items()

    def __call__(self) -> Thing:
        client, now = deps.aws("dynamodb"), _items()
        for place in now.keys() - self._items.keys():
            table, pk, sk = place
            client.delete_item(TableName=deps.table(table), Key={"pk": {"S": pk}, "sk": {"S": sk}})
        for place, item in self._items.items():
            if now.get(place) != item:
                client.put_item(TableName=deps.table(place[0]), Item=item)
        for queue in ("PlanningQueue", "BookingQueue"):
            take_all(queue)
        deps.waves.cache_clear()
        return self._made


def _items() -> dict[tuple[str, str, str], Item]:
    client = deps.aws("dynamodb")
    found = {}
    for table in TABLES:
        for item in client.scan(TableName=deps.table(table))["Items"]:
            found[table, item["pk"]["S"], item["sk"]["S"]] = item
    return found

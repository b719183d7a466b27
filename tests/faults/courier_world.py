"""Couriers in memory: a drop-off whose goods have come, trips to send, and what four couriers make of them.

Everything is driven through what the template starts; the couriers are the simulators on their own paths. What the
stream, the queue and the clock would do later happens in `rest`.
"""

import asyncio
import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from dispatch import api, planner, schedule, stream, worker
from lumbung.domain.people import Caller
from lumbung.domain.trip import Trip
from lumbung.runtime import clock, deps
from lumbung.store import trips as trips_store
from lumbung.store.table import Database, to_wire
from tests.faults import container
from tests.faults.courier_wire import WEBHOOKS, CourierWire
from tests.faults.memory_aws import MemoryAws
from tests.faults.ordering_world import Failed, an_aws, answered
from tests.integration.conftest import ENVIRONMENTS, Reply, call
from tests.integration.dispatch_world import NOW, PIC_ONE
from tests.integration.dispatch_world import World as Goods
from tests.integration.test_dispatch_goods import consignments, everything, receipt

COURIERS = ("biteship", "lalamove", "grab", "gosend")
# What each courier says of a trip that goes well, in order, from the search on; and how it says that it does not.
WELL = {
    "biteship": ("confirmed", "allocated", "picking_up", "picked", "delivered"),
    "lalamove": ("ASSIGNING_DRIVER", "ON_GOING", "PICKED_UP", "PICKED_UP", "COMPLETED"),
    "grab": ("ALLOCATING", "PENDING_PICKUP", "PICKING_UP", "IN_DELIVERY", "COMPLETED"),
    "gosend": ("confirmed", "allocated", "out_for_pickup", "out_for_delivery", "delivered"),
}
NOBODY = {"biteship": "courier_not_found", "lalamove": "EXPIRED", "grab": "FAILED", "gosend": "no_driver"}
RETURNED = {"biteship": "returned", "grab": "RETURNED", "gosend": "rejected"}
LOST = {"biteship": "disposed", "grab": "FAILED"}
OVER = {
    *("delivered", "returned", "rejected", "cancelled", "courier_not_found", "disposed"),
    *("COMPLETED", "CANCELED", "REJECTED", "EXPIRED", "RETURNED", "CANCELLED", "FAILED", "no_driver"),
}


class InMemory(Goods):
    """The same wave and drop-offs, whose queues lie in memory."""

    def __init__(self, aws: MemoryAws) -> None:
        super().__init__()
        self._aws = aws

    def sent(self, queue: str) -> list[dict[str, Any]]:
        found = []
        while message := self._aws.take(queue):
            found.append(message)
        return found


class CourierWorld:
    """*wire*: the couriers; *goods*: what was ordered and has come. One invocation at a time."""

    def __init__(self, aws: MemoryAws, wire: CourierWire) -> None:
        self.aws, self.wire, self.goods = aws, wire, InMemory(aws)
        self.now = NOW
        self._heard: set[str] = set()
        self.notes: list[dict[str, Any]] = []  # what a courier has sent to its webhook
        self._dispatches = 0
        self._taken: list[dict[str, Any]] = []

    # -- standing still

    def keep(self) -> Callable[[], None]:
        """Return how to put our side back to what it is now; couriers remember, so each plan needs another name."""
        restore, now, heard, orders = self.aws.keep(), self.now, set(self._heard), list(self.goods.orders)
        notes = list(self.notes)

        def again() -> None:
            restore()
            self._heard, self.goods.orders, self.wire.deaf = set(heard), list(orders), False
            self.notes = list(notes)
            self.at(now)
            random.seed(1)
            self.fresh()

        return again

    def at(self, moment: datetime) -> None:
        self.now = moment
        clock.use(lambda: moment)
        self.wire.at(moment)

    def later(self, **by: float) -> None:
        self.at(self.now + timedelta(**by))

    def fresh(self) -> None:
        """Begin in containers that have served nobody."""
        container.fresh(worker, planner)

    def as_function(self, handler: str) -> None:
        """Be in the environment of a function from here on."""
        os.environ.update(ENVIRONMENTS[handler])

    def served_by(self, text: str) -> None:
        """Have the drop-offs served by whom *text* says."""
        for variables in ENVIRONMENTS.values():
            if "COURIERS" in variables:
                variables["COURIERS"] = text
        self.fresh()

    # -- what people and machines do

    def post(self, path: str, body: Any = None, *, key: str, by: Caller = PIC_ONE) -> Reply:
        return call(api.handler, "POST", path, body, caller=by, key=key, at=self.now)

    def arrive(self) -> None:
        """Let everything that was ordered be counted and lie at the desk."""
        self.goods.lay_out()
        for n, consignment in enumerate(consignments(call)):
            assert receipt(call, consignment, key=f"r{n}", **everything(consignment)).status == 200
        self.goods.settle()

    def plan(self, name: str = "", *, asserting: bool = True) -> list[str]:
        """Plan the drop-off under a *name* of its own, and return the trips that are to be booked."""
        self._dispatches += 1
        message = {
            "dispatch_id": f"dsp{name or self._dispatches}",
            "wave_id": "wav_1",
            "dropoff_id": "drp_1",
            "at": int(self.now.timestamp() * 1000),
            "by": PIC_ONE.id,
        }
        planned = self._handle(planner.handler, message)
        assert planned or not asserting
        return [message["trip_id"] for message in self._queued()]

    def send(self, name: str = "") -> list[str]:
        """Plan and book; return the trips."""
        trips = self.plan(name)
        self.work()
        return trips

    def book(self, trip_id: str) -> bool:
        """Hand a trip's message to the booking worker; False when it wants to see it again."""
        return self._handle(worker.handler, {"do": "book", "trip_id": trip_id})

    def work(self) -> None:
        """Hand over the booking queue's messages, again when they failed, as often as a queue would."""
        for _ in range(5):
            self._taken = self.goods.sent("BookingQueue")
            again = [message for message in self._taken if not self._handle(worker.handler, message)]
            self.aws.queued += [("BookingQueue", message) for message in again]
            self._taken = []
            if not self._queued():
                return

    def take_back(self) -> None:
        """Put messages back into the queue whose worker is gone."""
        self.aws.queued += [("BookingQueue", message) for message in self._taken]
        self._taken = []

    def hear(self) -> None:
        """Let the stream hear of each courier event once, again while it fails."""
        for item in self.goods.events():
            if item["pk"] not in self._heard:
                record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(item)}}
                self.as_function("dispatch.stream.handler")
                if not stream.handler({"Records": [record]}, None)["batchItemFailures"]:
                    self._heard.add(item["pk"])

    def tell(self, note: dict[str, Any]) -> None:
        """Let a courier send its webhook a note, again or for the first time."""
        courier = str(note["rawPath"]).split("/")[4]
        with answered():
            answer = WEBHOOKS[courier](note, None)
        if answer["statusCode"] != 200:
            raise Failed(answer["body"])

    def hear_all(self) -> None:
        """Let the stream hear of each courier event, heard before or not."""
        events = self._stored("deliveries", "EVENT")
        records = [{"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(item)}} for item in events]
        with answered():
            if stream.handler({"Records": records}, None)["batchItemFailures"]:
                raise Failed("an event is to be heard again")

    def tick(self) -> None:
        self.as_function("dispatch.schedule.handler")
        schedule.handler({"time": self.now.isoformat()}, None)

    def settle(self) -> None:
        self.hear_all()
        self.rest(5)

    def rest(self, minutes: int = 25) -> None:
        """Let everything happen that needs nobody, for *minutes*."""
        for _ in range(max(1, minutes // 5)):
            self.wire.at(self.now)
            self.hear()
            self.work()
            self.later(minutes=5)
            self.tick()
        self.wire.at(self.now)
        self.hear()
        self.work()

    # -- looking

    def trips(self) -> dict[str, Trip]:
        return {trip.id: trip for trip in map(trips_store.from_item, self._stored("deliveries", "TRIP"))}

    def incidents(self) -> list[dict[str, Any]]:
        return self._stored("payments", "INCIDENT")

    def live_rides(self, trip_ids: set[str] | None = None) -> dict[str, list[str]]:
        """Return, by trip, the ids of rides that couriers still mean to make."""
        live: dict[str, list[str]] = {}
        for courier in COURIERS:
            for ride in self.wire.rides(courier):
                trip_id = str(ride["reference_id"]).partition("-")[0]
                if ride["status"] not in OVER and (trip_ids is None or trip_id in trip_ids):
                    live.setdefault(trip_id, []).append(ride["id"])
        return live

    def end_state(self) -> dict[str, Any]:
        """Return what two runs that did the same have in common."""
        return {
            "trips": {trip.id: (trip.status, trip.reference, trip.cost) for trip in self.trips().values()},
            "orders": {order.id: self.goods.status(order.id) for order in self.goods.orders},
            "balances": self.goods.balances(),
            "incidents": sorted(incident["about"] for incident in self.incidents()),
            "events": sorted(item["pk"] for item in self.goods.events()),
        }

    def broken(self) -> list[str]:
        from tests.faults import courier_invariants  # which reads this world

        return courier_invariants.broken(self)

    def _stored(self, table: str, kind: str) -> list[dict[str, Any]]:
        """Return what lies in a table, past the seam: who looks is no part of what happens."""
        return list(Database(self.aws.dynamodb).scan(deps.table(table), only="kind = :k", values={":k": kind}))

    def _queued(self) -> list[dict[str, Any]]:
        return [message for queue, message in self.aws.queued if queue == "BookingQueue"]

    def _handle(self, handler: Callable[..., Any], message: dict[str, Any]) -> bool:
        self.as_function(f"{handler.__module__}.handler")
        record = {"messageId": "1", "body": json.dumps(message)}
        return not handler({"Records": [record]}, None)["batchItemFailures"]


@contextmanager
def a_courier_world(couriers: str = "*=biteship,lalamove,grab,gosend") -> Iterator[CourierWorld]:
    """A wave with two drop-offs and nothing ordered yet, in an AWS of its own, with couriers of their own."""
    with asyncio.Runner() as runner, an_aws() as aws:
        wire = CourierWire(runner)
        wire.address_everything()
        with wire.installed():
            world = CourierWorld(aws, wire)
            world.served_by(couriers)
            world.goods.set_up()
            world.at(NOW)
            yield world

"""The day of hand-out in memory: goods arrive, are counted, change hands with and without a network, or are left."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch import api, schedule, worker
from lumbung.domain import ledger
from lumbung.domain.ledger import Transfer
from lumbung.domain.people import Caller
from lumbung.domain.pickup_code import pickup_code
from lumbung.domain.uncollected import Uncollected
from lumbung.runtime import clock, deps, deps_dispatch
from lumbung.store.table import Database, to_wire
from payments import deliveries_stream
from tests.faults import container, desk_books
from tests.faults.desk_books import Books
from tests.faults.memory_aws import MemoryAws
from tests.faults.ordering_world import Failed, an_aws, answered
from tests.integration import dispatch_world
from tests.integration.conftest import Reply, call
from tests.integration.dispatch_world import NOW, OFFICE, PIC_ONE, START

Body = dict[str, Any]
RULE = Uncollected(72, "refund_if_sold")


@dataclass
class DeskWorld:
    aws: MemoryAws
    here: dispatch_world.World = field(default_factory=dispatch_world.World)
    now: datetime = NOW

    # -- standing still

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now."""
        restore, now, orders = self.aws.keep(), self.now, list(self.here.orders)

        def again() -> None:
            restore()
            self.here.orders = list(orders)
            self.at(now)
            random.seed(1)
            self.fresh()

        return again

    def at(self, moment: datetime) -> None:
        self.now = moment
        clock.use(lambda: moment)

    def fresh(self) -> None:
        container.fresh(worker)

    # -- what is there

    def begin(self, policy: str = "pro_rata", rule: Uncollected | None = RULE) -> None:
        self.here.set_up(policy, rule)

    def order(self, packs: dict[str, int], *, courier: bool = False) -> str:
        """Add a paid, allocated order, with its money in the ledger."""
        order_id = self.here.order(packs, courier=courier)
        paid = deps.orders().get(order_id).paid
        money = Transfer(f"trf_{order_id}", "gateway:midtrans", ledger.unearned("wav_1"), paid, START, "Pembayaran",
                         "wav_1", order_id)  # fmt: skip
        deps.db().commit(deps_dispatch.post(money))
        return order_id

    def consignment(self, cooperative: str) -> Body:
        items = self.get("/v1/waves/wav_1/consignments").json["items"]
        return next(item for item in items if item["cooperative_id"] == cooperative)

    # -- HTTP

    def post(self, path: str, body: Any = None, *, key: str, by: Caller = PIC_ONE, method: str = "POST") -> Reply:
        """Send a request; Failed when it was not answered, or was told to come again."""
        with answered():
            reply = call(api.handler, method, path, body, caller=by, key=key, at=self.now)
        if reply.status >= 500:
            raise Failed(reply.text)
        return reply

    def get(self, path: str, *, by: Caller = OFFICE) -> Reply:
        with answered():
            return call(api.handler, "GET", path, caller=by, at=self.now)

    def receipt(self, cooperative: str, *, key: str = "r", final: bool = True, **counts: tuple[int, int]) -> Reply:
        lines = [{"offer_id": o, "received": good, "damaged": bad} for o, (good, bad) in counts.items()]
        path = f"/v1/consignments/{self.consignment(cooperative)['id']}/receipt"
        return self.post(path, {"lines": lines, "final": final}, key=key)

    def hand_over(self, order_id: str, *, key: str = "h", code: str | None = None, **said: Any) -> Reply:
        return self.post(f"/v1/orders/{order_id}/handover", {"code": code or self.code(order_id), **said}, key=key)

    def upload(self, *entries: Body, device: str = "hp-1") -> Reply:
        """Send what a device has noted; Failed where it is told to send some of it again because nobody answered."""
        return self.post("/v1/dropoffs/drp_1/handovers", {"device_id": device, "entries": list(entries)}, key="-")

    def entry(self, order_id: str, number: int, **said: Any) -> Body:
        at = self.now.isoformat()
        return {"number": number, "order_id": order_id, "code": self.code(order_id), "at": at, **said}

    def leftovers(self, order_id: str, outcome: str, packs: int, *, key: str) -> Reply:
        lines = [{"offer_id": "off_a5", "packs": packs}]
        return self.post(f"/v1/orders/{order_id}/leftovers", {"outcome": outcome, "lines": lines}, key=key)

    def code(self, order_id: str) -> str:
        with answered():
            return pickup_code(deps.id_secret(), order_id)

    # -- what runs by itself

    def tick(self) -> None:
        with answered():
            schedule.handler({"time": self.now.isoformat()}, None)

    def work(self, message: Body) -> None:
        """Hand one message to the worker; Failed when it wants to see it again."""
        record = {"messageId": "m", "body": json.dumps(message)}
        answered_whole(worker.handler({"Records": [record]}, None))

    def drain(self) -> None:
        taken = 0
        while message := self.aws.take("BookingQueue"):
            self.fresh()
            self.work(message)
            taken += 1
            assert taken < 100, "the queue does not run dry"

    def settle(self) -> None:
        """Let everything come to rest that needs nobody: messages, the clock, and the streams."""
        self.drain()
        self.tick()
        self.drain()
        for item in self.books().consignments:
            if item["state"] == "received":
                record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(item)}}
                answered_whole(deliveries_stream.handler({"Records": [record]}, None))

    # -- looking

    def books(self) -> Books:
        """Return what is stored, past the seam: who looks is no part of what happens."""
        return desk_books.read(Database(self.aws.dynamodb))

    def broken(self) -> list[str]:
        return desk_books.broken(self.books())

    def end_state(self) -> dict[str, Any]:
        return desk_books.end_state(self.books())


def answered_whole(answer: Body) -> None:
    if answer["batchItemFailures"]:
        raise Failed(str(answer))


@contextmanager
def a_desk() -> Iterator[DeskWorld]:
    with an_aws() as aws:
        yield DeskWorld(aws)

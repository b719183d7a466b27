"""A drop-off with goods on its shelf and riders of its own, in memory, driven through what the template starts."""

import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from dispatch import api, planner, schedule, worker
from dispatch.solver import find_routes
from lumbung.domain.moments import rfc3339
from lumbung.domain.people import Caller
from lumbung.domain.pickup_code import pickup_code
from lumbung.domain.rider import Pass, Rider
from lumbung.runtime import clock, deps, deps_dispatch
from lumbung.store.table import Database, Item
from tests.faults import container
from tests.faults.dispatch_books import Books, broken, end_state
from tests.faults.memory_aws import MemoryAws
from tests.faults.ordering_world import Failed, an_aws, answered
from tests.integration import dispatch_world
from tests.integration.conftest import (
    Reply,
    call,
)
from tests.integration.dispatch_world import NOW, PIC_ONE

FORM = {"content-type": "application/x-www-form-urlencoded"}
HANDLERS = {"PlanningQueue": planner.handler, "BookingQueue": worker.handler}
PLAN = {
    "dispatch_id": "dsp_1",
    "wave_id": "wav_1",
    "dropoff_id": "drp_1",
    "by": "pic-1",
    "at": int(NOW.timestamp()) * 1000,
}
RIDERS = ("rdr_joko", "rdr_siti")


class World(dispatch_world.World):
    def __init__(self, aws: MemoryAws) -> None:
        super().__init__()
        self.aws, self.now, self.ids = aws, NOW, dict[str, str]()

    # -- standing still

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now."""
        restore, now, ids, orders = self.aws.keep(), self.now, dict(self.ids), list(self.orders)

        def again() -> None:
            restore()
            self.ids, self.orders = dict(ids), list(orders)
            self.at(now)
            random.seed(1)
            self.fresh()

        return again

    def fresh(self) -> None:
        """Let what comes next run in a container that has served nobody."""
        container.fresh(worker, planner)

    def at(self, moment: datetime) -> None:
        self.now = moment
        clock.use(lambda: moment)

    # -- what people do

    def post(
        self, path: str, body: Any = None, *, key: str, method: str = "POST", by: Caller | None = PIC_ONE,
        headers: dict[str, str] | None = None,
    ) -> Reply:  # fmt: skip
        """Send a request; Failed when it was not answered, or was told to come again."""
        with answered():
            reply = call(api.handler, method, path, body, caller=by, key=key, at=self.now, headers=headers)
        if reply.status >= 500:
            raise Failed(reply.text)
        return reply

    def tap(self, rider: int, do: str, **fields: str) -> Reply:
        """Rider number *rider* taps on the trip that is looked at."""
        token = Pass("drp_1", RIDERS[rider], NOW + timedelta(days=1)).sealed(deps.id_secret())
        body = urlencode({"do": do, **fields})
        return self.post(f"/v1/rides/{token}/{self.ids['trip']}", body, key="any", by=None, headers=FORM)

    def fetch(self, order_id: str) -> Reply:
        return self.post(f"/v1/orders/{order_id}/handover", {"code": self.code(order_id)}, key="fetch")

    def code(self, order_id: str) -> str:
        return pickup_code(deps.id_secret(), order_id)

    # -- what runs by itself

    def work(self, queue: str, message: Item) -> None:
        """Hand one message to its function; Failed when that wants to see it again."""
        with answered():
            record = {"messageId": "m", "body": json.dumps(message)}
            answer = HANDLERS[queue]({"Records": [record]}, None)
        if answer["batchItemFailures"]:
            raise Failed(str(answer))

    def drain(self) -> None:
        for queue in HANDLERS:
            while message := self.aws.take(queue):
                self.fresh()
                self.work(queue, message)

    def tick(self, minutes: int = 11) -> None:
        """Let the schedule look after what was silent for a while."""
        with answered():
            schedule.handler({"time": rfc3339(self.now + timedelta(minutes=minutes))}, None)

    def settle(self, **_: Any) -> None:
        """Let everything come to rest that needs nobody."""
        self.drain()
        for minutes in (11, 22):  # what is lost at its first look is found at the next
            self.tick(minutes)
            self.drain()

    # -- looking

    def books(self) -> Books:
        """Return what is stored, past the seam: who looks is no part of what happens."""
        return Books.read(Database(self.aws.dynamodb))

    def broken(self) -> list[str]:
        return list(broken(self.books()))

    def end_state(self) -> dict[str, Any]:
        return end_state(self.books())


@contextmanager
def a_world() -> Iterator[World]:
    """Three orders lie on the shelf, one of them for two motorcycles; two riders are registered."""
    with an_aws() as aws, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(planner, "_solve", partial(find_routes, iterations=5))
        logging.disable(logging.CRITICAL)
        made = World(aws)
        made.set_up()
        _fill_the_shelf(made)
        yield made
        logging.disable(logging.NOTSET)


def _fill_the_shelf(world: World) -> None:
    for name, packs in (("one", {"off_a5": 1}), ("two", {"off_a5": 2}), ("big", {"off_a20": 1, "off_b5": 1})):
        world.ids[name] = world.order(packs, courier=True)
    world.lay_out()
    for order_id in world.ids.values():
        deps.orders().change(order_id, lambda order: (order.arrive(at=NOW), []))
    for rider_id in RIDERS:
        world.commit(*deps_dispatch.riders().save(Rider(rider_id, "drp_1", "Joko", "+6281311112222", "B 1 X")))

"""A day of couriers and of the desk at random, from one seed: what couriers do and tell, what the person in charge
decides and hands over, what devices tell of later, what fails.

Any step of ours may meet a fault at any of its calls; couriers may not answer, or tell nothing, or tell it twice and in
any order. In the end everybody answers again, and every trip comes to some end.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lumbung.domain.courier import BEFORE_PICKUP
from lumbung.domain.errors import LumbungError
from lumbung.domain.hours import Window
from lumbung.domain.pickup_code import pickup_code
from lumbung.domain.trip import Trip
from lumbung.runtime import deps
from lumbung.store.table import Database
from tests.faults import courier_invariants, desk_books
from tests.faults.courier_world import COURIERS, LOST, NOBODY, RETURNED, WELL, CourierWorld
from tests.faults.modes import COURIER_MODES, MODES, Fault
from tests.faults.seam import seam

AT_HOME = (None, None, None, Window(10 * 60, 12 * 60), Window(11 * 60, 13 * 60))  # it is nine o'clock
RICE = {"off_a5": 1}
GOODS: tuple[dict[str, int], ...] = (RICE, RICE, {"off_a5": 3}, {"off_a20": 2}, RICE | {"off_b5": 2})


class History:
    def __init__(self, world: CourierWorld, seed: int) -> None:
        self.world, self.seed, self.chance = world, seed, random.Random(seed)
        self.log: list[str] = []
        self._keys = 0
        self._known: set[str] = set()
        couriers = self.chance.sample(COURIERS, self.chance.randrange(1, 4))
        self.log.append(f"served by {couriers}")
        world.served_by(f"*={','.join(couriers)}")
        for _ in range(self.chance.randrange(1, 4)):
            brought, packs = self.chance.random() < 0.8, self.chance.choice(GOODS)
            at_home = self.chance.choice(AT_HOME) if brought else None
            world.goods.order(packs, courier=brought, km=self.chance.uniform(2, 4), window=at_home)
        world.arrive()

    def live(self, steps: int = 40) -> list[str]:
        """Live the day, and return what was wrong in its end."""
        self._dispatch()
        for _ in range(steps):
            acts = (self._dispatch, self._ride, self._hear, self._work, self._tick, self._decide, self._fetch)
            self.chance.choices((*acts, self._trouble), weights=(2, 16, 6, 7, 4, 2, 2, 1))[0]()
        self._calm_down()
        return self._wrong()

    # -- what may happen

    def _dispatch(self) -> None:
        self._ours("plans", lambda: self.world.plan(f"{self.seed} {self._key()}", asserting=False))

    def _hear(self) -> None:
        self._ours("hears", self.world.hear)

    def _work(self) -> None:
        self._ours("books", self.world.work)

    def _tick(self) -> None:
        self.world.later(minutes=self.chance.choice((5, 5, 15, 50)))
        self._ours("looks after trips", self.world.tick)

    def _decide(self) -> None:
        if trip := self._some_trip(lambda trip: True):
            what, key = self.chance.choice(("cancellation", "redispatch")), self._key()
            self._ours(f"{what} of {trip.id[:8]}", lambda: self.world.post(f"/v1/trips/{trip.id}/{what}", key=key))

    def _fetch(self) -> None:
        """Somebody comes to the desk for an order, or for one pack of it; or a device tells that they came."""
        order, key = self.chance.choice(self.world.goods.orders), self._key()
        one = {"lines": [{"offer_id": order.lines[0].offer_id, "packs": 1}]}
        said = {"code": pickup_code(deps.id_secret(), order.id), **self.chance.choice(({}, one))}
        path = f"/v1/orders/{order.id}/handover"
        if self.chance.random() < 0.3:
            noted = {"number": self._keys, "order_id": order.id, "at": self.world.now.isoformat(), **said}
            path, said = "/v1/dropoffs/drp_1/handovers", {"device_id": "hp-1", "entries": [noted]}
        self._ours(f"fetches {order.id}: {path}", lambda: self.world.post(path, said, key=key))

    def _ride(self) -> None:
        """Let a courier do the next thing, or give up, or go back, and tell it, or something else, or nothing."""
        trip = self._some_trip(lambda trip: not trip.ended and trip.reference is not None)
        if trip is None:
            return
        name, words = trip.courier, WELL[trip.courier]
        word = self.chance.choices((self._next(trip), self._bad_end(trip)), weights=(12, 1))[0]
        tell = self.chance.choices(([word], [], [word] * 2, self.chance.sample(words, 3)), weights=(5, 2, 1, 1))[0]
        self.log.append(f"{name}: {trip.id[:8]} becomes {word}, told {tell}")
        self.world.wire.be(name, trip.reference or "", word, tell=tell)

    def _next(self, trip: Trip) -> str:
        """Return what the ride may become: a step on, or before pick-up a step back to the search."""
        words = WELL[trip.courier]
        [now] = [ride["status"] for ride in self.world.wire.rides(trip.courier) if ride["id"] == trip.reference]
        at = max((n for n, word in enumerate(words) if word == now), default=4)
        if at < 3 and self.chance.random() < 0.15:
            return words[0]
        return words[min(at + 1, 4)]

    def _bad_end(self, trip: Trip) -> str:
        """Return how the ride may fail, as far as we know how far it is."""
        if trip.status in BEFORE_PICKUP:
            return NOBODY[trip.courier]
        ends = [ends[trip.courier] for ends in (RETURNED, LOST) if trip.courier in ends]
        return self.chance.choice(ends or [WELL[trip.courier][4]])

    def _trouble(self) -> None:
        if self.chance.random() < 0.3:
            self.world.wire.deaf = not self.world.wire.deaf
            self.log.append(f"webhooks are {'lost' if self.world.wire.deaf else 'heard'}")
            return
        courier, mode = self.chance.choice(COURIERS), self.chance.choice(("down", "error", "garbage"))
        self._fault(courier, mode, self.chance.randrange(1, 4))

    def _ours(self, what: str, act: Callable[[], Any]) -> None:
        """Do something of ours, perhaps with a fault at one of its calls; who was not answered comes again, or not."""
        fault = None
        if self.chance.random() < 0.4:
            fault = Fault(self.chance.randrange(1, 15), self.chance.choice((*MODES, *COURIER_MODES)))
        self.world.fresh()
        self.log.append(f"{self.world.now:%H:%M} {what}" + (f", {fault.mode} at call {fault.at}" if fault else ""))
        with seam(fault=fault), suppress(ClientError, BotoCoreError, LumbungError):
            act()
        self.world.take_back()

    # -- how it ends

    def _calm_down(self) -> None:
        self.world.wire.deaf = False
        for courier in COURIERS:
            self._fault(courier, "down", 0)
        for _ in range(12):
            self.world.rest(15)
            self._show_what_is_live()
            live = [trip for trip in self.world.trips().values() if not trip.ended]
            if not live:
                return
            for trip in live:
                if trip.reference:
                    end = self.chance.choice((WELL[trip.courier][4], self._bad_end(trip)))
                    self.log.append(f"in the end {trip.courier}: {trip.id[:8]} becomes {end}")
                    self.world.wire.be(trip.courier, trip.reference, end)

    def _show_what_is_live(self) -> None:
        """Let rides that no trip knows of find a rider: until something happens to one, Lalamove tells nobody of it."""
        trips = self.world.trips()
        for trip_id, rides in self.world.live_rides(set(trips)).items():
            for ride in set(rides) - {trips[trip_id].reference}:
                self.log.append(f"{trips[trip_id].courier}: a ride for {trip_id[:8]} that nobody knows of is found")
                self.world.wire.be(trips[trip_id].courier, ride, WELL[trips[trip_id].courier][1])
        self.world.hear()

    def _wrong(self) -> list[str]:
        trips, books = self.world.trips().values(), desk_books.read(Database(self.world.aws.dynamodb))
        return [
            *courier_invariants.broken(self.world),
            *desk_books.goods(books),
            *desk_books.hand_overs(books),
            *(f"{trip.id} never ends: {trip.status}" for trip in trips if not trip.ended),
        ]

    def _fault(self, courier: str, mode: str, requests: int) -> None:
        self.log.append(f"{courier} is {mode} for {requests} requests")
        self.world.wire.control("POST", "/faults", provider=courier, mode=mode, requests=requests)

    def _some_trip(self, which: Callable[[Trip], bool]) -> Trip | None:
        found = sorted((trip for trip in self.world.trips().values() if which(trip)), key=lambda trip: trip.id)
        return self.chance.choice(found) if found else None

    def _key(self) -> str:
        self._keys += 1
        return f"key-{self.seed}-{self._keys}"

"""A wave opens, and many order at once: the real `place_order` over a simulated DynamoDB.

Members arrive at random at a mean rate; each is served by a function's container, the one used last if one is
free, with a memory of its own of what it has seen of the shards. What is counted is what the code asked for.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lumbung.domain.errors import ProviderUnavailable, SoldOut
from lumbung.domain.tariff import Tariff
from lumbung.domain.wave import Draft, Offer, Wave
from lumbung.runtime import aead
from lumbung.store.keyring import Keyring
from lumbung.store.orders import Orders
from lumbung.store.people import People
from lumbung.store.personal import Personal
from lumbung.store.rings import Rings
from lumbung.store.shards import Shards
from lumbung.store.table import Database
from lumbung.store.waves import Waves
from ordering.place_order import place_order
from tests.bench.busy_dynamodb import BusyDynamoDB, Meter, Simulation, Speeds
from tests.faults.memory_aws import indexes_of
from tests.integration.conftest import template
from tests.memory_dynamodb import MemoryDynamoDB
from tests.people import Kms

OPENS = datetime(2020, 4, 7, 1, tzinfo=UTC)
ORDERS, PEOPLE, KEYS = "OrdersTable", "PeopleTable", "KeysTable"


@dataclass(frozen=True)
class Rush:
    """*arrivals* members at *rate* a second, each for one of *quota* packs, handed out at *dropoffs* places."""

    quota: int
    rate: int
    shards: int
    arrivals: int
    dropoffs: int = 200
    seed: int = 1
    speeds: Speeds = field(default_factory=Speeds)


@dataclass
class Result:
    rush: Rush
    sold: int = 0
    sold_out: int = 0
    busy: int = 0  # told to come again
    tries: list[int] = field(default_factory=list)  # transactions asked for, per order that was taken
    seconds: list[float] = field(default_factory=list)
    conflicts: int = 0
    throttles: int = 0
    containers: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    hottest_write: tuple[str, int] = ("", 0)  # which table or index, and the units of its hottest key in a second
    hottest_read: tuple[str, int] = ("", 0)

    def line(self) -> str:
        return (
            f"{self.rush.rate:>6}/s {self.rush.shards:>4} shards: sold {self.sold:,} of {self.rush.quota:,}, "
            f"busy {self.busy}, tries p50 {share(self.tries, 50)} p99 {share(self.tries, 99)} max {max(self.tries)}, "
            f"{share(self.seconds, 50) * 1000:.0f}/{share(self.seconds, 99) * 1000:.0f} ms p50/p99, "
            f"{self.conflicts} conflicts, {self.throttles} throttled, {self.containers} containers, "
            f"hottest key {self.hottest_write[1]} WU/s ({self.hottest_write[0]}), {self.hottest_read[1]} RU/s"
        )


def share(of: list[Any], per_cent: int) -> Any:
    """Return the value that *per_cent* of 100 do not exceed."""
    return sorted(of)[min(len(of) - 1, len(of) * per_cent // 100)]


class Container:
    """One warm function: its stores, and what they remember."""

    def __init__(self, client: BusyDynamoDB, simulation: Simulation, rings: Rings) -> None:
        self.tries = 0
        database = Database(self, sleep=simulation.wait)
        now = lambda: OPENS + timedelta(seconds=simulation.now)  # noqa: E731 - the simulation's clock
        self._client = client
        self.waves = Waves(database, ORDERS, now)
        people = People(Personal(database, PEOPLE, Keyring(database, KEYS, rings, aead, now)))
        self.orders = Orders(database, ORDERS, Shards(database, ORDERS, now), people)

    def transact_write_items(self, **request: Any) -> Any:
        self.tries += 1
        return self._client.transact_write_items(**request)

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)


def open_wave(rush: Rush) -> Result:
    """Let *rush* happen, and return what came of it."""
    simulation = Simulation(rush.seed)
    indexes = indexes_of(template()["Resources"])
    engine = MemoryDynamoDB(indexes)
    wave = _a_wave(rush)
    database = Database(engine)
    database.commit(Waves(database, ORDERS, lambda: OPENS).add(wave))
    rings = Rings(database, KEYS, Kms, "kms")  # remembered by every container that has served a hundred people
    layout = Shards(database, ORDERS, lambda: OPENS).open(wave.offers[0], wave)
    for start in range(0, len(layout), 100):
        database.commit(*layout[start : start + 100])
    client, result, free = BusyDynamoDB(simulation, engine, rush.speeds, indexes), Result(rush), list[Container]()

    def member(n: int) -> None:
        if not free:
            free.append(Container(client, simulation, rings))
            result.containers += 1
        container = free.pop()
        simulation.wait(simulation.around(rush.speeds.handler, rush.speeds.spread_p99))
        _order(n, wave, container, simulation, result)
        free.append(container)

    arrives = 0.0
    for n in range(rush.arrivals):
        arrives += simulation.chance.expovariate(rush.rate)
        simulation.at(arrives, lambda n=n: simulation.start(lambda: member(n)))
    simulation.run()
    result.conflicts, result.throttles, result.calls = client.conflicts, client.throttles, client.calls
    result.hottest_write, result.hottest_read = _hottest(client.written), _hottest(client.read)
    return result


def _order(n: int, wave: Wave, container: Container, simulation: Simulation, result: Result) -> None:
    draft = Draft(
        f"ord_{n:08d}", wave.id, wave.dropoff_ids[n % len(wave.dropoff_ids)], None, f"mem-{n}", f"mem-{n}",
        ((wave.offers[0].id, 1),), "hash",
    )  # fmt: skip
    began, container.tries = simulation.now, 0
    at = OPENS + timedelta(seconds=simulation.now)
    try:
        place_order(
            draft, at=at, tariff=Tariff(), waves=container.waves, orders=container.orders, name="Siti", phone="+62812"
        )
    except SoldOut:
        result.sold_out += 1
        return
    except ProviderUnavailable:
        result.busy += 1
        return
    result.sold += 1
    result.tries.append(container.tries)
    result.seconds.append(simulation.now - began)


def _a_wave(rush: Rush) -> Wave:
    offer = Offer("off_1", "prd_1", "B5", "Beras 5 kg", "cop_1", 5_000, 55_000, quota=rush.quota, shards=rush.shards)
    closes = OPENS + timedelta(days=2)
    return Wave(
        id="wav_1", name="Gelombang nasional", time_zone="Asia/Jakarta", opens_at=OPENS, closes_at=closes,
        payment_due_at=closes, delivery_date=closes.date(), offers=(offer,), status="published",
        dropoff_ids=tuple(f"drp_{n}" for n in range(rush.dropoffs)),
    )  # fmt: skip


def _hottest(meter: Meter) -> tuple[str, int]:
    """Return the key that was asked most of in one second, and how many units that was."""
    (where, key, _), units = max(meter.items(), key=lambda entry: entry[1], default=(("", "", 0), 0.0))
    return f"{where} {key[:40]}", round(units)

"""DynamoDB under load, in simulated time: what overlaps conflicts, what is too hot is throttled, all takes its time.

It answers the calls that the code makes (the real use case, the real stores) from `MemoryDynamoDB`; only *when*
is made up, from `Speeds`. One simulated process runs at a time, so that a run repeats exactly from its seed.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from threading import Semaphore, Thread
from typing import Any

from botocore.exceptions import ClientError

from infra.local.units import size_of, spent
from tests.faults.modes import throttled
from tests.memory_dynamodb import MemoryDynamoDB

Indexes = dict[str, dict[str, tuple[str, str, bool]]]
Meter = dict[tuple[str, str, int], float]  # units, by table or index, partition key and second


@dataclass(frozen=True)
class Speeds:
    """Seconds. Assumptions, to be replaced by what a load test in the region shows.

    AWS promises single-digit milliseconds for a read or a write of one item; a transaction is a prepare and a
    commit over all of its items, and holds them in between. Each time is spread log-normally around its median,
    so that one in a hundred takes *spread_p99* times as long.
    """

    network: float = 0.001  # one way, within the region
    handler: float = 0.004  # our own work in a function of 1 GB
    read: float = 0.004
    transaction: float = 0.010  # for how long its items are held
    refused: float = 0.003  # a conflict is known at the prepare
    spread_p99: float = 2.5
    partition_writes: int = 1_000  # units a second, DynamoDB's own limit
    partition_reads: int = 3_000


class Simulation:
    """Processes in simulated time: threads of which exactly one runs, until it waits."""

    def __init__(self, seed: int) -> None:
        self.now = 0.0
        self.chance = random.Random(seed)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._yielded = Semaphore(0)
        self._raised: list[Exception] = []

    def at(self, moment: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), act))

    def start(self, process: Callable[[], None]) -> None:
        """Run *process* until it waits for the first time; call it from an event."""

        def whole() -> None:
            try:
                process()
            except Exception as error:  # noqa: BLE001 - raised by `run`: a thread would die of it, and all others wait
                self._raised.append(error)
            self._yielded.release()

        Thread(target=whole, daemon=True).start()
        self._yielded.acquire()

    def wait(self, seconds: float) -> None:
        """Let the running process stand still for so long."""
        go_on = Semaphore(0)

        def resume() -> None:
            go_on.release()
            self._yielded.acquire()

        self.at(self.now + seconds, resume)
        self._yielded.release()
        go_on.acquire()

    def run(self) -> None:
        while self._events:
            self.now, _, act = heapq.heappop(self._events)
            act()
            if self._raised:
                raise self._raised[0]

    def around(self, median: float, spread_p99: float) -> float:
        return median * spread_p99 ** (self.chance.gauss(0, 1) / 2.326)


@dataclass
class BusyDynamoDB:
    """The client that the stores are given."""

    simulation: Simulation
    engine: MemoryDynamoDB
    speeds: Speeds
    indexes: Indexes
    calls: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    throttles: int = 0
    written: Meter = field(default_factory=lambda: defaultdict(float))
    read: Meter = field(default_factory=lambda: defaultdict(float))
    _held: set[tuple[str, str, str]] = field(default_factory=set)

    def transact_write_items(self, TransactItems: list[Any]) -> Any:
        self.calls["TransactWriteItems"] += 1
        self._wait(self.speeds.network)
        items = {_item_of(write) for write in TransactItems}
        costs = list(_written(TransactItems))
        if not self._charge(self.written, costs, self.speeds.partition_writes):
            raise throttled("TransactWriteItems")
        if items & self._held:
            self.conflicts += 1
            self._wait(self._around(self.speeds.refused))
            raise _conflict(TransactItems, self._held)
        self._held |= items
        self._wait(self._around(self.speeds.transaction))
        self._held -= items
        try:
            answer = self.engine.transact_write_items(TransactItems)
            for index, key in _indexed(TransactItems, self.indexes):
                self.written[index, key, int(self.simulation.now)] += 1
            return answer
        finally:
            self._wait(self.speeds.network)

    def query(self, **request: Any) -> Any:
        return self._read("Query", self.engine.query, request)

    def get_item(self, **request: Any) -> Any:
        return self._read("GetItem", self.engine.get_item, request)

    def _read(self, operation: str, real: Callable[..., Any], request: dict[str, Any]) -> Any:
        self.calls[operation] += 1
        self._wait(self._around(self.speeds.read) + 2 * self.speeds.network)
        answer = real(**request)
        units, _ = spent(operation, request, answer)
        asked = request.get("ExpressionAttributeValues") or request["Key"]
        key = str(sorted(asked.items()))
        if not self._charge(self.read, [(request["TableName"], key, units)], self.speeds.partition_reads):
            raise throttled(operation)
        return answer

    def _charge(self, meter: Meter, costs: list[tuple[str, str, float]], limit: int) -> bool:
        """Count what a call costs by key; count nothing and say so where that is more than a partition gives."""
        second = int(self.simulation.now)
        if any(meter[where, key, second] + units > limit for where, key, units in costs):
            self.throttles += 1
            return False
        for where, key, units in costs:
            meter[where, key, second] += units
        return True

    def _wait(self, seconds: float) -> None:
        self.simulation.wait(seconds)

    def _around(self, median: float) -> float:
        return self.simulation.around(median, self.speeds.spread_p99)


def _item_of(write: Any) -> tuple[str, str, str]:
    [body] = write.values()
    key = body.get("Key") or body["Item"]
    return body["TableName"], key["pk"]["S"], key["sk"]["S"]


def _written(writes: list[Any]) -> Iterator[tuple[str, str, float]]:
    """Yield what a transaction asks of each item's partition, applied or not: two units a KB."""
    for write in writes:
        [body] = write.values()
        item = body.get("Item", {})
        yield body["TableName"], (body.get("Key") or item)["pk"]["S"], 2.0 * max(1, -(-size_of(item) // 1024))


def _indexed(writes: list[Any], indexes: Indexes) -> Iterator[tuple[str, str]]:
    """Yield the index entries that a transaction has made, a unit each."""
    for write in writes:
        [body] = write.values()
        item = body.get("Item", {})
        for index, (hash_key, range_key, _) in indexes[body["TableName"]].items():
            if hash_key in item and range_key in item:
                yield index, item[hash_key]["S"]


def _conflict(writes: list[Any], held: set[tuple[str, str, str]]) -> ClientError:
    reasons = [{"Code": "TransactionConflict" if _item_of(write) in held else "None"} for write in writes]
    error = {"Code": "TransactionCanceledException", "Message": "conflict"}
    return ClientError({"Error": error, "CancellationReasons": reasons}, "TransactWriteItems")

"""A wave that already holds many orders, on the local engine: written in batches, as the store would have left it."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

from lumbung.domain.order import Order
from lumbung.domain.order_parts import Hold
from lumbung.domain.wave import Draft, Wave
from lumbung.runtime import deps
from lumbung.store import keys
from lumbung.store.order_items import to_item
from lumbung.store.table import to_wire
from tests.integration.office import DURING

BATCH = 25
UNPAID = 5  # one in so many


def orders(wave: Wave, first: int, last: int) -> Iterator[Order]:
    """Yield orders number *first* to *last*: one pack each, most of them paid, over all drop-offs."""
    offer = wave.offers[0]
    for n in range(first, last):
        at = DURING - timedelta(seconds=3600) + timedelta(milliseconds=n * 20)
        place = wave.dropoff_ids[n % len(wave.dropoff_ids)]
        draft = Draft(f"ord_{n:026d}", wave.id, place, None, f"full-{n}", f"full-{n}", ((offer.id, 1),), "hash")
        order = wave.take_order(draft, at=at)
        held = replace(order, holds=(Hold(offer.id, n % offer.shards, 1),))
        yield held if n % UNPAID == 0 else held.pay(held.total, method="cash", at=at, by="pic-1")


def fill(wave: Wave, first: int, last: int) -> None:
    """Write orders, their members' participations, and what the shards have sold."""
    orders_table, people_table = deps.table("orders"), deps.table("people")

    def write(batch: list[Order]) -> None:
        _write(orders_table, [to_item(order) for order in batch])
        _write(people_table, [_participation(order) for order in batch])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, _batches(orders(wave, first, last))))
    _sell(wave, Counter(n % wave.offers[0].shards for n in range(first, last)))


def _participation(order: Order) -> dict[str, Any]:
    key = keys.participation(order.member_id, order.wave_id)
    return {**key, "live": {order.id}, order.lines[0].offer_id: 1}


def _sell(wave: Wave, by_shard: Counter[int]) -> None:
    for number, packs in by_shard.items():
        hold = Hold(wave.offers[0].id, number, packs)
        deps.waves().commit(deps.shards().take(hold, limited=True, at=DURING))


def _write(table: str, items: list[dict[str, Any]]) -> None:
    wanted: Any = {table: [{"PutRequest": {"Item": to_wire(item)}} for item in items]}
    while wanted:
        wanted = deps.aws("dynamodb").batch_write_item(RequestItems=wanted).get("UnprocessedItems")


def _batches(made: Iterator[Order]) -> Iterator[list[Order]]:
    while batch := list(islice(made, BATCH)):
        yield batch

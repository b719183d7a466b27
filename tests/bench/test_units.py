"""What placing an order costs in calls and units, counted at the seam; the journeys count the same on an engine."""

import logging
from collections.abc import Iterator

import pytest

from infra.cost import measured
from lumbung.domain.product import Pack, Product
from lumbung.runtime import deps, deps_ordering
from tests.faults.ordering_world import FROZEN, World, a_world
from tests.faults.seam import seam

INDEXES = 3  # by drop-off, by member, by due time
OFFERS = 5


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """An open wave with five offers, remembered by a warm container."""
    logging.disable(logging.CRITICAL)
    with a_world(World) as made:
        packs = tuple(Pack(f"M{n}", 1_000 * n, 15_000 * n) for n in range(1, OFFERS + 1))
        product = Product("prd_oil", "Minyak goreng", "oil", packs, cooperative_id=made.office.cooperative)
        deps.waves().commit(*deps_ordering.products().add(product))
        offers = [{"product_id": "prd_oil", "sku": p.sku, "quota": 500, "max_per_member": None} for p in packs]
        made.publish(offers=offers)
        made.place(0, 1)
        yield made
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("products", "larger"),
    [(1, 0), (2, 0), pytest.param(5, 2, id="5: more than 1 KB")],
)
def test_an_order_is_a_read_and_a_write_of_four_units_and_two_for_each_product(
    world: World, products: int, larger: int
) -> None:
    """The member's key is read, and made in the same transaction where this is the first that is known of them."""
    for first in (True, False):
        with seam() as calls:
            placed = world.place(300 + products, *[1] * products, fresh=False, key=f"first {first}")

        print(
            f"{products} products, the member's first: {first}: {len(calls.calls)} calls, {calls.read_units:g} read "
            f"and {calls.write_units:g} write units, {INDEXES} for indexes"
        )
        assert placed.status == 201
        assert calls.calls == ["GetItem", "TransactWriteItems"]
        assert calls.write_units == 4 + 2 * products + larger + INDEXES + 2 * first
        assert calls.read_units == 1
        world.cancel(placed.json["id"], 300 + products, key=f"cancel {first}")
    assert (measured.PLACED.writes, measured.PLACED.reads) == (4 + 2 + INDEXES, 1)  # what the cost sheet reckons with


def test_a_cancellation_costs_the_same_and_a_record_of_its_key(world: World) -> None:
    order_id = world.place(20, 1, fresh=False).json["id"]

    with seam() as calls:
        world.cancel(order_id, 20)

    assert calls.calls.count("TransactWriteItems") == 1
    assert calls.write_units == 6 + 2 + INDEXES - 1  # the member's index shows keys only: they stay as they are


def test_what_an_orders_whole_life_costs(world: World) -> None:
    """Placed, paid in cash, counted and allocated: per order, of a hundred."""
    orders = [world.place(n, 1, key="life", fresh=False).json["id"] for n in range(100, 200)]

    with seam() as paying:
        for order_id in orders:
            world.cash(order_id)
    world.at(FROZEN)
    with seam() as closing:
        world.tick()
        world.drain()
        world.supply(*[500] * OFFERS)
        world.drain()

    for name, calls in (("paid in cash", paying), ("closed", closing)):
        per_order = (len(calls.calls) / 100, calls.read_units / 100, calls.write_units / 100)
        print("{}: {:.2f} calls, {:.2f} read units, {:.2f} write units per order".format(name, *per_order))
    assert closing.write_units / 100 < 8, "each order once, each shard's gate, and what a few unpaid orders give back"
    for calls, told in ((paying, measured.APPLIED), (closing, measured.CLOSED)):  # what the cost sheet reckons with
        assert (round(calls.write_units / 100), round(calls.read_units / 100)) == (told.writes, told.reads)


@pytest.mark.parametrize("dropoffs", [10, 500, 5_000])
def test_what_a_drop_off_pays_to_finish_a_step_of_closing(world: World, dropoffs: int) -> None:
    """Those that owe a step stand in groups of a hundred, of which one is written anew each time one has taken it."""
    names = [f"drp_{n:026d}" for n in range(dropoffs)]
    deps.waves().commit(*deps.closings().start(f"wav_{dropoffs}", "aggregate", names))
    run = deps.closings().find(f"wav_{dropoffs}")
    assert run is not None

    with seam() as calls:
        deps.closings().finish_part(run, names[0], {"orders": 0, "packs": {}})
        deps.closings().tick_off(run, names[0])

    print(
        f"{dropoffs:,} drop-offs: {calls.write_units:g} write units and {calls.read_units:g} read units for one of them"
    )
    assert calls.write_units <= 16, "the same however many there are"

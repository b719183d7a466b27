"""Whatever a courier says, in whatever order and however often: one end, and one set of transfers."""

from dataclasses import replace
from itertools import permutations

import pytest

from dispatch.follow_delivery import follow_delivery
from lumbung.domain.courier import ENDS, Report
from lumbung.domain.trip import Stop
from tests.unit.dispatch.fakes import AT, World, a_trip, an_order

FIVE = ["searching", "assigned", "picked_up", "on_the_way", "delivered"]


def tell(world: World, *states: str, trip_id: str = "trp_1", cost: int = 12_000) -> None:
    for state in states:
        follow_delivery(trip_id, Report("b1", trip_id, state, cost), at=AT, news=world.news())


def a_world() -> World:
    return World.of([an_order()], [a_trip()])


@pytest.mark.parametrize("states", list(permutations(FIVE)), ids="-".join)
def test_in_every_order_and_repeated_an_order_is_delivered_and_paid_for_once(states):
    in_order = a_world()
    tell(in_order, *FIVE)
    shuffled = a_world()
    tell(shuffled, *[state for state in states for _ in range(2)], *states)

    assert shuffled.orders["ord_1"].fulfilment_status == "delivered"
    assert shuffled.transfers == in_order.transfers
    assert shuffled.balances() == {"unearned:wav_1": 10_200, "courier:biteship": -12_000, "delivery_difference": 1_800}
    assert (shuffled.open_orders, shuffled.refunds) == (0, {})


@pytest.mark.parametrize("first", sorted(ENDS))
@pytest.mark.parametrize("second", sorted(ENDS))
def test_an_end_that_is_contradicted_stays_what_it_was(first, second):
    once = a_world()
    tell(once, "picked_up", first)
    twice = a_world()
    tell(twice, "picked_up", first, second, first)

    assert twice.orders == once.orders
    assert twice.transfers == once.transfers
    assert twice.open_orders == once.open_orders


@pytest.mark.parametrize(
    ("end", "order", "owed"),
    [
        ("delivered", "delivered", 12_000),
        ("returned", "at_dropoff", 12_000),
        ("cancelled", "at_dropoff", 0),
        ("no_courier", "at_dropoff", 0),
        ("lost", "none", -55_000),
    ],
)
def test_each_end_leads_the_order_somewhere_and_costs_what_the_courier_charges(end, order, owed):
    world = a_world()
    tell(world, end)

    assert world.orders["ord_1"].fulfilment_status == order
    assert -world.balances().get("courier:biteship", 0) == owed


def test_what_the_courier_lost_is_refunded_whole_and_claimed():
    world = a_world()
    tell(world, "picked_up", "lost")

    [refund] = world.refunds.values()
    assert (refund.amount, refund.liable) == (65_200, "courier")
    assert world.balances() == {"courier:biteship": 55_000, "unearned:wav_1": 10_200, "refund_payable": -65_200}
    assert world.open_orders == 0


def test_two_orders_on_one_trip_end_together():
    stops = [Stop(f"ord_{n}", n, {"off_a": 1}, 5_000, 3_000) for n in (1, 2)]
    world = World.of([an_order("ord_1"), an_order("ord_2")], [a_trip(*stops)])
    tell(world, "delivered")

    assert {o.fulfilment_status for o in world.orders.values()} == {"delivered"}
    assert world.open_orders == 0
    assert world.balances() == {"unearned:wav_1": 20_400, "courier:biteship": -12_000, "delivery_difference": -8_400}


def two_trips() -> World:
    one, two = (Stop("ord_1", 1, {"off_a": 2}, 10_000, 3_000) for _ in range(2))
    return World.of([an_order(packs=4)], [a_trip(one, id_="trp_1"), a_trip(two, id_="trp_2")])


ONE_THEN_TWO = [("delivered", "delivered"), ("delivered", "returned"), ("returned", "delivered"), ("lost", "delivered")]


@pytest.mark.parametrize(("one", "two"), [*ONE_THEN_TWO, ("delivered", "lost"), ("lost", "lost"), ("lost", "returned")])
def test_an_order_in_two_trips_ends_the_same_whichever_ends_first(one, two):
    first, second = two_trips(), two_trips()
    tell(first, one, trip_id="trp_1")
    assert first.orders["ord_1"].fulfilment_status == "dispatched"
    tell(first, two, trip_id="trp_2")
    tell(second, two, trip_id="trp_2")
    tell(second, one, trip_id="trp_1")

    a, b = first.orders["ord_1"], second.orders["ord_1"]
    assert (a.fulfilment_status, a.total, a.kept) == (b.fulfilment_status, b.total, b.kept)
    assert first.balances() == second.balances()
    assert first.open_orders == second.open_orders == (0 if a.fulfilment_status in ("delivered", "none") else 1)
    assert a.kept == a.total, "nobody pays for what they do not get"


def test_a_correction_of_the_price_is_booked_as_its_difference():
    world = a_world()
    tell(world, "delivered")
    tell(world, "delivered", cost=15_000)
    tell(world, "delivered", cost=9_000)

    assert world.balances()["courier:biteship"] == -9_000
    assert len(world.transfers) == 4


def test_a_free_delivery_books_no_fee():
    world = World.of([an_order(fee=0)], [a_trip()])
    tell(world, "delivered")

    assert world.balances() == {"courier:biteship": -12_000, "delivery_difference": 12_000}


def test_after_an_end_the_trip_is_not_written_again():
    world = a_world()
    tell(world, "delivered")
    before = world.trips["trp_1"]
    tell(world, "delivered", "searching")

    assert world.trips["trp_1"] is before
    assert replace(before, version=0) != replace(a_trip(), version=0)

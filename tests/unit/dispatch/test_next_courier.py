"""Nobody rides: the next courier is asked, and when none is left the goods are fetched and the fee goes back."""

from dataclasses import replace

import pytest

from dispatch.follow_delivery import follow_delivery
from dispatch.send_again import again
from lumbung.domain.courier import NO_COURIER, Proof, Report, Rider
from lumbung.domain.trip import Stop
from tests.unit.dispatch.fakes import AT, World, a_trip, an_order


def tell(world: World, state: str, trip_id: str = "trp_1", **more: object) -> None:
    follow_delivery(trip_id, Report(f"ref {trip_id}", trip_id, state, **more), at=AT, news=world.news())


def test_the_next_courier_takes_over_in_the_same_moment_and_the_member_is_told():
    world = World.of([an_order()], [a_trip()])
    world.next_couriers = ["grab"]
    tell(world, NO_COURIER)

    [new] = [trip for trip in world.trips.values() if trip.id != "trp_1"]
    order = world.orders["ord_1"]
    assert (new.courier, new.status, new.stops) == ("grab", "planned", world.trips["trp_1"].stops)
    assert (order.fulfilment_status, order.history[-1].event) == ("dispatched", "next_courier")
    assert [(part.trip_id, part.state) for part in world.deliveries["ord_1"].parts] == [
        ("trp_1", "back"),
        (new.id, "under_way"),
    ]
    assert world.to_book == [new.id]


def test_when_none_is_left_the_goods_are_fetched_and_the_whole_fee_goes_back():
    world = World.of([an_order()], [a_trip()])
    world.next_couriers = ["grab"]
    tell(world, NO_COURIER)
    tell(world, NO_COURIER, world.to_book[0])

    order, [refund] = world.orders["ord_1"], world.refunds.values()
    assert (order.fulfilment_status, order.fulfilment.method, order.courier_fee) == ("at_dropoff", "pickup", 0)
    assert [happened.event for happened in order.history] == [
        *("next_courier", "failed", "at_dropoff", "pickup_instead", "refund_decided"),
    ]
    assert (refund.amount, refund.liable, order.kept) == (10_200, "courier", order.total)
    assert (world.open_orders, world.balances()) == (1, {"unearned:wav_1": 10_200, "refund_payable": -10_200})


@pytest.mark.parametrize("first", ["trp_1", "trp_2"])
def test_an_order_in_two_trips_is_fetched_once_the_other_has_come(first):
    one, two = (Stop("ord_1", 1, {"off_a": 2}, 10_000, 3_000) for _ in range(2))
    world = World.of([an_order(packs=4)], [a_trip(one, id_="trp_1"), a_trip(two, id_="trp_2")])
    ends = {"trp_1": NO_COURIER, "trp_2": "delivered"}
    second = ({"trp_1", "trp_2"} - {first}).pop()
    tell(world, ends[first], first)
    assert (world.orders["ord_1"].fulfilment_status, world.refunds) == ("dispatched", {})
    tell(world, ends[second], second)

    order = world.orders["ord_1"]
    assert (order.fulfilment_status, order.fulfilment.method) == ("at_dropoff", "pickup")
    assert [refund.amount for refund in world.refunds.values()] == [10_200]
    assert world.deliveries["ord_1"].left(order) == {"off_a": 2}


def test_a_courier_that_stops_once_rides_a_route_of_three_in_three_trips():
    stops = [Stop(f"ord_{n}", n, {"off_a": 1}, 5_000, 1_000 * n) for n in (1, 2, 3)]
    old = a_trip(*stops)

    three = again(old, at=AT, by="pic-1", courier="grab", stops_per_trip=1)
    one = again(old, at=AT, by="pic-1", courier="lalamove", stops_per_trip=15)

    assert [(t.stops[0].order_id, t.stops[0].sequence, t.distance_m) for t in three] == [
        ("ord_1", 1, 1_000),
        ("ord_2", 1, 3_000),
        ("ord_3", 1, 6_000),
    ]
    assert [t.stops for t in one] == [old.stops]
    assert len({t.id for t in three}) == 3 and one[0].id == three[0].id, "sent again once, by whoever"


def test_who_rides_and_who_took_it_is_kept_apart_from_the_trip():
    world = World.of([an_order()], [a_trip()])
    tell(world, "assigned", rider=Rider("Budi", "B 1"))
    tell(world, "assigned", rider=Rider("Budi", "B 1"))
    versions = world.trips["trp_1"].version
    tell(world, "assigned", rider=Rider("Agus", "B 2"))
    tell(world, "delivered", proofs=(Proof(1, "Siti", AT),))

    assert (world.riders, world.proofs) == ({"trp_1": Rider("Agus", "B 2")}, {"trp_1": (Proof(1, "Siti", AT),)})
    assert versions == 2, "the same rider again is no news"
    assert "Agus" not in repr(world.trips["trp_1"]) and "Siti" not in repr(world.trips["trp_1"])


def test_a_cancellation_after_we_gave_up_waiting_means_that_there_was_nobody():
    world = World.of([an_order()], [replace(a_trip(), given_up=True)])
    world.next_couriers = ["grab"]
    tell(world, "cancelled")

    assert (world.trips["trp_1"].status, world.orders["ord_1"].fulfilment_status) == ("no_courier", "dispatched")

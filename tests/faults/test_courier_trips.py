"""What couriers make of trips, each on its own protocol, from the plan to the door, or back, or to the next courier."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from dispatch import api
from lumbung.runtime import deps, deps_dispatch
from lumbung.store import keys
from tests.faults import courier_invariants
from tests.faults.courier_world import COURIERS, LOST, NOBODY, RETURNED, WELL, CourierWorld
from tests.faults.seam import stride
from tests.integration.conftest import call
from tests.integration.dispatch_world import NOW, PIC_ONE, member

EACH_COURIER = pytest.mark.parametrize("courier", COURIERS)


def sent(world: CourierWorld, courier: str, *, served: str = "") -> tuple[str, str]:
    """Return (order, trip) of one order that was dispatched and booked at *courier*."""
    world.served_by(served or f"*={courier}")
    order_id = world.goods.order({"off_a5": 2}, courier=True)
    world.arrive()
    [trip_id] = world.send(courier)
    world.rest(5)
    return order_id, trip_id


def delivery(world: CourierWorld, order_id: str, *, by: Any = None) -> Any:
    reply = call(api.handler, "GET", f"/v1/orders/{order_id}/delivery", caller=by or member(1), at=world.now)
    assert reply.status == 200, reply.text
    return reply.json


@EACH_COURIER
def test_an_order_is_brought_home_and_its_member_sees_by_whom(couriers: CourierWorld, courier: str) -> None:
    order_id, trip_id = sent(couriers, courier)
    assert delivery(couriers, order_id)["rider"] is None
    for word in WELL[courier][1:4]:
        couriers.wire.be(courier, trip_id, word)
        couriers.rest(5)
    on_its_way = delivery(couriers, order_id)
    couriers.wire.be(courier, trip_id, WELL[courier][4])
    couriers.rest(5)
    there = delivery(couriers, order_id)

    assert on_its_way["rider"]["name"].isalpha(), "a first name alone"
    assert (on_its_way["rider"]["plate"] or "").startswith("B ") is (courier != "gosend")
    assert on_its_way["tracking_url"].startswith("https://")
    [stop] = on_its_way["stops"]
    assert NOW.isoformat() < stop["window"]["earliest"] < stop["window"]["latest"]
    assert (there["status"], couriers.goods.status(order_id)) == ("delivered", "delivered")
    assert on_its_way["ended_at"] is None and there["ended_at"].startswith("2020-04-10T02:")
    assert bool(there["proof"]) is (courier != "biteship"), "Biteship was not asked for a proof"
    assert courier_invariants.broken(couriers) == []
    assert set(couriers.wire.told) == {200}


@EACH_COURIER
def test_in_every_order_and_twice_the_webhooks_lead_to_one_end(couriers: CourierWorld, courier: str) -> None:
    """The ride goes on while its webhooks claim its five states in each of 120 orders, each of them twice."""
    order_id, _ = sent(couriers, courier)
    couriers.post(f"/v1/trips/{next(iter(couriers.trips()))}/cancellation", key="begin anew")
    begin, ends = couriers.keep(), set()
    for number, words in list(enumerate(permutations(WELL[courier])))[:: stride(40)]:
        begin()
        [trip_id] = couriers.send(f"permuted {number}")
        for happened, claimed in zip(WELL[courier], words, strict=True):
            couriers.wire.be(courier, trip_id, happened, tell=[claimed] * 2)
            couriers.hear()
        couriers.rest(5)
        assert courier_invariants.broken(couriers) == [], words
        ends.add((couriers.goods.status(order_id), tuple(sorted(couriers.goods.balances().items()))))

    assert len(ends) == 1 and ends.pop()[0] == "delivered"


@EACH_COURIER
def test_nobody_rides_then_the_next_courier_then_pick_up(couriers: CourierWorld, courier: str) -> None:
    other = next(name for name in COURIERS if name != courier)
    order_id, trip_id = sent(couriers, courier, served=f"*={courier},{other}")
    couriers.wire.be(courier, trip_id, NOBODY[courier])
    couriers.rest(5)
    second = delivery(couriers, order_id)
    assert (second["courier"], second["status"], couriers.goods.status(order_id)) == (other, "searching", "dispatched")
    couriers.wire.be(other, second["id"], NOBODY[other])
    couriers.rest(5)

    order = deps.orders().get(order_id)
    assert (order.fulfilment_status, order.fulfilment.method, order.refund_decided) == ("at_dropoff", "pickup", 10_200)
    assert [h.event for h in order.history if h.event in ("next_courier", "pickup_instead")] == [
        *("next_courier", "pickup_instead"),
    ]
    assert courier_invariants.broken(couriers) == []


def test_who_finds_nobody_for_too_long_is_waited_for_no_longer(couriers: CourierWorld) -> None:
    order_id, trip_id = sent(couriers, "lalamove", served="*=lalamove,grab")
    couriers.rest(35)
    assert delivery(couriers, order_id)["courier"] == "lalamove"
    couriers.rest(5)  # the 45th minute

    assert delivery(couriers, order_id)["courier"] == "grab"
    assert couriers.trips()[trip_id].status == "no_courier"
    assert trip_id not in couriers.live_rides(), "Lalamove was told"
    assert courier_invariants.broken(couriers) == []


def test_a_courier_that_never_answers_is_asked_no_longer(couriers: CourierWorld) -> None:
    couriers.served_by("*=grab,gosend")
    order_id = couriers.goods.order({"off_a5": 2}, courier=True)
    couriers.arrive()
    couriers.wire.control("POST", "/faults", provider="grab", mode="error", requests=1000)
    couriers.send()
    couriers.rest(30)
    assert delivery(couriers, order_id)["courier"] == "grab"
    couriers.rest(30)

    there = delivery(couriers, order_id)
    assert (there["courier"], there["status"], there["trips"][0]["reason"]) == (
        *("gosend", "searching", "Kurir tidak menjawab."),
    )
    assert [i["about"] for i in couriers.incidents()] == ["trip_stuck"]
    assert courier_invariants.broken(couriers) == []


def test_a_rider_who_is_found_in_the_last_moment_rides(couriers: CourierWorld) -> None:
    order_id, trip_id = sent(couriers, "gosend", served="*=gosend,grab")
    couriers.rest(35)
    couriers.wire.be("gosend", trip_id, "picked", notify=0)
    couriers.rest(20)

    assert (couriers.trips()[trip_id].status, couriers.goods.status(order_id)) == ("picked_up", "dispatched")
    assert len(couriers.trips()) == 1


@pytest.mark.parametrize("courier", list(RETURNED))
def test_what_comes_back_is_sent_again_by_the_person_in_charge(couriers: CourierWorld, courier: str) -> None:
    order_id, trip_id = sent(couriers, courier)
    for word in (WELL[courier][3], RETURNED[courier]):
        couriers.wire.be(courier, trip_id, word)
    couriers.rest(5)
    assert couriers.goods.status(order_id) == "at_dropoff"
    assert courier_invariants.broken(couriers) == []

    assert couriers.post(f"/v1/trips/{trip_id}/redispatch", key="again").status == 200
    couriers.rest(5)
    assert (couriers.goods.status(order_id), delivery(couriers, order_id)["status"]) == ("dispatched", "searching")
    assert courier_invariants.broken(couriers) == []


@pytest.mark.parametrize("courier", list(LOST))
def test_what_a_courier_lost_is_refunded_at_its_expense(couriers: CourierWorld, courier: str) -> None:
    order_id, trip_id = sent(couriers, courier)
    for word in (WELL[courier][3], LOST[courier]):
        couriers.wire.be(courier, trip_id, word, notify=2)
    couriers.rest(5)

    assert couriers.goods.status(order_id) == "none"
    assert couriers.goods.balances()[f"courier:{courier}"] == 110_000
    assert courier_invariants.broken(couriers) == []


@EACH_COURIER
def test_the_person_in_charge_calls_it_off_before_pick_up_and_not_after(couriers: CourierWorld, courier: str) -> None:
    order_id, trip_id = sent(couriers, courier)
    again = couriers.keep()
    couriers.wire.be(courier, trip_id, WELL[courier][3])
    refused = couriers.post(f"/v1/trips/{trip_id}/cancellation", key="too late")
    assert (refused.status, refused.json["code"]) == (409, "invalid_state")
    again()
    couriers.wire.be(courier, trip_id, WELL[courier][1], notify=0)
    cancelled = couriers.post(f"/v1/trips/{trip_id}/cancellation", key="in time")

    assert (cancelled.status, cancelled.json["status"]) == (200, "cancelled")
    couriers.rest(5)
    assert (couriers.goods.status(order_id), couriers.live_rides()) == ("at_dropoff", {})
    assert courier_invariants.broken(couriers) == []


@EACH_COURIER
def test_a_price_that_is_corrected_is_booked_as_its_difference(couriers: CourierWorld, courier: str) -> None:
    _, trip_id = sent(couriers, courier)
    couriers.wire.be(courier, trip_id, WELL[courier][4], price=25_000)
    couriers.rest(5)
    assert couriers.goods.balances()[f"courier:{courier}"] == -25_000
    couriers.wire.be(courier, trip_id, WELL[courier][4], price=21_000, tell=[WELL[courier][3]])
    couriers.rest(5)

    assert couriers.goods.balances()[f"courier:{courier}"] == -21_000
    assert courier_invariants.broken(couriers) == []


@EACH_COURIER
def test_another_rider_takes_over_before_pick_up(couriers: CourierWorld, courier: str) -> None:
    order_id, trip_id = sent(couriers, courier)
    names = []
    for word in (WELL[courier][1], WELL[courier][0], WELL[courier][1]):
        couriers.wire.be(courier, trip_id, word)
        couriers.rest(5)
        names.append((delivery(couriers, order_id)["rider"] or {}).get("name"))

    assert names[1] is None and names[0] != names[2]


@EACH_COURIER
def test_a_webhook_that_got_lost_is_made_up_for_by_asking(couriers: CourierWorld, courier: str) -> None:
    order_id, trip_id = sent(couriers, courier)
    couriers.wire.be(courier, trip_id, WELL[courier][3], notify=0)
    couriers.wire.be(courier, trip_id, WELL[courier][4], notify=0)
    couriers.rest(15)

    assert couriers.goods.status(order_id) == "delivered"
    assert courier_invariants.broken(couriers) == []


def test_lalamove_stops_at_several_doors_and_proves_each(couriers: CourierWorld) -> None:
    couriers.served_by("*=lalamove")
    orders = [couriers.goods.order({"off_a5": 1}, courier=True, km=2 + n / 10) for n in range(3)]
    couriers.arrive()
    [trip_id] = couriers.send()
    couriers.rest(5)
    for word in ("ON_GOING", "PICKED_UP", "COMPLETED"):
        couriers.wire.be("lalamove", trip_id, word)
    couriers.rest(5)

    seen = [delivery(couriers, order_id, by=member(n)) for n, order_id in enumerate(orders, 1)]
    assert len(couriers.trips()[trip_id].stops) == 3
    assert sorted(s["stops"][0]["sequence"] for s in seen) == [1, 2, 3], "each sees their own door alone"
    assert len({s["proof"]["photo"] for s in seen}) == 3 and all(s["proof"]["at"] for s in seen)
    assert courier_invariants.broken(couriers) == []


def test_a_route_that_lalamove_will_not_ride_goes_by_one_courier_for_each_door(couriers: CourierWorld) -> None:
    couriers.served_by("*=lalamove,gosend")
    for n in range(3):
        couriers.goods.order({"off_a5": 1}, courier=True, km=2 + n / 10)
    couriers.arrive()
    couriers.wire.control("POST", "/lalamove/simulate", wallet="empty")
    [first] = couriers.send()
    couriers.rest(5)

    trips = couriers.trips()
    assert (trips[first].status, "ERR_INSUFFICIENT_CREDIT" in (trips[first].reason or "")) == ("no_courier", True)
    assert [t.courier for t in trips.values() if not t.ended] == ["gosend"] * 3
    assert courier_invariants.broken(couriers) == []


@pytest.mark.parametrize("notify", [0, 1, 2], ids=["nobody is told", "told", "told twice"])
def test_an_order_that_lalamove_s_support_makes_anew_is_followed(couriers: CourierWorld, notify: int) -> None:
    order_id, trip_id = sent(couriers, "lalamove")
    new = couriers.wire.control("POST", "/lalamove/simulate", id=trip_id, replace=True, notify=notify)
    couriers.hear()
    couriers.wire.be("lalamove", new["id"], "COMPLETED")
    couriers.hear()
    couriers.rest(5)

    assert (couriers.trips()[trip_id].reference, couriers.goods.status(order_id)) == (new["id"], "delivered")
    assert courier_invariants.broken(couriers) == []


def test_a_replacement_of_what_was_given_up_here_is_called_off_and_told_of(
    couriers: CourierWorld,
) -> None:
    order_id, trip_id = sent(couriers, "lalamove")
    new = couriers.wire.control("POST", "/lalamove/simulate", id=trip_id, replace=True, notify=0)
    couriers.rest(15)
    assert couriers.goods.status(order_id) == "at_dropoff", "all that we know is that it was cancelled"
    couriers.wire.be("lalamove", new["id"], "ON_GOING")
    couriers.rest(5)

    assert couriers.live_rides() == {}
    assert [i["about"] for i in couriers.incidents()] == ["courier_twice"]
    assert courier_invariants.broken(couriers) == []


def test_lalamove_probes_an_address_before_it_calls_it(couriers: CourierWorld) -> None:
    url = "http://127.0.0.1:8080/v1/webhooks/couriers/lalamove"
    couriers.as_function("dispatch.worker.handler")
    courier = deps_dispatch.couriers()["lalamove"]

    assert courier._ask("PATCH", "/v3/webhook", {"data": {"url": url}}).status == 200
    assert couriers.wire.told == [200, 200]
    assert couriers.goods.events() == []


def test_a_trip_that_is_late_and_one_that_is_stuck_are_somebody_s_to_look_after(couriers: CourierWorld) -> None:
    order_id, trip_id = sent(couriers, "grab")
    couriers.wire.be("grab", trip_id, "IN_DELIVERY")
    couriers.rest(95)
    assert delivery(couriers, order_id)["alert"] == "late"
    couriers.rest(50)
    trips = call(api.handler, "GET", "/v1/dropoffs/drp_1/trips?wave_id=wav_1", caller=PIC_ONE, at=couriers.now)

    assert [trip["alert"] for trip in trips.json["items"]] == ["stuck"]
    assert sorted((i["about"], i["subject"]) for i in couriers.incidents()) == [
        ("trip_late", trip_id),
        ("trip_stuck", trip_id),
    ]


def test_while_no_courier_answers_somebody_hears_of_it_and_nothing_is_lost(couriers: CourierWorld) -> None:
    order_id, trip_id = sent(couriers, "grab")
    couriers.wire.be("grab", trip_id, "IN_DELIVERY")
    couriers.wire.control("POST", "/faults", provider="grab", mode="error", requests=1000)
    couriers.rest(130)
    assert couriers.incidents()
    couriers.wire.control("POST", "/faults", provider="grab", mode="error", requests=0)
    couriers.wire.be("grab", trip_id, "COMPLETED", notify=0)
    couriers.rest(15)

    assert couriers.goods.status(order_id) == "delivered"
    assert courier_invariants.broken(couriers) == []


def test_what_is_told_of_people_lies_in_their_table_alone_and_goes_after_ninety_days(couriers: CourierWorld) -> None:
    order_id, trip_id = sent(couriers, "gosend")
    for word in WELL["gosend"][1:]:
        couriers.wire.be("gosend", trip_id, word)
        couriers.hear()
    tracking = deps_dispatch.trackings().of_order(order_id, [trip_id])[trip_id]
    told = keys.trip_rider(trip_id), keys.receiver(order_id, trip_id)
    items = deps.db().get_many(deps.table("people"), told)

    assert tracking.rider and tracking.proofs[0].receiver == "Satpam"
    assert all(timedelta(days=90) <= _from_s(item["expires"]) - NOW <= timedelta(days=91) for item in items)
    for table in ("deliveries", "orders", "payments", "people"):
        everything = repr(list(deps.db().scan(deps.table(table))))
        assert tracking.rider.name not in everything and "Satpam" not in everything


def _from_s(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

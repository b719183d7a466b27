"""What couriers make of trips, each on its own protocol, from the plan to the door, or back, or to the next courier."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from dispatch import api
from lumbung.runtime import deps, deps_dispatch
from tests.faults import dispatch_invariants
from tests.faults.dispatch_world import COURIERS, LOST, NOBODY, RETURNED, WELL, DispatchWorld
from tests.faults.seam import stride
from tests.integration.conftest import call
from tests.integration.dispatch_world import NOW, PIC_ONE, member

EACH_COURIER = pytest.mark.parametrize("courier", COURIERS)


def sent(world: DispatchWorld, courier: str, *, served: str = "") -> tuple[str, str]:
    """Return (order, trip) of one order that was dispatched and booked at *courier*."""
    world.served_by(served or f"*={courier}")
    order_id = world.goods.order({"off_a5": 2}, courier=True)
    world.arrive()
    [trip_id] = world.send(courier)
    world.rest(5)
    return order_id, trip_id


def delivery(world: DispatchWorld, order_id: str, *, by: Any = None) -> Any:
    reply = call(api.handler, "GET", f"/v1/orders/{order_id}/delivery", caller=by or member(1), at=world.now)
    assert reply.status == 200, reply.text
    return reply.json


@EACH_COURIER
def test_an_order_is_brought_home_and_its_member_sees_by_whom(dispatch: DispatchWorld, courier: str) -> None:
    order_id, trip_id = sent(dispatch, courier)
    assert delivery(dispatch, order_id)["rider"] is None
    for word in WELL[courier][1:4]:
        dispatch.wire.be(courier, trip_id, word)
        dispatch.rest(5)
    on_its_way = delivery(dispatch, order_id)
    dispatch.wire.be(courier, trip_id, WELL[courier][4])
    dispatch.rest(5)
    there = delivery(dispatch, order_id)

    assert on_its_way["rider"]["name"].isalpha(), "a first name alone"
    assert (on_its_way["rider"]["plate"] or "").startswith("B ") is (courier != "gosend")
    assert on_its_way["tracking_url"].startswith("https://")
    [stop] = on_its_way["stops"]
    assert NOW.isoformat() < stop["window"]["earliest"] < stop["window"]["latest"]
    assert (there["status"], dispatch.goods.status(order_id)) == ("delivered", "delivered")
    assert bool(there["proof"]) is (courier != "biteship"), "Biteship was not asked for a proof"
    assert dispatch_invariants.broken(dispatch) == []
    assert set(dispatch.wire.told) == {200}


@EACH_COURIER
def test_in_every_order_and_twice_the_webhooks_lead_to_one_end(dispatch: DispatchWorld, courier: str) -> None:
    """The ride goes on while its webhooks claim its five states in each of 120 orders, each of them twice."""
    order_id, _ = sent(dispatch, courier)
    dispatch.post(f"/v1/trips/{next(iter(dispatch.trips()))}/cancellation", key="begin anew")
    begin, ends = dispatch.keep(), set()
    for number, words in list(enumerate(permutations(WELL[courier])))[:: stride(40)]:
        begin()
        [trip_id] = dispatch.send(f"permuted {number}")
        for happened, claimed in zip(WELL[courier], words, strict=True):
            dispatch.wire.be(courier, trip_id, happened, tell=[claimed] * 2)
            dispatch.hear()
        dispatch.rest(5)
        assert dispatch_invariants.broken(dispatch) == [], words
        ends.add((dispatch.goods.status(order_id), tuple(sorted(dispatch.goods.balances().items()))))

    assert len(ends) == 1 and ends.pop()[0] == "delivered"


@EACH_COURIER
def test_nobody_rides_then_the_next_courier_then_pick_up(dispatch: DispatchWorld, courier: str) -> None:
    other = next(name for name in COURIERS if name != courier)
    order_id, trip_id = sent(dispatch, courier, served=f"*={courier},{other}")
    dispatch.wire.be(courier, trip_id, NOBODY[courier])
    dispatch.rest(5)
    second = delivery(dispatch, order_id)
    assert (second["courier"], second["status"], dispatch.goods.status(order_id)) == (other, "searching", "dispatched")
    dispatch.wire.be(other, second["id"], NOBODY[other])
    dispatch.rest(5)

    order = deps.orders().get(order_id)
    assert (order.fulfilment_status, order.fulfilment.method, order.refund_decided) == ("at_dropoff", "pickup", 10_200)
    assert [h.event for h in order.history if h.event in ("next_courier", "pickup_instead")] == [
        *("next_courier", "pickup_instead"),
    ]
    assert dispatch_invariants.broken(dispatch) == []


def test_who_finds_nobody_for_too_long_is_waited_for_no_longer(dispatch: DispatchWorld) -> None:
    order_id, trip_id = sent(dispatch, "lalamove", served="*=lalamove,grab")
    dispatch.rest(40)
    assert delivery(dispatch, order_id)["courier"] == "lalamove"
    dispatch.rest(10)

    assert delivery(dispatch, order_id)["courier"] == "grab"
    assert dispatch.trips()[trip_id].status == "no_courier"
    assert trip_id not in dispatch.live_rides(), "Lalamove was told"
    assert dispatch_invariants.broken(dispatch) == []


@pytest.mark.parametrize("courier", list(RETURNED))
def test_what_comes_back_is_sent_again_by_the_person_in_charge(dispatch: DispatchWorld, courier: str) -> None:
    order_id, trip_id = sent(dispatch, courier)
    for word in (WELL[courier][3], RETURNED[courier]):
        dispatch.wire.be(courier, trip_id, word)
    dispatch.rest(5)
    assert dispatch.goods.status(order_id) == "at_dropoff"
    assert dispatch_invariants.broken(dispatch) == []

    assert dispatch.post(f"/v1/trips/{trip_id}/redispatch", key="again").status == 200
    dispatch.rest(5)
    assert (dispatch.goods.status(order_id), delivery(dispatch, order_id)["status"]) == ("dispatched", "searching")
    assert dispatch_invariants.broken(dispatch) == []


@pytest.mark.parametrize("courier", list(LOST))
def test_what_a_courier_lost_is_refunded_at_its_expense(dispatch: DispatchWorld, courier: str) -> None:
    order_id, trip_id = sent(dispatch, courier)
    for word in (WELL[courier][3], LOST[courier]):
        dispatch.wire.be(courier, trip_id, word, notify=2)
    dispatch.rest(5)

    assert dispatch.goods.status(order_id) == "none"
    assert dispatch.goods.balances()[f"courier:{courier}"] == 110_000
    assert dispatch_invariants.broken(dispatch) == []


@EACH_COURIER
def test_the_person_in_charge_calls_it_off_before_pick_up_and_not_after(dispatch: DispatchWorld, courier: str) -> None:
    order_id, trip_id = sent(dispatch, courier)
    again = dispatch.keep()
    dispatch.wire.be(courier, trip_id, WELL[courier][3])
    refused = dispatch.post(f"/v1/trips/{trip_id}/cancellation", key="too late")
    assert (refused.status, refused.json["code"]) == (409, "invalid_state")
    again()
    dispatch.wire.be(courier, trip_id, WELL[courier][1], notify=0)
    cancelled = dispatch.post(f"/v1/trips/{trip_id}/cancellation", key="in time")

    assert (cancelled.status, cancelled.json["status"]) == (200, "cancelled")
    dispatch.rest(5)
    assert (dispatch.goods.status(order_id), dispatch.live_rides()) == ("at_dropoff", {})
    assert dispatch_invariants.broken(dispatch) == []


@EACH_COURIER
def test_a_price_that_is_corrected_is_booked_as_its_difference(dispatch: DispatchWorld, courier: str) -> None:
    _, trip_id = sent(dispatch, courier)
    dispatch.wire.be(courier, trip_id, WELL[courier][4], price=25_000)
    dispatch.rest(5)
    assert dispatch.goods.balances()[f"courier:{courier}"] == -25_000
    dispatch.wire.be(courier, trip_id, WELL[courier][4], price=21_000, tell=[WELL[courier][3]])
    dispatch.rest(5)

    assert dispatch.goods.balances()[f"courier:{courier}"] == -21_000
    assert dispatch_invariants.broken(dispatch) == []


@EACH_COURIER
def test_another_rider_takes_over_before_pick_up(dispatch: DispatchWorld, courier: str) -> None:
    order_id, trip_id = sent(dispatch, courier)
    names = []
    for word in (WELL[courier][1], WELL[courier][0], WELL[courier][1]):
        dispatch.wire.be(courier, trip_id, word)
        dispatch.rest(5)
        names.append((delivery(dispatch, order_id)["rider"] or {}).get("name"))

    assert names[1] is None and names[0] != names[2]


@EACH_COURIER
def test_a_webhook_that_got_lost_is_made_up_for_by_asking(dispatch: DispatchWorld, courier: str) -> None:
    order_id, trip_id = sent(dispatch, courier)
    dispatch.wire.be(courier, trip_id, WELL[courier][3], notify=0)
    dispatch.wire.be(courier, trip_id, WELL[courier][4], notify=0)
    dispatch.rest(15)

    assert dispatch.goods.status(order_id) == "delivered"
    assert dispatch_invariants.broken(dispatch) == []


def test_lalamove_stops_at_several_doors_and_proves_each(dispatch: DispatchWorld) -> None:
    dispatch.served_by("*=lalamove")
    orders = [dispatch.goods.order({"off_a5": 1}, courier=True, km=2 + n / 10) for n in range(3)]
    dispatch.arrive()
    [trip_id] = dispatch.send()
    dispatch.rest(5)
    for word in ("ON_GOING", "PICKED_UP", "COMPLETED"):
        dispatch.wire.be("lalamove", trip_id, word)
    dispatch.rest(5)

    seen = [delivery(dispatch, order_id, by=member(n)) for n, order_id in enumerate(orders, 1)]
    assert len(dispatch.trips()[trip_id].stops) == 3
    assert sorted(s["stops"][0]["sequence"] for s in seen) == [1, 2, 3], "each sees their own door alone"
    assert len({s["proof"]["photo"] for s in seen}) == 3 and all(s["proof"]["at"] for s in seen)
    assert dispatch_invariants.broken(dispatch) == []


def test_a_route_that_lalamove_will_not_ride_goes_by_one_courier_for_each_door(dispatch: DispatchWorld) -> None:
    dispatch.served_by("*=lalamove,gosend")
    for n in range(3):
        dispatch.goods.order({"off_a5": 1}, courier=True, km=2 + n / 10)
    dispatch.arrive()
    dispatch.wire.control("POST", "/lalamove/simulate", wallet="empty")
    [first] = dispatch.send()
    dispatch.rest(5)

    trips = dispatch.trips()
    assert (trips[first].status, "ERR_INSUFFICIENT_CREDIT" in (trips[first].reason or "")) == ("no_courier", True)
    assert [t.courier for t in trips.values() if not t.ended] == ["gosend"] * 3
    assert dispatch_invariants.broken(dispatch) == []


@pytest.mark.parametrize("notify", [0, 1, 2], ids=["nobody is told", "told", "told twice"])
def test_an_order_that_lalamove_s_support_makes_anew_is_followed(dispatch: DispatchWorld, notify: int) -> None:
    order_id, trip_id = sent(dispatch, "lalamove")
    new = dispatch.wire.control("POST", "/lalamove/simulate", id=trip_id, replace=True, notify=notify)
    dispatch.hear()
    dispatch.wire.be("lalamove", new["id"], "COMPLETED")
    dispatch.hear()
    dispatch.rest(5)

    assert (dispatch.trips()[trip_id].reference, dispatch.goods.status(order_id)) == (new["id"], "delivered")
    assert dispatch_invariants.broken(dispatch) == []


def test_a_replacement_of_what_was_given_up_here_is_called_off_and_told_of(
    dispatch: DispatchWorld,
) -> None:
    order_id, trip_id = sent(dispatch, "lalamove")
    new = dispatch.wire.control("POST", "/lalamove/simulate", id=trip_id, replace=True, notify=0)
    dispatch.rest(15)
    assert dispatch.goods.status(order_id) == "at_dropoff", "all that we know is that it was cancelled"
    dispatch.wire.be("lalamove", new["id"], "ON_GOING")
    dispatch.rest(5)

    assert dispatch.live_rides() == {}
    assert [i["about"] for i in dispatch.incidents()] == ["courier_twice"]
    assert dispatch_invariants.broken(dispatch) == []


def test_lalamove_probes_an_address_before_it_calls_it(dispatch: DispatchWorld) -> None:
    url = "http://127.0.0.1:8080/v1/webhooks/couriers/lalamove"
    dispatch.as_function("dispatch.worker.handler")
    courier = deps_dispatch.couriers()["lalamove"]

    assert courier._ask("PATCH", "/v3/webhook", {"data": {"url": url}}).status == 200
    assert dispatch.wire.told == [200, 200]
    assert dispatch.goods.events() == []


def test_a_trip_that_is_late_and_one_that_is_stuck_are_somebody_s_to_look_after(dispatch: DispatchWorld) -> None:
    order_id, trip_id = sent(dispatch, "grab")
    dispatch.wire.be("grab", trip_id, "IN_DELIVERY")
    dispatch.rest(95)
    assert delivery(dispatch, order_id)["alert"] == "late"
    dispatch.rest(50)
    trips = call(api.handler, "GET", "/v1/dropoffs/drp_1/trips?wave_id=wav_1", caller=PIC_ONE, at=dispatch.now)

    assert [trip["alert"] for trip in trips.json["items"]] == ["stuck"]
    assert sorted((i["about"], i["subject"]) for i in dispatch.incidents()) == [
        ("trip_late", trip_id),
        ("trip_stuck", trip_id),
    ]


def test_while_no_courier_answers_somebody_hears_of_it_and_nothing_is_lost(dispatch: DispatchWorld) -> None:
    order_id, trip_id = sent(dispatch, "grab")
    dispatch.wire.be("grab", trip_id, "IN_DELIVERY")
    dispatch.wire.control("POST", "/faults", provider="grab", mode="error", requests=1000)
    dispatch.rest(130)
    assert dispatch.incidents()
    dispatch.wire.control("POST", "/faults", provider="grab", mode="error", requests=0)
    dispatch.wire.be("grab", trip_id, "COMPLETED", notify=0)
    dispatch.rest(15)

    assert dispatch.goods.status(order_id) == "delivered"
    assert dispatch_invariants.broken(dispatch) == []


def test_what_is_told_of_people_lies_in_their_table_alone_and_goes_after_ninety_days(dispatch: DispatchWorld) -> None:
    _, trip_id = sent(dispatch, "gosend")
    for word in WELL["gosend"][1:]:
        dispatch.wire.be("gosend", trip_id, word)
        dispatch.hear()
    tracking = deps_dispatch.trackings().of_trips([trip_id])[trip_id]
    items = list(deps.db().scan(deps.table("people"), only="begins_with(pk, :trip)", values={":trip": "TRIP#"}))

    assert tracking.rider and tracking.proofs[0].receiver == "Satpam"
    assert all(timedelta(days=90) <= _from_s(item["expires"]) - NOW <= timedelta(days=91) for item in items)
    for table in ("deliveries", "orders", "payments"):
        everything = repr(list(deps.db().scan(deps.table(table))))
        assert tracking.rider.name not in everything and "Satpam" not in everything


def _from_s(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

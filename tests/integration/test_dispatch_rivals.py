"""Two at once: whatever runs inside whatever else, an order leaves the drop-off once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dispatch import api, planner
from dispatch.plan_trips import Run
from dispatch.wired import news
from lumbung.domain.courier import Report
from lumbung.domain.order import Order
from lumbung.domain.packing import Capacity
from lumbung.domain.pickup_code import pickup_code
from lumbung.runtime import deps, deps_dispatch
from tests.integration.conftest import Http
from tests.integration.dispatch_world import NOW, PIC_ONE, Again, World
from tests.integration.faults import rival
from tests.integration.test_dispatch_goods import consignments, everything, receipt
from tests.integration.test_dispatch_trips import arrive, dispatch

ENDS = ("collected", "dispatched")


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


def fetch(http: Http, order_id: str, key: str = "h") -> int:
    body = {"code": pickup_code(deps.id_secret(), order_id)}
    return http(api.handler, "POST", f"/v1/orders/{order_id}/handover", body, caller=PIC_ONE, key=key, at=NOW).status


def plan(message: dict[str, Any]) -> None:
    assert planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None) == {
        "batchItemFailures": []
    }


def ready(http: Http, packs: dict[str, int] | None = None) -> tuple[World, str, dict[str, Any]]:
    world = World()
    world.set_up()
    order_id = world.order(packs or {"off_a5": 2}, courier=True)
    arrive(world, http)
    dispatch(http)
    [message] = world.sent("PlanningQueue")
    return world, order_id, message


def check(world: World, order_id: str, fetched: int) -> None:
    order = deps.orders().get(order_id)
    collected = order.fulfilment_status == "collected"
    trips = len(world.sent("BookingQueue"))
    assert order.fulfilment_status in ENDS
    assert (fetched == 200) == collected == (trips == 0) == (world.open_orders() == 0)


def boundaries(act: Callable[[], Any]) -> range:
    """Return the numbers of the AWS calls that *act* makes when nobody disturbs it (more while it is cold)."""
    with rival(0, lambda: None) as calls:
        act()
    assert len(calls) > 3
    return range(1, len(calls) + 1)


def test_an_order_that_is_fetched_while_it_is_planned_leaves_once(http: Http) -> None:
    again = Again(lambda: ready(http))
    here, order_id, message = again()
    for at in boundaries(lambda: plan(message)):
        again()
        fetched: list[int] = []
        with rival(at, lambda got=fetched: got.append(fetch(http, order_id))):
            plan(message)
        check(here, order_id, fetched[0] if fetched else fetch(http, order_id))


def test_an_order_that_is_planned_while_it_is_fetched_leaves_once(http: Http) -> None:
    again = Again(lambda: ready(http))
    here, order_id, message = again()
    for at in boundaries(lambda: fetch(http, order_id)):
        again()
        with rival(at, lambda: plan(message)):
            fetched = fetch(http, order_id)
        check(here, order_id, fetched)


def test_a_repeat_that_runs_inside_the_first_is_answered_as_the_first(http: Http) -> None:
    again = Again(lambda: ready(http))
    here, order_id, _ = again()
    for at in boundaries(lambda: fetch(http, order_id)):
        again()
        second: list[int] = []
        with rival(at, lambda got=second: got.append(fetch(http, order_id))):
            first = fetch(http, order_id)
        assert {first, *second} == {200}, f"at call {at}"
        assert here.open_orders() == 0


def test_where_a_courier_stops_several_times_orders_share_trips_and_end_with_them(world: World, http: Http) -> None:
    orders = [world.order({"off_a5": 1 + n % 2}, courier=True, km=2 + n / 10) for n in range(6)]
    heavy = world.order({"off_a20": 1, "off_a5": 1}, courier=True, km=3)
    arrive(world, http)
    planned = planner.plan_trips(Run("dsp_1", "wav_1", "drp_1", "biteship", Capacity(stops=4), NOW, "pic-1"))

    assert len(planned.trips) < 7 and max(len(trip.stops) for trip in planned.trips) > 1
    assert {world.status(o) for o in (*orders, heavy)} == {"dispatched"}
    for trip in planned.trips:
        report = Report(f"b-{trip.id}", trip.id, "delivered", 20_000)
        news().apply(trip.id, lambda t, r=report: t.follow(r, at=NOW), at=NOW)
    assert {world.status(o) for o in (*orders, heavy)} == {"delivered"}
    assert world.open_orders() == 0
    fees = sum(order.courier_fee for order in world.orders)
    assert world.balances()["delivery_difference"] == 20_000 * len(planned.trips) - fees


def test_an_order_that_cannot_be_sent_stays_with_its_reason(world: World, http: Http) -> None:
    near, far = world.order({"off_a5": 1}, courier=True), world.order({"off_a5": 1}, courier=True, km=20)
    lost = world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    table, key = deps.table("people"), {"pk": {"S": f"ORDER#{lost}"}, "sk": {"S": "PRIVATE"}}
    deps.aws("dynamodb").delete_item(TableName=table, Key=key)  # erased at the member's wish

    near_only = Capacity(distance_m=15_000)
    planned = planner.plan_trips(Run("dsp_1", "wav_1", "drp_1", "biteship", near_only, NOW, "pic-1"))

    assert [stop.order_id for trip in planned.trips for stop in trip.stops] == [near]
    assert set(planned.staying) == {far, lost}
    assert [world.status(o) for o in (near, far, lost)] == ["dispatched", "at_dropoff", "at_dropoff"]


def expected(http: Http) -> dict[str, Any]:
    here = World()
    here.set_up()
    here.order({"off_a5": 4})
    here.lay_out()
    [found] = consignments(http)
    return found


def test_two_final_receipts_at_once_count_once(http: Http) -> None:
    again = Again(lambda: expected(http))
    found = again()
    for at in boundaries(lambda: receipt(http, found, key="a", **everything(found))):
        again()
        second: list[int] = []
        with rival(at, lambda got=second: got.append(receipt(http, found, key="b", **everything(found)).status)):
            first = receipt(http, found, key="a", **everything(found)).status
        assert sorted([first, *second]) == [200, 409][: 1 + len(second)], f"at call {at}"
        assert [line["received"] for line in consignments(http)[0]["lines"]] == [4]


def test_orders_may_be_moved_on_in_small_steps(world: World, http: Http) -> None:
    from dispatch.move_on_orders import MoveOn

    orders = [world.order({"off_a5": 1}) for _ in range(5)]
    world.lay_out()
    [found] = consignments(http)
    receipt(http, found, off_a5=(4, 0))
    move_on = MoveOn(
        decide=deps_dispatch.decide(), waves=deps.waves(), orders=deps.orders(),
        consignments=deps_dispatch.consignments(), refunds=deps.refunds(), finish=deps_dispatch.finish,
    )  # fmt: skip
    steps = [move_on("wav_1", "drp_1", at_most=2) for _ in range(3)]

    assert [bool(step["more"]) for step in steps] == [True, True, False]
    ends = [deps.orders().get(o) for o in orders]
    assert sum(map(_granted, ends)) == 4
    assert [o.fulfilment_status for o in ends] == ["at_dropoff"] * 4 + ["none"]
    assert deps_dispatch.consignments().get(found["id"]).moved_on


def _granted(order: Order) -> int:
    return order.granted_packs


def two_trips(http: Http) -> tuple[World, str, list[str]]:
    """Return an order on two trips, and their ids."""
    here, order_id, message = ready(http, {"off_a20": 2})
    plan(message)
    return here, order_id, [part.trip_id for part in deps_dispatch.deliveries().of_order(order_id).parts]


def end(trip_id: str, state: str = "delivered") -> None:
    report = Report(f"b-{trip_id}", trip_id, state, 15_000)
    news().apply(trip_id, lambda trip: trip.follow(report, at=NOW), at=NOW)


@pytest.mark.parametrize("same", [True, False], ids=["the same trip", "its other trip"])
@pytest.mark.parametrize("state", ["delivered", "returned", "lost"])
def test_news_that_comes_inside_news_is_not_lost_and_not_booked_twice(http: Http, state: str, same: bool) -> None:
    again = Again(lambda: two_trips(http))
    here, order_id, [one, two] = again()
    for at in boundaries(lambda: end(one)):
        again()
        with rival(at, lambda: end(one) if same else end(two, state)):
            end(one)
        end(two, state)

        order, delivered = deps.orders().get(order_id), state == "delivered"
        assert order.fulfilment_status == ("at_dropoff" if state == "returned" else "delivered"), f"at call {at}"
        assert here.open_orders() == (1 if state == "returned" else 0)
        owed = {"delivered": 30_000, "returned": 30_000, "lost": 15_000 - 220_000}[state]
        assert here.balances()["courier:biteship"] == -owed, f"at call {at}"
        assert (order.refund_decided == 0) == (delivered or state == "returned")

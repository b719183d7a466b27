"""What a plan goes by: windows, opening hours, measured roads; what it leaves, and in how many steps."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch import api, planner, schedule
from dispatch.plan_trips import PlanTrips, Run
from lumbung.domain.goods_account import PLACES
from lumbung.domain.hours import Window
from lumbung.domain.moments import rfc3339
from lumbung.domain.packing import Capacity
from lumbung.domain.village import IN_THE_MIDDLE
from lumbung.runtime import deps, deps_dispatch
from tests.integration.conftest import Http, Reply
from tests.integration.dispatch_world import NOW, OFFICE, PIC_ONE, PIC_TWO, World
from tests.integration.faults import Snapshot, rival, rival_points
from tests.integration.test_dispatch_rivals import fetch, plan
from tests.integration.test_dispatch_trips import arrive, dispatch, trips
from tests.people import said_of_order

NINE = 9 * 60  # it is 9:00 in Jakarta


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


def goods(http: Http) -> dict[str, int]:
    """Return where the packs are, as the office is told."""
    [here, *_] = http(api.handler, "GET", "/v1/waves/wav_1/dispatch-report", caller=OFFICE, at=NOW).json["items"]
    [rice] = here["goods"]
    return {place: rice[place] for place in PLACES if rice[place]}


def a_run(**changes) -> Run:
    return replace(Run("dsp_1", "wav_1", "drp_1", "biteship", Capacity(), NOW, "pic-1"), **changes)


def open_hours(hours: str) -> None:
    dropoff = deps.dropoffs().get("drp_1")
    deps.db().commit(deps.dropoffs().save(replace(dropoff, opening_hours=hours)))


def test_a_trip_leaves_when_its_member_is_at_home_and_is_booked_shortly_before(world, http):
    later = world.order({"off_a5": 1}, courier=True, window=Window(13 * 60, 15 * 60))
    world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    dispatch(http)
    [message] = world.sent("PlanningQueue")
    planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None)

    [waits] = [trip for trip in trips(http) if trip["stops"][0]["order_id"] == later]
    assert waits["leaves_at"] == "2020-04-10T05:48:18Z", "12 min before 13:00, by road 3.9 km"
    assert waits["stops"][0]["eta"] == "2020-04-10T06:00:18Z"
    assert len(world.sent("BookingQueue")) == 1, "the other one, now"
    for minutes, booked in ((200, 0), (215, 1)):
        schedule.handler({"time": rfc3339(NOW + timedelta(minutes=minutes))}, None)
        due = [m for m in world.sent("BookingQueue") if m["trip_id"] == waits["id"]]
        assert len(due) == booked, f"after {minutes} minutes"


def test_an_order_stays_at_the_drop_off_until_its_trip_leaves(world, http):
    later = world.order({"off_a5": 2}, courier=True, window=Window(13 * 60, 15 * 60))
    arrive(world, http)
    dispatch(http)
    world.settle()
    [trip] = trips(http)

    assert (trip["status"], world.status(later)) == ("planned", "at_dropoff")
    assert deps.orders().get(later).history[-1].event == "delivery_planned"
    assert fetch(http, later) == 409
    assert goods(http) == {"on_shelf": 2}
    dispatch(http, key="again")
    world.settle()
    assert len(trips(http)) == 1, "what waits for a trip is not planned again"
    schedule.handler({"time": rfc3339(NOW + timedelta(minutes=215))}, None)
    order = deps.orders().get(later)
    assert (order.fulfilment_status, order.history[-1].event) == ("dispatched", "dispatched")
    assert goods(http) == {"under_way": 2}


def test_a_trip_that_waits_may_be_called_off_and_its_order_fetched_or_sent_now(world, http):
    fetched, sent = (world.order({"off_a5": 1}, courier=True, window=Window(h * 60, h * 60 + 60)) for h in (13, 15))
    arrive(world, http)
    dispatch(http)
    world.settle()
    by_order = {trip["stops"][0]["order_id"]: trip["id"] for trip in trips(http)}

    def post(path: str) -> Reply:
        return http(api.handler, "POST", path, caller=PIC_ONE, key=path, at=NOW)

    assert post(f"/v1/trips/{by_order[fetched]}/cancellation").json["status"] == "cancelled"
    assert deps.orders().get(fetched).history[-1].event == "delivery_planned", "nothing has failed"
    assert (fetch(http, fetched), world.status(fetched)) == (200, "collected")
    assert post(f"/v1/trips/{by_order[sent]}/redispatch").json["leaves_at"] is None
    assert world.status(sent) == "dispatched"


def test_whoever_comes_between_a_planned_order_is_fetched_or_leaves_never_both(world, http):
    later = world.order({"off_a5": 1}, courier=True, window=Window(13 * 60, 15 * 60))
    arrive(world, http)
    dispatch(http)
    [message] = world.sent("PlanningQueue")
    before, outcomes = Snapshot(), set()
    with rival(0, lambda: None) as calls:
        plan(message)
    for at in rival_points(calls):
        before.restore()
        with rival(at, lambda: fetch(http, later)):
            plan(message)
        outcomes.add((world.status(later), deps_dispatch.deliveries().of_order(later).waiting))
    assert outcomes == {("collected", False), ("at_dropoff", True)}
    before.restore()
    with rival(0, lambda: None) as calls:
        fetch(http, later)
    for at in rival_points(calls):
        before.restore()
        with rival(at, lambda: plan(message)):
            fetch(http, later)
        assert (world.status(later), deps_dispatch.deliveries().of_order(later).waiting) in outcomes, f"at call {at}"


def test_nobody_waits_because_a_neighbour_is_out_until_later(world, http):
    later = world.order({"off_a5": 1}, courier=True, window=Window(13 * 60, 15 * 60))
    now = [world.order({"off_a5": 1}, courier=True, window=window) for window in (None, Window(NINE, 12 * 60))]
    arrive(world, http)

    plan = planner.plan_trips(a_run(capacity=Capacity(stops=4)))

    assert {frozenset(trip.order_ids): trip.leaves_at is None for trip in plan.trips} == {
        frozenset({later}): False, frozenset(now): True,
    }  # fmt: skip


def test_a_window_that_is_over_keeps_the_order_with_its_reason(world, http):
    missed = world.order({"off_a5": 1}, courier=True, window=Window(7 * 60, 8 * 60))
    arrive(world, http)

    plan = planner.plan_trips(a_run())

    assert plan.staying == {missed: "Waktu penerimaan 07.00–08.00 tidak terkejar lagi."}
    assert world.status(missed) == "at_dropoff"


@pytest.mark.parametrize(
    ("hours", "leaves_at"),
    [
        ("Jumat 11.00-16.00", NOW + timedelta(hours=2)),
        ("Jumat 08.00-16.00", None),
        ("Jumat 06.00-08.00", None),
        ("setelah salat Jumat", None),
    ],
    ids=["not open yet", "open", "closed already: somebody is there who sends", "nobody can tell"],
)
def test_trips_leave_while_the_drop_off_is_open(world, http, hours, leaves_at):
    open_hours(hours)
    world.order({"off_a5": 1}, courier=True)
    arrive(world, http)

    [trip] = planner.plan_trips(a_run()).trips

    assert trip.leaves_at == leaves_at


def test_a_measured_road_makes_a_trip_longer_or_impossible(world, http):
    far = world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    body = {"villages": ["31.74.02.1001"], "metres": [[0, 31_000], [31_000, 0]]}
    path = "/v1/dropoffs/drp_1/road-distances"
    assert http(api.handler, "PUT", path, body, caller=OFFICE).json == {"dropoff_id": "drp_1", "villages": 1}

    assert planner.plan_trips(a_run()).staying == {far: "Jarak 31.0 km melebihi batas kurir 30 km."}
    body["metres"][0][1] = 12_000
    http(api.handler, "PUT", path, body, caller=OFFICE)
    [trip] = planner.plan_trips(a_run()).trips

    assert (trip.distance_m, trip.cost) == (12_000, 30_000)


@pytest.mark.parametrize(
    "body",
    [
        {"villages": ["31.74.02.1001"], "metres": [[0, 1]]},
        {"villages": ["31.74.02.1001"], "metres": [[0, 1], [1]]},
        {"villages": ["31.74.02.1001"] * 2, "metres": [[0, 1, 1]] * 3},
        {"villages": ["31.74.02.1001"], "metres": [[0, -1], [1, 0]]},
    ],
    ids=["a row is missing", "a number is missing", "a village twice", "less than nothing"],
)
def test_a_matrix_with_gaps_is_refused(world, http, body):
    assert http(api.handler, "PUT", "/v1/dropoffs/drp_1/road-distances", body, caller=OFFICE).status == 422
    assert deps_dispatch.roads().find("drp_1") is None


def test_a_place_known_by_its_village_alone_is_marked_on_the_trip(world, http):
    world.order({"off_a5": 1}, courier=True, approximate=True)
    world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    planner.plan_trips(a_run())

    assert sorted(str(trip["stops"][0]["warning"]) for trip in trips(http)) == [IN_THE_MIDDLE, "None"]


def test_who_asked_hears_which_orders_stay_and_why(world, http):
    near = world.order({"off_a5": 1}, courier=True)
    missed = world.order({"off_a5": 1}, courier=True, window=Window(7 * 60, 8 * 60))
    arrive(world, http)
    path = f"/v1/dropoffs/drp_1/dispatches/{dispatch(http).json['id']}"
    before = http(api.handler, "GET", path, caller=PIC_ONE).json
    [message] = world.sent("PlanningQueue")
    planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None)
    after = http(api.handler, "GET", path, caller=PIC_ONE).json

    assert (before["status"], before["staying"]) == ("planning", [])
    assert after["status"] == "planned"
    assert after["staying"] == [{"order_id": missed, "reason": "Waktu penerimaan 07.00–08.00 tidak terkejar lagi."}]
    assert http(api.handler, "GET", path, caller=PIC_TWO).status == 404
    assert world.status(near) == "dispatched"


def test_a_big_drop_off_is_planned_in_several_steps(world, http, monkeypatch):
    orders = [world.order({"off_a5": 1}, courier=True, km=2 + n / 10) for n in range(7)]
    arrive(world, http)
    monkeypatch.setattr("dispatch.plan_trips.DISTRICT", 2)
    real = PlanTrips.__call__
    monkeypatch.setattr(PlanTrips, "__call__", lambda self, run: real(self, run, at_once=2))
    dispatch(http)
    rounds = []
    while messages := world.sent("PlanningQueue"):
        [message] = messages
        assert planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None) == {
            "batchItemFailures": []
        }
        rounds.append(sum(world.status(o) == "dispatched" for o in orders))

    assert rounds == [3, 7], "two districts, and then what was left, under the same message"


def test_nothing_that_can_be_sent_is_no_reason_to_go_on(world, http):
    world.order({"off_a5": 1}, courier=True, window=Window(7 * 60, 8 * 60))
    arrive(world, http)

    assert not planner.plan_trips(a_run()).more


def test_a_pack_that_no_motorcycle_carries_stays(world, http):
    heavy, light = world.order({"off_a20": 1}, courier=True), world.order({"off_a5": 1}, courier=True)
    arrive(world, http)

    plan = planner.plan_trips(a_run(capacity=Capacity(weight_g=10_000)))

    assert plan.staying == {heavy: "Satu kemasan 20 kg melebihi batas kurir 10 kg."}
    assert [trip.order_ids for trip in plan.trips] == [{light}]


def test_an_address_without_a_phone_stays(world, http):
    order_id = world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    private = deps.people().private_of([order_id])[order_id]
    nameless = replace(private, address=replace(private.address, phone=""))
    world.commit(*said_of_order(nameless, deps.orders().get(order_id).member_id))

    assert planner.plan_trips(a_run()).staying == {order_id: "Nomor telepon penerima tidak ada."}

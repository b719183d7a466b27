"""What plans trips, and what riders do with them, each thing at a moment when it has something to do."""

from datetime import timedelta
from typing import Any

from lumbung.domain.hours import Window
from lumbung.runtime import deps, deps_dispatch
from lumbung.store import trips
from tests.faults.dispatch_world import PLAN, World
from tests.faults.scenario import Phase, Scenario
from tests.integration.dispatch_world import NOW, OFFICE

DISPATCH, PLANNER = "POST /v1/dropoffs/{dropoff_id}/dispatches", "dispatch.planner.handler"
RIDE, RELEASE = "POST /v1/rides/{token}/{trip_id}", "POST /v1/trips/{trip_id}/release"
RIDERS, ROADS = "POST /v1/dropoffs/{dropoff_id}/riders", "PUT /v1/dropoffs/{dropoff_id}/road-distances"
JOKO = {"name": "Joko", "phone": "081311112222", "plate": "B 1234 XYZ"}
MEASURED = {"villages": ["31.74.02.1001"], "metres": [[0, 4_000], [4_000, 0]]}


def shelf(world: World) -> None:
    """Nothing more than what there is: three orders, two riders."""


def offered(world: World) -> None:
    """One trip with two orders, and one with the rest, are offered."""
    world.work("PlanningQueue", PLAN | {"riders": 2})
    world.drain()
    world.ids["trip"] = next(trip.id for trip in _trips(world) if world.ids["one"] in trip.order_ids)
    others = next(trip for trip in _trips(world) if trip.id == world.ids["trip"]).order_ids - {world.ids["one"]}
    world.ids["other"] = min(others)


def claimed(world: World) -> None:
    offered(world)
    world.tap(0, "claim")


def carried(world: World) -> None:
    claimed(world)
    world.tap(0, "pick_up")


def half_done(world: World) -> None:
    """One door was opened, at the other nobody was at home."""
    carried(world)
    world.tap(0, "deliver", order_id=world.ids["one"], receiver="Siti", photo="7")
    world.tap(0, "fail", order_id=world.ids["other"], reason="nobody_home")


def for_later(world: World) -> None:
    """One order more, whose member is at home from a quarter to ten on; its trip waits until it is called at 9:18."""
    world.ids["late"] = world.order({"off_a5": 1}, courier=True, window=Window(9 * 60 + 45, 12 * 60))
    one_more = deps_dispatch.finish("wav_1", "drp_1", orders=-1)
    deps.orders().change(world.ids["late"], lambda order: (order.arrive(at=NOW), [one_more]))
    world.work("PlanningQueue", PLAN | {"riders": 2})
    world.drain()
    world.ids["trip"] = next(trip.id for trip in _trips(world) if world.ids["late"] in trip.order_ids)
    world.at(NOW + timedelta(minutes=10))


def _trips(world: World) -> list[Any]:
    return [trips.from_item(item) for item in deps.db().scan(deps.table("deliveries")) if item["sk"] == "TRIP"]


def _plan(name: str) -> Any:
    return lambda w: w.work("PlanningQueue", PLAN | {"riders": 2, "dispatch_id": name})


def _ask(world: World) -> Any:
    return world.post("/v1/dropoffs/drp_1/dispatches", {"wave_id": "wav_1"}, key="ask")


def _measure(world: World) -> Any:
    return world.post("/v1/dropoffs/drp_1/road-distances", MEASURED, key="any", method="PUT", by=OFFICE)


def _cancel(world: World) -> Any:
    return world.post(f"/v1/trips/{world.ids['trip']}/cancellation", key="cancel")


def _release(world: World) -> Any:
    return world.post(f"/v1/trips/{world.ids['trip']}/release", key="release")


PHASES = (
    Phase("a drop-off's list", shelf, (
        Scenario("roads that were measured", _measure, ROADS),
        Scenario("a rider", lambda w: w.post("/v1/dropoffs/drp_1/riders", JOKO, key="joko"), RIDERS),
        Scenario(
            "one who rides no more",
            lambda w: w.post("/v1/dropoffs/drp_1/riders/rdr_joko", {"active": False}, key="off", method="PATCH"),
            "PATCH /v1/dropoffs/{dropoff_id}/riders/{rider_id}",
        ),
        Scenario(
            "another motorcycle",
            lambda w: w.post("/v1/dropoffs/drp_1/riders/rdr_joko", {"plate": "B 2"}, key="plate", method="PATCH"),
            "PATCH /v1/dropoffs/{dropoff_id}/riders/{rider_id}",
        ),
    )),
    Phase("goods on the shelf", shelf, (
        Scenario("ask for a plan", _ask, DISPATCH),
        Scenario("plan", _plan("dsp_1"), PLANNER),
        Scenario("plan for somebody else", _plan("dsp_2"), PLANNER),
        Scenario("fetch one", lambda w: w.fetch(w.ids["one"])),
        Scenario("fetch the big one", lambda w: w.fetch(w.ids["big"])),
    )),
    Phase("a trip on offer", offered, (
        Scenario("claim it", lambda w: w.tap(0, "claim"), RIDE),
        Scenario("claim it, being somebody else", lambda w: w.tap(1, "claim"), RIDE),
        Scenario("call it off", _cancel),
        Scenario("plan once more", _plan("dsp_3"), PLANNER),
        Scenario("the schedule", lambda w: w.tick()),
    )),
    Phase("a trip for later", for_later, (
        Scenario("its time comes", lambda w: w.tick()),
        Scenario("fetch what waits", lambda w: w.fetch(w.ids["late"])),
        Scenario("call it off", _cancel),
        Scenario("plan once more", _plan("dsp_3"), PLANNER),
    )),
    Phase("a trip for later that is sent now", for_later, (
        Scenario("send it now", lambda w: w.post(f"/v1/trips/{w.ids['trip']}/redispatch", key="now")),
        Scenario("fetch what waits", lambda w: w.fetch(w.ids["late"])),
    ), one_by_one=False),  # it is called off first: who comes between may fetch it
    Phase("a trip that was claimed", claimed, (
        Scenario("let it go", lambda w: w.tap(0, "release"), RIDE),
        Scenario("take it from them", _release, RELEASE),
        Scenario("pick it up", lambda w: w.tap(0, "pick_up"), RIDE),
        Scenario("claim it, being somebody else", lambda w: w.tap(1, "claim"), RIDE),
        Scenario("call it off", _cancel),
    )),
    Phase("a trip under way", carried, (
        Scenario("hand one over by its code", lambda w: w.tap(
            0, "deliver", order_id=w.ids["one"], code=w.code(w.ids["one"]), receiver="Siti"), RIDE),
        Scenario("hand the other over", lambda w: w.tap(
            0, "deliver", order_id=w.ids["other"], receiver="Adi", photo="8"), RIDE),
        Scenario("find nobody there", lambda w: w.tap(0, "fail", order_id=w.ids["one"], reason="nobody_home"), RIDE),
        Scenario("call it off", _cancel),
    )),
    Phase("a trip on its way back", half_done, (
        Scenario("bring it back", lambda w: w.tap(0, "bring_back"), RIDE),
        Scenario("try again", lambda w: w.tap(
            0, "deliver", order_id=w.ids["other"], receiver="Adi", photo="8"), RIDE),
    )),
)  # fmt: skip

"""The report on a wave's goods: in time or late, who brought them and at what cost, and nothing unexplained."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch import api, report_routes
from dispatch.wired import news
from lumbung.domain.courier import Report
from lumbung.runtime import clock, deps, deps_dispatch
from tests.integration.conftest import Http, Reply
from tests.integration.dispatch_world import NOW, OFFICE, PIC_ONE, World
from tests.integration.test_dispatch_desk import arrive, hand_over, packs
from tests.integration.test_dispatch_goods import consignments, receipt
from tests.integration.test_dispatch_rivals import plan
from tests.integration.test_dispatch_trips import dispatch

PATH = "/v1/waves/wav_1/dispatch-report"


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


def report(http: Http, query: str = "", accept: str = "application/json") -> Reply:
    return http(api.handler, "GET", PATH + query, caller=OFFICE, at=NOW, headers={"accept": accept})


def test_the_day_of_hand_out_is_explained_pack_by_pack(world: World, http: Http) -> None:
    fetched, refused, waits = (world.order({"off_a5": n}) for n in (2, 3, 1))
    home = [world.order({"off_a5": 2}, courier=True) for _ in range(3)]
    world.order({"off_b5": 1}, dropoff="drp_2")
    arrive(world, http)
    world.lay_out("drp_2")
    hand_over(http, fetched)
    hand_over(http, refused, refused=packs(("off_a5", 1), reason="wrong"))
    dispatch(http)
    for message in world.sent("PlanningQueue"):
        plan(message)
    for order_id, state in zip(home, ("delivered", "lost", "returned"), strict=True):
        [part] = deps_dispatch.deliveries().of_order(order_id).parts
        told = Report("x", part.trip_id, state, 15_000)
        news().apply(part.trip_id, lambda t, told=told: t.follow(told, at=NOW), at=NOW)

    here, there = report(http).json["items"]

    assert world.status(waits) == "at_dropoff"
    [rice] = here["goods"]
    assert {name: n for name, n in rice.items() if n and name not in ("offer_id", "name")} == {
        "expected": 12, "received": 12, "collected": 4, "delivered": 2, "on_shelf": 3, "written_off": 3,
    }  # fmt: skip
    assert here["orders"] == {
        "all": 5, "on_time": 4, "late": 0, "waiting": 1, "not_collected": 0, "on_time_share": 1.0,
    }  # fmt: skip
    assert here["couriers"] == [{
        "courier": "biteship", "trips": 3, "delivered": 1, "on_time": 1, "on_time_share": 1.0,
        "failures": {"lost": 1, "returned": 1}, "cost": 30_000, "weight_g": 10_000, "cost_per_kg": 3_000,
    }]  # fmt: skip
    assert there["goods"][0] | {"offer_id": "", "name": ""} == dict.fromkeys(rice, 0) | {
        "offer_id": "", "name": "", "expected": 1, "to_come": 1,
    }  # fmt: skip
    assert (here["unexplained_packs"], report(http).json["totals"]["unexplained_packs"]) == (0, 0)
    sheet = report(http, accept="text/csv").text.splitlines()
    assert sheet[0] == "dropoff_id,group,id,figure,value"
    assert {"drp_1,couriers,biteship,failed_lost,1", ",goods,off_a5,collected,4", ",orders,,all,6"} <= set(sheet)


def test_what_comes_after_the_day_is_late(world: World, http: Http) -> None:
    world.order({"off_a5": 1})
    world.lay_out()
    clock.use(lambda: NOW + timedelta(days=1))
    assert report(http).json["totals"]["orders"]["late"] == 1
    clock.use(lambda: NOW)
    assert report(http).json["totals"]["orders"]["waiting"] == 1


def test_a_large_wave_is_reported_page_by_page(world: World, http: Http, monkeypatch) -> None:
    world.order({"off_a5": 1})
    world.order({"off_a5": 2}, dropoff="drp_2")
    world.lay_out()
    world.lay_out("drp_2")
    monkeypatch.setattr(report_routes, "ORDERS_AT_ONCE", 1)

    first = report(http).json
    second = report(http, f"?cursor={first['next_cursor']}").json

    assert [[item["dropoff_id"] for item in page["items"]] for page in (first, second)] == [["drp_1"], ["drp_2"]]
    assert (second["next_cursor"], second["totals"]["goods"][0]["expected"]) == (None, 2)


def test_a_shortage_that_is_not_shared_out_yet_is_no_riddle(world: World, http: Http) -> None:
    for n in (2, 2):
        world.order({"off_a5": n})
    world.lay_out()
    receipt(http, consignments(http)[0], off_a5=(3, 0))

    before = report(http).json["totals"]
    world.settle()
    after = report(http).json["totals"]

    assert [figures["goods"][0]["on_shelf"] for figures in (before, after)] == [3, 3]
    assert (before["unexplained_packs"], after["unexplained_packs"]) == (0, 0)


def test_a_pack_that_is_nowhere_is_found(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 2})
    arrive(world, http)
    order = deps.orders().get(order_id)
    [line] = order.lines
    deps.db().commit(deps.orders().save(replace(order, lines=(replace(line, allocated=1),))))

    totals = report(http).json["totals"]
    assert (totals["unexplained_packs"], totals["goods"][0]["unexplained"]) == (1, 1)


def test_the_report_is_the_offices(world: World, http: Http) -> None:
    assert http(api.handler, "GET", PATH, caller=PIC_ONE, at=NOW).status == 403
    assert http(api.handler, "GET", PATH.replace("wav_1", "wav_9"), caller=OFFICE, at=NOW).status == 404

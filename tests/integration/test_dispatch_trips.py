"""Orders are planned into trips, booked at Biteship's simulator over a socket, and followed to their end."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import urllib3

from dispatch import api, planner, schedule, webhook, worker
from dispatch.wired import news
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.pickup_code import pickup_code
from lumbung.runtime import deps, deps_dispatch
from tests.integration.conftest import ENVIRONMENTS, Http, Reply, call
from tests.integration.dispatch_world import NOW, OFFICE, PIC_ONE, PIC_TWO, Again, World, member
from tests.integration.faults import seam
from tests.integration.test_dispatch_goods import consignments, everything, receipt

ROOT = Path(__file__).parents[2]
SECRET = {"x-biteship-secret": "lumbung-local-biteship"}


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Biteship:
    """The simulator in a process of its own; nobody listens where its webhooks go."""

    def __init__(self, url: str) -> None:
        self.url, self._pool = url, urllib3.PoolManager(retries=False)

    def post(self, path: str, **body: Any) -> Any:
        answer = self._pool.request("POST", self.url + path, json=body)
        assert answer.status == 200, answer.data
        return answer.json()

    def be(self, trip_id: str, status: str) -> None:
        self.post("/biteship/simulate", id=trip_id, status=status, notify=0)

    def fault(self, mode: str, requests: int = 1) -> None:
        self.post("/faults", provider="biteship", mode=mode, requests=requests)

    def orders(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the orders that it was asked for and made, from request number *since* on."""
        asked = self._pool.request("GET", f"{self.url}/requests?provider=biteship").json()["items"]
        return [r for r in asked[since:] if r["method"] == "POST" and r["path"].endswith("/v1/orders")]

    def asked(self) -> int:
        return len(self._pool.request("GET", f"{self.url}/requests?provider=biteship").json()["items"])


@pytest.fixture(scope="module")
def simulator() -> Iterator[Biteship]:
    port, nobody = a_free_port(), a_free_port()
    command = [sys.executable, "-m", "infra.simulators", "--port", str(port), "--stack", f"http://127.0.0.1:{nobody}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("simulators http://")
        made = Biteship(f"http://127.0.0.1:{port}")
        made.post("/clock", now="2020-04-10T02:00:00Z")
        yield made
        process.terminate()
        process.wait(10)


@pytest.fixture
def biteship(http: Http, simulator: Biteship, monkeypatch: pytest.MonkeyPatch) -> Biteship:
    simulator.fault("down", 0)
    address = simulator.url + "/biteship"
    monkeypatch.setenv("BITESHIP_BASE_URL", address)
    for variables in ENVIRONMENTS.values():
        if "BITESHIP_BASE_URL" in variables:
            variables["BITESHIP_BASE_URL"] = address
    return simulator


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


def arrive(world: World, http: Http) -> None:
    world.lay_out()
    for n, consignment in enumerate(consignments(http)):
        assert receipt(http, consignment, key=f"r{n}", **everything(consignment)).status == 200
    world.settle()


KEYS = count()


def dispatch(http: Http, *, key: str | None = None, caller=PIC_ONE) -> Reply:
    """Ask for trips under a key of its own: the simulator outlives a test's tables, and knows every trip's id."""
    key = key or f"d{next(KEYS)}"
    return http(
        api.handler, "POST", "/v1/dropoffs/drp_1/dispatches", {"wave_id": "wav_1"}, caller=caller, key=key, at=NOW
    )


def delivery(http: Http, order_id: str, caller=OFFICE) -> Any:
    reply = http(api.handler, "GET", f"/v1/orders/{order_id}/delivery", caller=caller, at=NOW)
    assert reply.status == 200, reply.text
    return reply.json


def trips(http: Http) -> list[Any]:
    return http(api.handler, "GET", "/v1/dropoffs/drp_1/trips?wave_id=wav_1", caller=PIC_ONE, at=NOW).json["items"]


def tell(trip_id: str, status: str, *, at: str = "2020-04-10T10:30:00+07:00", **more: Any) -> Reply:
    """Call our webhook as Biteship does."""
    reference = deps_dispatch.trips().get(trip_id).reference
    body = {"event": "order.status", "order_id": reference, "status": status, "order_price": 22_000, "updated_at": at}
    return call(webhook.handler, "POST", "/v1/webhooks/couriers/biteship", body | more, headers=SECRET, at=NOW)


def happen(world: World, biteship: Biteship, trip_id: str, *statuses: str) -> None:
    for n, status in enumerate(statuses):
        biteship.be(trip_id, status)
        assert tell(trip_id, status, at=f"2020-04-10T10:{30 + n}:00+07:00").status == 200
        world.hear()


def sent(world: World, http: Http, packs: dict[str, int] | None = None) -> tuple[str, str]:
    """Return (order, trip) of one order that was dispatched and booked."""
    order_id = world.order(packs or {"off_a5": 2}, courier=True)
    arrive(world, http)
    assert dispatch(http).status == 202
    world.settle()
    return order_id, delivery(http, order_id)["id"]


def test_courier_orders_at_the_desk_are_planned_booked_and_shown(world, http, biteship):
    by_courier, heavy = world.order({"off_a5": 2}, courier=True), world.order({"off_a20": 2}, courier=True, km=8)
    fetched = world.order({"off_a5": 1})
    arrive(world, http)

    reply = dispatch(http)
    world.settle(twice=True)

    assert (reply.status, reply.json["status"]) == (202, "planning")
    assert [world.status(o) for o in (by_courier, heavy, fetched)] == ["dispatched", "dispatched", "at_dropoff"]
    found = trips(http)
    assert sorted((t["weight_g"], t["status"], t["courier"], len(t["stops"])) for t in found) == [
        (10_000, "searching", "biteship", 1),
        (20_000, "searching", "biteship", 1),
        (20_000, "searching", "biteship", 1),
    ]
    assert all(3_800 < t["distance_m"] < 10_500 and t["fee"] >= 9_750 for t in found)
    own = delivery(http, by_courier, member(1))
    assert set(own) >= {"id", "courier", "vehicle", "stops", "distance_m", "weight_g", "fee", "status", "tracking_url"}
    assert [s["order_id"] for s in own["stops"]] == [by_courier] and own["stops"][0]["sequence"] == 1
    assert len(delivery(http, heavy)["trips"]) == 2
    order = biteship.orders()[-1]["body"]
    order = json.loads(order) if isinstance(order, str) else order
    assert order["origin_contact_phone"] == PIC_ONE.phone and order["destination_contact_name"] == "Siti"


def test_the_same_drop_off_is_planned_the_same_way_and_never_twice(world, http, biteship):
    for n in range(4):
        world.order({"off_a5": 1 + n}, courier=True, km=1 + n)
    arrive(world, http)
    again = Again(lambda: dispatch(http))
    [message] = world.sent("PlanningQueue")
    record = {"Records": [{"messageId": "1", "body": json.dumps(message)}]}

    planner.handler(record, None)
    first = world.sent("BookingQueue")
    planner.handler(record, None)
    assert world.sent("BookingQueue") == [], "nothing was left to send"
    again()
    planner.handler(record, None)

    assert len(first) == 4 and world.sent("BookingQueue") == first


def test_who_may_send_and_who_may_see(world, http, biteship):
    order_id, trip_id = sent(world, http)

    assert dispatch(http, caller=PIC_TWO, key="x").status == 404
    assert dispatch(http, caller=member(1), key="x").status == 403
    for path in (f"/v1/trips/{trip_id}/cancellation", f"/v1/trips/{trip_id}/redispatch"):
        assert http(api.handler, "POST", path, caller=PIC_TWO, key="c", at=NOW).status == 404
    assert http(api.handler, "GET", f"/v1/orders/{order_id}/delivery", caller=member(2), at=NOW).status == 404
    wrong = http(api.handler, "POST", "/v1/dropoffs/drp_1/dispatches", {"wave_id": "wav_9"}, caller=OFFICE, key="w")
    assert (wrong.status, wrong.json["errors"][0]["pointer"]) == (422, "/wave_id")


def test_webhooks_lead_an_order_home_and_the_books_close(world, http, biteship):
    order_id, trip_id = sent(world, http)
    order = deps.orders().get(order_id)
    cost = delivery(http, order_id)["fee"]

    happen(world, biteship, trip_id, "allocated", "picking_up", "picked", "dropping_off", "delivered", "delivered")

    assert world.status(order_id) == "delivered"
    assert deps.orders().get(order_id).history[-1].at.isoformat() == "2020-04-10T03:34:00+00:00"
    assert world.open_orders() == 0
    assert world.transfers() == 2, "repeated and heard again, booked once"
    assert world.balances() == {
        "courier:biteship": -cost,
        "unearned:wav_1": order.courier_fee,  # what the member paid in is booked by payments
        "delivery_difference": cost - order.courier_fee,
    }
    assert delivery(http, order_id)["stops"][0]["status"] == "delivered"


def test_a_price_that_is_corrected_later_is_booked_as_its_difference(world, http, biteship):
    _, trip_id = sent(world, http)
    happen(world, biteship, trip_id, "picked", "delivered")
    applied = news()
    for price in (25_000, 25_000, 8_000):
        report = deps_dispatch.couriers()["biteship"].ask(deps_dispatch.trips().get(trip_id).reference or "")
        assert report is not None
        applied.apply(trip_id, lambda t, p=price, r=report: t.follow(replace(r, cost=p), at=NOW), at=NOW)

    assert world.balances()["courier:biteship"] == -8_000
    assert world.transfers() == 4


@pytest.mark.parametrize("end", ["returned", "courier_not_found", "cancelled", "rejected"])
def test_a_failed_delivery_lies_at_the_desk_again_and_is_fetched(world, http, biteship, end):
    order_id, trip_id = sent(world, http)
    order = deps.orders().get(order_id)
    happen(world, biteship, trip_id, *(("picked",) if end == "returned" else ()), end)

    assert world.status(order_id) == "at_dropoff"
    fetched = [] if end != "courier_not_found" else ["pickup_instead", "refund_decided"]  # no other courier is left
    assert [h.event for h in deps.orders().get(order_id).history[-2 - len(fetched) :]] == [
        *("failed", "at_dropoff"),
        *fetched,
    ]
    code = pickup_code(deps.id_secret(), order_id)
    reply = http(
        api.handler, "POST", f"/v1/orders/{order_id}/handover", {"code": code}, caller=PIC_ONE, key="h", at=NOW
    )

    assert (reply.status, world.status(order_id), world.open_orders()) == (200, "collected", 0)
    charged = deps_dispatch.trips().get(trip_id).cost if end == "returned" else 0
    expected = {"courier:biteship": -charged, "delivery_difference": charged}
    expected |= {"unearned:wav_1": order.courier_fee, "refund_payable": -order.courier_fee}
    assert world.balances() == {account: balance for account, balance in expected.items() if balance}


def test_goods_that_a_courier_lost_are_refunded_at_its_expense(world, http, biteship):
    order_id, trip_id = sent(world, http)
    order = deps.orders().get(order_id)
    happen(world, biteship, trip_id, "picked", "disposed", "disposed")

    after = deps.orders().get(order_id)
    assert (after.fulfilment_status, after.refund_decided, world.open_orders()) == ("none", order.paid, 0)
    assert world.balances() == {
        "courier:biteship": order.goods_total,
        "unearned:wav_1": order.courier_fee,  # paid in 120,200, refunded that, 110,000 for the cooperative
        "refund_payable": -order.paid,
    }


def test_an_order_in_two_trips_is_delivered_with_the_second(world, http, biteship):
    order_id, _ = sent(world, http, {"off_a20": 2})
    one, two = [t["id"] for t in delivery(http, order_id)["trips"]]

    happen(world, biteship, one, "picked", "delivered")
    assert world.status(order_id) == "dispatched"
    happen(world, biteship, two, "picked", "returned")
    assert world.status(order_id) == "at_dropoff", "half of it is back"
    again = http(api.handler, "POST", f"/v1/trips/{two}/redispatch", caller=PIC_ONE, key="re", at=NOW)
    world.settle()
    assert world.status(order_id) == "dispatched"
    happen(world, biteship, again.json["id"], "picked", "delivered")

    assert world.status(order_id) == "delivered" and world.open_orders() == 0
    costs = [deps_dispatch.trips().get(t).cost for t in (one, two, again.json["id"])]
    assert world.balances()["courier:biteship"] == -sum(costs)


def test_a_booking_whose_outcome_is_unknown_is_looked_up_before_a_second(world, http, biteship):
    order_id = world.order({"off_a5": 2}, courier=True)
    arrive(world, http)
    dispatch(http)
    before = biteship.asked()
    [message] = world.sent("PlanningQueue")
    planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None)
    [booking] = world.sent("BookingQueue")
    record = {"Records": [{"messageId": "1", "body": json.dumps(booking)}]}

    def book_and_lose_the_answer(self: Any, parcel: Any, service: str) -> Any:
        real(self, parcel, service)
        raise ProviderUnavailable("timed out")

    kind = type(deps_dispatch.couriers()["biteship"])
    real = kind.book
    kind.book = book_and_lose_the_answer
    try:
        assert worker.handler(record, None)["batchItemFailures"], "seen again by the queue"
    finally:
        kind.book = real
    assert delivery(http, order_id)["status"] == "searching"
    assert worker.handler(record, None) == {"batchItemFailures": []}

    assert [r["status"] for r in biteship.orders(before)] == [200, 400], "the second was refused as a duplicate"
    trip = deps_dispatch.trips().get(delivery(http, order_id)["id"])
    assert trip.reference is not None and trip.status == "searching"


@pytest.mark.parametrize("mode", ["down", "error", "garbage"])
def test_a_courier_that_does_not_answer_is_asked_again(world, http, biteship, mode):
    order_id = world.order({"off_a5": 2}, courier=True)
    arrive(world, http)
    dispatch(http)
    [message] = world.sent("PlanningQueue")
    planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None)
    [booking] = world.sent("BookingQueue")
    record = {"Records": [{"messageId": "1", "body": json.dumps(booking)}]}

    for _ in range(2):  # once at the quote, once at the order
        biteship.fault(mode)
        assert worker.handler(record, None)["batchItemFailures"] == [{"itemIdentifier": "1"}]
    assert worker.handler(record, None) == {"batchItemFailures": []}

    assert delivery(http, order_id)["status"] == "searching"


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_booking_may_crash_at_any_call_and_books_once(http, biteship, after):
    def ready() -> tuple[str, dict[str, Any]]:
        world = World()
        world.set_up()
        order_id = world.order({"off_a5": 2}, courier=True)
        arrive(world, http)
        dispatch(http)
        return order_id, world.sent("PlanningQueue")[0]

    def booking(attempt: int) -> dict[str, Any]:
        """Return the message that books a trip of another id each time: the simulator remembers them all."""
        _, message = again()
        record = {"messageId": "1", "body": json.dumps(message | {"dispatch_id": f"dsp_{after}{attempt}"})}
        planner.handler({"Records": [record]}, None)
        return {"Records": [{"messageId": "1", "body": json.dumps(World().sent("BookingQueue")[0])}]}

    again = Again(ready)
    order_id, _ = again()
    record = booking(0)
    with seam() as calls:
        worker.handler(record, None)
    assert len(calls.calls) > 5
    for crash_at in range(1, len(calls.calls) + 1):
        record, before = booking(crash_at), biteship.asked()
        with seam(crash_at, after=after):
            worker.handler(record, None)
        assert worker.handler(record, None) == {"batchItemFailures": []}

        assert sum(r["status"] == 200 for r in biteship.orders(before)) == 1, f"crashed at call {crash_at}"
        assert delivery(http, order_id)["status"] == "searching"


def test_what_no_courier_will_carry_is_fetched_and_the_fee_goes_back(world, http, biteship, monkeypatch):
    order_id = world.order({"off_a5": 2}, courier=True)
    arrive(world, http)
    dispatch(http)
    monkeypatch.setattr("lumbung.providers.biteship.COURIERS", "nobody")
    world.settle()

    assert world.status(order_id) == "at_dropoff"
    assert [t["status"] for t in trips(http)] == ["no_courier"]
    order = deps.orders().get(order_id)
    assert (order.fulfilment.method, order.courier_fee, order.refund_decided) == ("pickup", 0, 10_200)
    assert world.balances() == {"unearned:wav_1": 10_200, "refund_payable": -10_200}


def test_a_trip_is_cancelled_before_pick_up_and_sent_again(world, http, biteship):
    order_id, trip_id = sent(world, http)
    path = f"/v1/trips/{trip_id}"

    reply = http(api.handler, "POST", f"{path}/cancellation", caller=PIC_ONE, key="c1", at=NOW)
    again = http(api.handler, "POST", f"{path}/cancellation", caller=PIC_ONE, key="c1", at=NOW)
    other = http(api.handler, "POST", f"{path}/cancellation", caller=PIC_ONE, key="c2", at=NOW)
    assert (reply.status, reply.json["status"], world.status(order_id)) == (200, "cancelled", "at_dropoff")
    assert again.headers.get("idempotency-replayed") == "true" and other.status == 200
    new = http(api.handler, "POST", f"{path}/redispatch", caller=PIC_ONE, key="re1", at=NOW)
    twice = http(api.handler, "POST", f"{path}/redispatch", caller=PIC_ONE, key="re1", at=NOW)
    thrice = http(api.handler, "POST", f"{path}/redispatch", caller=PIC_ONE, key="re2", at=NOW)
    world.settle()

    assert (new.status, new.json["id"], twice.json["id"]) == (200, twice.json["id"], new.json["id"])
    assert (thrice.status, thrice.json["code"]) == (409, "invalid_state")
    assert (world.status(order_id), delivery(http, order_id)["status"]) == ("dispatched", "searching")


def test_a_picked_up_trip_is_neither_cancelled_nor_sent_again(world, http, biteship):
    order_id, trip_id = sent(world, http)
    happen(world, biteship, trip_id, "picked")

    for step in ("cancellation", "redispatch"):
        reply = http(api.handler, "POST", f"/v1/trips/{trip_id}/{step}", caller=PIC_ONE, key=step, at=NOW)
        assert (reply.status, reply.json["code"]) == (409, "invalid_state")
    assert world.status(order_id) == "dispatched"


def test_a_trip_that_finds_no_courier_is_sent_again_in_one_step(world, http, biteship):
    order_id, trip_id = sent(world, http)

    new = http(api.handler, "POST", f"/v1/trips/{trip_id}/redispatch", caller=OFFICE, key="re", at=NOW)
    world.settle()

    assert new.status == 200 and new.json["id"] != trip_id
    assert sorted(t["status"] for t in trips(http)) == ["cancelled", "searching"]
    assert world.status(order_id) == "dispatched"


def test_a_lost_webhook_is_made_up_for_by_asking(world, http, biteship):
    order_id, trip_id = sent(world, http)
    biteship.be(trip_id, "picked")
    biteship.be(trip_id, "delivered")

    schedule.handler({"time": (NOW + timedelta(minutes=5)).isoformat()}, None)
    assert world.status(order_id) == "dispatched", "not silent for long enough"
    schedule.handler({"time": (NOW + timedelta(minutes=15)).isoformat()}, None)

    assert world.status(order_id) == "delivered"
    assert world.transfers() == 2


def test_a_lost_booking_message_is_made_up_for_by_the_schedule(world, http, biteship):
    order_id = world.order({"off_a5": 2}, courier=True)
    arrive(world, http)
    dispatch(http)
    [message] = world.sent("PlanningQueue")
    planner.handler({"Records": [{"messageId": "1", "body": json.dumps(message)}]}, None)
    world.sent("BookingQueue")  # lost

    schedule.handler({"time": (NOW + timedelta(minutes=15)).isoformat()}, None)
    world.settle()

    assert delivery(http, order_id)["status"] == "searching"


def test_news_that_outruns_the_booking_finds_its_trip_by_our_own_reference(world, http, biteship):
    _, trip_id = sent(world, http)
    trip = deps_dispatch.trips().get(trip_id)
    biteship.be(trip_id, "picked")
    assert tell(trip_id, "picked").status == 200
    deps.db().commit(deps_dispatch.trips().save(replace(trip, status="booking", reference=None)))
    world.hear()

    assert deps_dispatch.trips().get(trip_id).status == "picked_up"


def test_an_event_without_a_home_is_parked_tried_again_and_given_up_after_an_hour(world, http, biteship):
    body = {
        "event": "order.status",
        "order_id": "nobodys",
        "status": "picked",
        "updated_at": "2020-04-10T10:30:00+07:00",
    }
    reply = call(webhook.handler, "POST", "/v1/webhooks/couriers/biteship", body, headers=SECRET, at=NOW)
    world.hear()
    [event] = world.events()

    assert reply.status == 200 and (event["status"], event["tries"]) == ("parked", 1)
    schedule.handler({"time": (NOW + timedelta(minutes=2)).isoformat()}, None)
    assert world.events()[0]["tries"] == 2
    schedule.handler({"time": (NOW + timedelta(minutes=61)).isoformat()}, None)
    assert (world.events()[0]["status"], "due_key" in world.events()[0]) == ("given_up", False)


def test_while_the_courier_does_not_answer_its_events_wait(world, http, biteship):
    order_id, trip_id = sent(world, http)
    biteship.be(trip_id, "delivered")
    tell(trip_id, "delivered")
    biteship.fault("down")
    world.hear()
    assert (world.status(order_id), world.events()[0]["status"]) == ("dispatched", "parked")

    schedule.handler({"time": (NOW + timedelta(minutes=2)).isoformat()}, None)

    assert (world.status(order_id), world.events()[0]["status"]) == ("delivered", "applied")


def test_what_a_webhook_claims_is_believed_only_once_the_courier_confirms_it(world, http, biteship):
    order_id, trip_id = sent(world, http)
    tell(trip_id, "delivered")
    world.hear()

    assert world.status(order_id) == "dispatched"


def redispatch(http: Http, trip_id: str, key: str) -> Reply:
    return http(api.handler, "POST", f"/v1/trips/{trip_id}/redispatch", caller=PIC_ONE, key=key, at=NOW)


def test_a_trip_is_not_sent_again_once_its_goods_went_with_another(world, http, biteship):
    order_id, trip_id = sent(world, http)
    http(api.handler, "POST", f"/v1/trips/{trip_id}/cancellation", caller=PIC_ONE, key="c1", at=NOW)
    dispatch(http)
    world.settle()

    assert redispatch(http, trip_id, "re").status == 409
    assert sorted(t["status"] for t in trips(http)) == ["cancelled", "searching"]
    assert world.status(order_id) == "dispatched"


def test_a_trip_is_sent_again_once_and_its_successor_after_it(world, http, biteship):
    order_id, trip_id = sent(world, http)
    second = redispatch(http, trip_id, "re1").json["id"]
    world.settle()
    http(api.handler, "POST", f"/v1/trips/{second}/cancellation", caller=PIC_ONE, key="c2", at=NOW)

    assert redispatch(http, trip_id, "re2").status == 409, "its place was taken before"
    assert deps_dispatch.trips().get(second).status == "cancelled"
    assert redispatch(http, second, "re3").status == 200
    assert world.status(order_id) == "dispatched"

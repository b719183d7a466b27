"""Goods arrive at a drop-off, are counted, and change hands; what is missing is taken off and promised back."""

from datetime import timedelta

import pytest

from dispatch import api, schedule, worker
from dispatch.expect_consignments import expect_consignments
from lumbung.domain.errors import InvalidState
from lumbung.domain.pickup_code import pickup_code
from lumbung.runtime import deps, deps_dispatch
from tests.integration.conftest import Http
from tests.integration.dispatch_world import (
    FARMER,
    NOW,
    OFFICE,
    OTHER_FARMER,
    PIC_ONE,
    PIC_TWO,
    Again,
    World,
    member,
)
from tests.integration.faults import seam


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


def consignments(http: Http, caller=OFFICE) -> list[dict]:
    reply = http(api.handler, "GET", "/v1/waves/wav_1/consignments", caller=caller, at=NOW)
    assert reply.status == 200, reply.text
    return reply.json["items"]


def receipt(http: Http, consignment: dict, *, key: str = "r1", caller=PIC_ONE, final: bool | None = None, **received):
    lines = [{"offer_id": o, "received": r, "damaged": d} for o, (r, d) in received.items()]
    body = {"lines": lines} | ({} if final is None else {"final": final})
    return http(
        api.handler, "POST", f"/v1/consignments/{consignment['id']}/receipt", body, caller=caller, key=key, at=NOW
    )


def handover(http: Http, order_id: str, code: str, *, key: str = "h1", caller=PIC_ONE, at=NOW):
    return http(api.handler, "POST", f"/v1/orders/{order_id}/handover", {"code": code}, caller=caller, key=key, at=at)


def code_of(order_id: str) -> str:
    return pickup_code(deps.id_secret(), order_id)


def everything(consignment: dict) -> dict:
    return {line["offer_id"]: (line["expected"], 0) for line in consignment["lines"]}


def test_an_allocated_drop_off_expects_one_consignment_from_each_cooperative(world, http):
    world.order({"off_a5": 2, "off_b5": 1})
    world.order({"off_a5": 1, "off_a20": 1})
    world.lay_out()

    found = {c["cooperative_id"]: c for c in consignments(http)}

    assert {line["offer_id"]: line["expected"] for line in found["cop_1"]["lines"]} == {"off_a5": 3, "off_a20": 1}
    assert (found["cop_1"]["state"], found["cop_1"]["weight_g"], found["cop_2"]["packs"]) == ("expected", 35_000, 1)


def test_the_stream_may_tell_of_a_drop_off_twice(world, http):
    world.order({"off_a5": 2})
    world.lay_out()
    new = expect_consignments(
        "wav_1", "drp_1", {"off_a5": 2}, waves=deps.waves(), consignments=deps_dispatch.consignments()
    )

    assert new == 0 and len(consignments(http)) == 1


def test_everybody_sees_their_own_consignments_only(world, http):
    world.order({"off_a5": 1, "off_b5": 1})
    world.order({"off_a5": 1}, dropoff="drp_2")
    world.lay_out()
    world.lay_out("drp_2")

    seen = {
        who.id: sorted((c["cooperative_id"], c["dropoff_id"]) for c in consignments(http, who))
        for who in (OFFICE, PIC_ONE, PIC_TWO, FARMER, OTHER_FARMER)
    }

    assert seen == {
        "office": [("cop_1", "drp_1"), ("cop_1", "drp_2"), ("cop_2", "drp_1")],
        "pic-1": [("cop_1", "drp_1"), ("cop_2", "drp_1")],
        "pic-2": [("cop_1", "drp_2")],
        "farmer": [("cop_1", "drp_1"), ("cop_1", "drp_2")],
        "other-farmer": [("cop_2", "drp_1")],
    }


def test_the_first_departure_moves_the_wave_on_and_a_repeat_is_a_repeat(world, http):
    world.order({"off_a5": 1, "off_b5": 1})
    world.lay_out()
    first, second = sorted(consignments(http), key=lambda c: c["cooperative_id"])
    body = {"vehicle": "E 1234 XY", "lot": "L7"}
    path = f"/v1/consignments/{first['id']}/departure"

    reply = http(api.handler, "POST", path, body, caller=FARMER, key="d1", at=NOW)
    again = http(api.handler, "POST", path, body, caller=FARMER, key="d1", at=NOW)
    other = http(api.handler, "POST", path, body, caller=FARMER, key="d2", at=NOW)
    later = http(api.handler, "POST", f"/v1/consignments/{second['id']}/departure", {}, caller=OFFICE, key="d", at=NOW)

    assert (reply.status, reply.json["state"], reply.json["vehicle"]) == (200, "in_transit", "E 1234 XY")
    assert (again.status, again.json, again.headers["idempotency-replayed"]) == (200, reply.json, "true")
    assert (other.status, other.json["code"]) == (409, "invalid_state")
    assert later.status == 200
    assert deps.waves().get("wav_1").status == "delivering"


def test_another_cooperatives_consignment_is_not_found(world, http):
    world.order({"off_a5": 1})
    world.lay_out()
    [consignment] = consignments(http)

    reply = http(
        api.handler, "POST", f"/v1/consignments/{consignment['id']}/departure", {}, caller=OTHER_FARMER, key="d", at=NOW
    )

    assert reply.status == 404
    assert receipt(http, consignment, caller=PIC_TWO, off_a5=(1, 0)).status == 404
    assert receipt(http, consignment, caller=FARMER, off_a5=(1, 0)).status == 403


def test_more_than_was_expected_is_refused_with_its_place(world, http):
    world.order({"off_a5": 2})
    world.lay_out()
    [consignment] = consignments(http)

    reply = receipt(http, consignment, off_a5=(2, 1))

    assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/lines/0/received")
    assert consignments(http)[0]["state"] == "expected"


def test_orders_come_to_the_desk_when_all_their_goods_were_counted(world, http):
    simple, mixed = world.order({"off_a5": 1}), world.order({"off_a5": 1, "off_b5": 1})
    world.lay_out()
    rice, eggs = sorted(consignments(http), key=lambda c: c["cooperative_id"])

    receipt(http, rice, key="r1", final=False, off_a5=(1, 0))
    world.settle()
    assert (world.status(simple), consignments(http)[0]["state"]) != ("at_dropoff", "received"), "not final"
    receipt(http, rice, key="r2", off_a5=(1, 0))
    world.settle(twice=True)
    assert [world.status(simple), world.status(mixed)] == ["at_dropoff", "allocated"]
    receipt(http, eggs, key="r3", off_b5=(1, 0))
    world.settle(twice=True)

    assert [world.status(simple), world.status(mixed)] == ["at_dropoff", "at_dropoff"]
    assert world.balances() == {}, "nothing was missing"


@pytest.mark.parametrize(("policy", "granted"), [("first_come", [2, 2, 0]), ("pro_rata", [1, 1, 2])])
def test_what_is_missing_is_taken_off_by_the_waves_policy_and_promised_back(http, policy, granted):
    world = World()
    world.set_up(policy)
    orders = [world.order({"off_a5": n}) for n in (2, 2, 2)]
    world.lay_out()
    [consignment] = consignments(http)

    receipt(http, consignment, off_a5=(4, 1))
    world.settle(twice=True)

    found = [deps.orders().get(order_id) for order_id in orders]
    assert sorted(o.granted_packs for o in found) == sorted(granted)
    assert sum(o.granted_packs for o in found) == 4
    assert all(o.kept == o.total for o in found), "everybody paid for exactly what they get"
    assert world.balances() == {"unearned:wav_1": 110_000, "refund_payable": -110_000}
    if policy == "first_come":
        assert [o.granted_packs for o in found] == granted
        assert (found[2].fulfilment_status, world.open_orders()) == ("none", 2)


def test_an_order_that_gets_nothing_is_given_its_courier_fee_back(world, http):
    order_id = world.order({"off_a5": 1}, courier=True)
    paid = deps.orders().get(order_id).paid
    world.lay_out()
    [consignment] = consignments(http)

    receipt(http, consignment, off_a5=(0, 1))
    world.settle()

    order = deps.orders().get(order_id)
    assert (order.fulfilment_status, order.total, order.refund_decided) == ("none", 0, paid)
    assert world.open_orders() == 0


def test_moving_on_may_crash_after_any_write_and_take_nothing_twice(http):
    """After a write is before the next one, and a read leaves no trace: this is every place to crash at."""

    def counted() -> World:
        world = World()
        world.set_up("pro_rata")  # where it matters who is counted when the shortage is shared
        for packs in ({"off_a5": 2}, {"off_a5": 1, "off_b5": 1}, {"off_a5": 3}):
            world.order(packs)
        world.lay_out()
        for n, found in enumerate(consignments(http)):
            receipt(http, found, key=f"r{n}", **{o: (max(0, e - 2), 0) for o, (e, _) in everything(found).items()})
        return world

    def outcome() -> tuple[object, ...]:
        orders = [deps.orders().get(o.id) for o in world.orders]
        return [(o.granted_packs, o.kept, o.fulfilment_status) for o in orders], world.balances(), world.open_orders()

    again = Again(counted)
    world = again()
    with seam() as calls:
        worker.move_on("wav_1", "drp_1")
    expected = outcome()
    writes = [number for number, call in enumerate(calls.calls, 1) if call == "TransactWriteItems"]
    assert len(writes) > 5
    for crash_at in writes:
        again()
        with seam(crash_at, after=True):
            worker.move_on("wav_1", "drp_1")
        worker.move_on("wav_1", "drp_1")
        assert outcome() == expected, f"crashed at call {crash_at}"


def at_the_desk(world: World, http: Http, **more) -> str:
    order_id = world.order({"off_a5": 2}, **more)
    world.lay_out()
    [consignment] = consignments(http)
    receipt(http, consignment, off_a5=(2, 0))
    world.settle()
    return order_id


def test_a_member_shows_the_code_and_the_order_changes_hands_once(world, http):
    order_id = at_the_desk(world, http)
    shown = http(api.handler, "GET", f"/v1/orders/{order_id}/pickup-code", caller=member(1), at=NOW).json

    reply = handover(http, order_id, shown["code"])
    again = handover(http, order_id, shown["code"])
    other = handover(http, order_id, shown["code"], key="h2")

    assert shown == {"code": code_of(order_id), "qr": f"LUMBUNG:{order_id}:{code_of(order_id)}"}
    assert (reply.status, reply.json["fulfilment_status"], reply.json["status"]) == (200, "collected", "completed")
    assert (again.status, again.headers.get("idempotency-replayed")) == (200, "true")
    assert (other.status, other.json["code"]) == (409, "invalid_state")
    assert world.open_orders() == 0


def test_a_code_is_nobody_elses_to_see(world, http):
    order_id = at_the_desk(world, http)

    assert http(api.handler, "GET", f"/v1/orders/{order_id}/pickup-code", caller=member(2), at=NOW).status == 404
    assert http(api.handler, "GET", f"/v1/orders/{order_id}/pickup-code", caller=PIC_ONE, at=NOW).status == 404
    assert handover(http, order_id, code_of(order_id), caller=PIC_TWO).status == 404


def test_five_wrong_codes_lock_the_order_for_a_quarter_of_an_hour(world, http):
    order_id = at_the_desk(world, http)
    wrong = [handover(http, order_id, "x", key=f"w{n}") for n in range(5)]

    locked = handover(http, order_id, code_of(order_id), key="right")
    early = handover(http, order_id, code_of(order_id), key="early", at=NOW + timedelta(minutes=14, seconds=59))
    later = handover(http, order_id, code_of(order_id), key="later", at=NOW + timedelta(minutes=15))

    assert [(r.status, r.json["code"]) for r in wrong] == [(403, "forbidden")] * 5
    assert (locked.status, locked.headers["retry-after"]) == (429, "900")
    assert (early.status, early.headers["retry-after"]) == (429, "1")
    assert later.status == 200


def test_an_order_is_locked_again_after_five_more(world, http):
    order_id = at_the_desk(world, http)
    for n in range(5):
        handover(http, order_id, "x", key=f"w{n}")
    hour = NOW + timedelta(hours=1)
    again = [handover(http, order_id, "x", key=f"v{n}", at=hour).status for n in range(6)]

    assert again == [403] * 5 + [429]
    assert handover(http, order_id, code_of(order_id), key="r", at=hour + timedelta(hours=1)).status == 200


def test_a_right_code_before_the_goods_are_there_is_not_counted(world, http):
    order_id = world.order({"off_a5": 1})
    world.lay_out()

    replies = [handover(http, order_id, code_of(order_id), key=f"k{n}") for n in range(7)]

    assert {(r.status, r.json["code"]) for r in replies} == {(409, "invalid_state")}


def test_who_fetches_what_a_courier_was_to_bring_gets_the_fee_back(world, http):
    order_id = at_the_desk(world, http, courier=True)
    fee = deps.orders().get(order_id).courier_fee

    assert handover(http, order_id, code_of(order_id)).status == 200

    order = deps.orders().get(order_id)
    assert (order.fulfilment_status, order.courier_fee, order.refund_decided) == ("collected", 0, fee)
    assert world.balances() == {"unearned:wav_1": fee, "refund_payable": -fee}


def test_a_handover_may_crash_after_any_call_and_happens_once(world, http):
    again = Again(lambda: at_the_desk(world, http))
    order_id = again()
    with seam() as calls:
        handover(http, order_id, code_of(order_id))
    assert world.open_orders() == 0

    for crash_at in range(1, len(calls.calls) + 1):
        again()
        with seam(crash_at, after=True):
            handover(http, order_id, code_of(order_id))
        reply = handover(http, order_id, code_of(order_id))
        assert (reply.status, world.status(order_id), world.open_orders()) == (200, "collected", 0), crash_at


def test_the_manifest_is_a_list_a_sheet_and_a_page(world, http):
    at_the_desk(world, http)
    path = "/v1/dropoffs/drp_1/manifest?wave_id=wav_1"

    as_json = http(api.handler, "GET", path, caller=PIC_ONE, at=NOW)
    sheet = http(api.handler, "GET", path, caller=PIC_ONE, at=NOW, headers={"accept": "text/csv"})
    page = http(api.handler, "GET", path, caller=OFFICE, at=NOW, headers={"accept": "text/html"})

    [row] = as_json.json["items"]
    assert (row["member"]["name"], row["member"]["phone"], row["packs"]) == ("Anggota 1", "081123456701", 2)
    assert as_json.json["totals"] == [{"offer_id": "off_a5", "name": "Beras 5 kg", "weight_g": 5000, "packs": 2}]
    assert sheet.headers["content-type"].startswith("text/csv") and "Anggota 1,081123456701" in sheet.text
    assert page.headers["content-type"].startswith("text/html") and "Tanda tangan" in page.text
    assert http(api.handler, "GET", path, caller=PIC_TWO, at=NOW).status == 404
    assert http(api.handler, "GET", "/v1/dropoffs/drp_1/manifest", caller=PIC_ONE, at=NOW).status == 422


def test_a_receipt_whose_message_was_lost_is_found_by_the_schedule(world, http):
    order_id = world.order({"off_a5": 1})
    world.lay_out()
    receipt(http, consignments(http)[0], off_a5=(1, 0))
    world.sent("BookingQueue")  # lost
    schedule.handler({"time": (NOW + timedelta(minutes=6)).isoformat()}, None)
    world.settle()
    schedule.handler({"time": (NOW + timedelta(minutes=12)).isoformat()}, None)

    assert world.status(order_id) == "at_dropoff"
    assert world.sent("BookingQueue") == [], "found once"


def test_what_is_wrong_with_a_request_is_said_and_nothing_happens(world, http):
    order_id = world.order({"off_a5": 2})
    world.lay_out()
    [consignment] = consignments(http)
    path = f"/v1/consignments/{consignment['id']}/receipt"
    good = {"lines": [{"offer_id": "off_a5", "received": 2, "damaged": 0}]}
    wrong = [
        ({"lines": [{"offer_id": "off_a5", "received": -1}]}, "/lines/0/received"),
        ({"lines": [{"offer_id": "off_a5", "received": "2"}]}, "/lines/0/received"),
        ({"lines": [{"offer_id": "off_a5", "received": 2.0}]}, "/lines/0/received"),
        ({"lines": [{"offer_id": "off_a5", "received": True}]}, "/lines/0/received"),
        ({"lines": [{"offer_id": "off_a5", "received": 10**12}]}, "/lines/0/received"),
        ({"lines": [{"offer_id": "off_x", "received": 1}]}, "/lines/0/offer_id"),
        ({"lines": [{"received": 1}]}, "/lines/0/offer_id"),
        ({**good, "final": "yes"}, "/final"),
        ({**good, "photo": "x", "picture": "x"}, "/picture"),
        ({}, "/lines"),
    ]

    for body, pointer in wrong:
        reply = http(api.handler, "POST", path, body, caller=PIC_ONE, key="k", at=NOW)
        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, pointer), body
    assert http(api.handler, "POST", path, "{", caller=PIC_ONE, key="k", at=NOW).status == 422
    nokey = http(api.handler, "POST", path, good, caller=PIC_ONE, at=NOW)
    assert (nokey.status, nokey.json["code"]) == (400, "idempotency_key_required")
    for body in ({}, {"code": 123456}, {"code": ""}, {"code": "1", "x": 1}):
        reply = http(api.handler, "POST", f"/v1/orders/{order_id}/handover", body, caller=PIC_ONE, key="k", at=NOW)
        assert reply.status == 422, body
    assert http(api.handler, "POST", "/v1/orders/ord_9/handover", {"code": "1"}, caller=PIC_ONE, key="k").status == 404
    assert consignments(http) == [consignment]
    assert receipt(http, consignment, key="k", off_a5=(2, 0)).status == 200, "a refused key may be used again"
    reused = receipt(http, consignment, key="k", off_a5=(1, 0))
    assert (reused.status, reused.json["code"]) == (422, "idempotency_key_reused")


def test_no_more_orders_end_at_a_drop_off_than_it_has(world, http):
    world.order({"off_a5": 1})
    world.lay_out()
    with pytest.raises(InvalidState):
        world.commit(deps_dispatch.finish("wav_1", "drp_1", orders=2))
    world.commit(deps_dispatch.finish("wav_1", "drp_1", orders=1))
    assert world.open_orders() == 0

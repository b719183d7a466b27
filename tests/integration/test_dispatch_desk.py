"""The desk over HTTP: in parts, by somebody else, without a network, and what nobody fetches."""

import base64
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dispatch import api, schedule, worker
from lumbung.domain.offline import code_hash
from lumbung.domain.uncollected import Uncollected
from lumbung.runtime import clock, deps, deps_dispatch
from lumbung.store import keys
from ordering import api as ordering
from tests.integration.conftest import Http, Reply
from tests.integration.dispatch_world import NOW, OFFICE, PIC_ONE, PIC_TWO, World, member
from tests.integration.test_dispatch_goods import code_of, consignments, everything, receipt
from tests.people import kept

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


def waiting_by(rule: str) -> World:
    made = World()
    made.set_up(uncollected=Uncollected(72, rule))
    return made


def arrive(world: World, http: Http) -> None:
    """Let all that was ordered come, and be counted at the start."""
    world.lay_out()
    for n, consignment in enumerate(consignments(http)):
        receipt(http, consignment, key=f"r{n}", **everything(consignment))
    world.settle()


def hand_over(http: Http, order_id: str, key: str = "h", at=NOW, **said: Any) -> Reply:
    body = {"code": code_of(order_id), **said}
    return http(api.handler, "POST", f"/v1/orders/{order_id}/handover", body, caller=PIC_ONE, key=key, at=at)


def packs(*lines: tuple[str, int], **more: str) -> list[dict[str, Any]]:
    return [{"offer_id": offer_id, "packs": count, **more} for offer_id, count in lines]


def upload(http: Http, *entries: dict[str, Any], device: str = "hp-1", caller=PIC_ONE, at=LATER) -> Reply:
    body = {"device_id": device, "entries": list(entries)}
    return http(api.handler, "POST", "/v1/dropoffs/drp_1/handovers", body, caller=caller, at=at)


def entry(order_id: str, number: int = 1, at: str = "2020-04-10T10:00:00+07:00", **said: Any) -> dict[str, Any]:
    return {"number": number, "order_id": order_id, "code": code_of(order_id), "at": at, **said}


def outcomes(reply: Reply) -> list[tuple[Any, ...]]:
    assert reply.status == 200, reply.text
    return [(i["outcome"], i["repeated"], i["code"]) for i in reply.json["items"]]


def incidents() -> list[str]:
    return sorted(
        i["about"] for i in deps.db().scan(deps.table("payments"), only="kind = :k", values={":k": "INCIDENT"})
    )


def handovers() -> list[tuple[str, dict[str, int]]]:
    found = deps.db().scan(deps.table("deliveries"), only="kind = :k", values={":k": "HANDOVER"})
    return sorted(((item["way"], item["packs"]) for item in found), key=str)


# -- in parts


def test_some_packs_now_and_the_rest_later(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 3, "off_b5": 1})
    arrive(world, http)

    first = hand_over(http, order_id, lines=packs(("off_a5", 2)))
    again = hand_over(http, order_id, lines=packs(("off_a5", 2)))
    rest = hand_over(http, order_id, "h2", LATER)

    assert (first.json["fulfilment_status"], first.json["left"]) == ("at_dropoff", packs(("off_a5", 1), ("off_b5", 1)))
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert (rest.json["fulfilment_status"], rest.json["left"]) == ("collected", [])
    assert handovers() == [("handed", {"off_a5": 1, "off_b5": 1}), ("handed", {"off_a5": 2})]
    assert world.open_orders() == 0


def test_a_member_sees_what_is_left_to_fetch_and_until_when(http: Http) -> None:
    world = waiting_by("refund")
    order_id = world.order({"off_a5": 3, "off_b5": 1})

    def seen(at=NOW) -> tuple[Any, Any]:
        shown = http(ordering.handler, "GET", f"/v1/orders/{order_id}", caller=member(1), at=at).json
        return shown["left"], shown["collect_by"]

    assert seen() == ([], None), "nothing has come yet"
    arrive(world, http)
    until = "2020-04-13T02:00:00Z"
    assert seen() == (packs(("off_a5", 3), ("off_b5", 1)), until)
    hand_over(http, order_id, lines=packs(("off_a5", 2), ("off_b5", 1)))
    assert seen() == (packs(("off_a5", 1)), until)
    hand_over(http, order_id, "h2", LATER)
    assert seen() == ([], None)


@pytest.mark.parametrize(
    ("liable", "account"),
    [("cooperative", "cooperative:cop_1"), ("pic", "claim:drp_1"), ("courier", "claim:courier"),
     ("programme", "write_off")],
)  # fmt: skip
def test_what_a_member_will_not_take_is_refunded_by_who_is_liable(
    world: World, http: Http, liable: str, account: str
) -> None:
    order_id = world.order({"off_a5": 2})
    arrive(world, http)

    reply = hand_over(http, order_id, refused=packs(("off_a5", 1), reason="damaged", liable=liable))

    order = deps.orders().get(order_id)
    assert (reply.json["fulfilment_status"], order.refund_decided, order.borne) == ("collected", 55_000, 55_000)
    assert order.kept == order.owed
    assert world.balances() == {account: 55_000, "refund_payable": -55_000}


def test_what_is_wrong_at_the_desk_is_said_with_its_place_and_nothing_is_lost(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 2})
    arrive(world, http)
    wrong = [
        ({"lines": packs(("off_a5", 3))}, "/lines/0/packs"),
        ({"lines": packs(("off_b5", 1))}, "/lines/0/offer_id"),
        ({"lines": packs(("off_a5", 0))}, "/lines/0/packs"),
        ({"lines": packs(("off_a5", -1))}, "/lines/0/packs"),
        ({"lines": []}, "/lines"),
        ({"refused": packs(("off_a5", 1), reason="bosan")}, "/refused/0/reason"),
        ({"refused": packs(("off_a5", 1), reason="damaged", liable="member")}, "/refused/0/liable"),
        ({"taken_by": "tetangga"}, "/taken_by"),
    ]

    for said, pointer in wrong:
        reply = hand_over(http, order_id, **said)
        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, pointer), said
    assert (handovers(), world.status(order_id)) == ([], "at_dropoff")
    assert hand_over(http, order_id).status == 200, "a refused key may be used again, and no try was held against it"


# -- by somebody else


def proxy(http: Http, order_id: str, who: dict[str, str] | None, key: str = "p", n: int = 1) -> Reply:
    return http(api.handler, "PUT", f"/v1/orders/{order_id}/proxy", {"proxy": who}, caller=member(n), key=key, at=NOW)


def test_whom_a_member_sends_may_fetch_it_until_the_consent_is_taken_back(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 2})
    arrive(world, http)
    budi = {"name": "Budi", "phone": "0812 9876 5432"}
    assert hand_over(http, order_id, "h0", taken_by="proxy").json["code"] == "invalid_state", "nobody was named"

    named = proxy(http, order_id, budi)
    assert (named.status, named.json) == (200, {"order_id": order_id, "proxy": budi})
    [row] = http(api.handler, "GET", "/v1/dropoffs/drp_1/manifest?wave_id=wav_1", caller=PIC_ONE, at=NOW).json["items"]
    assert row["proxy"] == budi
    assert hand_over(http, order_id, "h1", lines=packs(("off_a5", 1)), taken_by="proxy").status == 200
    assert proxy(http, order_id, None, "p2").json["proxy"] is None
    assert hand_over(http, order_id, "h2", taken_by="proxy").json["code"] == "invalid_state"

    [record] = deps.db().scan(deps.table("deliveries"), only="kind = :k", values={":k": "HANDOVER"})
    said = kept(keys.proxy_as_it_was(order_id, record["proxy"]))
    assert said and said["name"] == "Budi", "also when somebody else is named, or nobody, since"
    events = [happening.event for happening in deps.orders().get(order_id).history]
    assert events[-4:] == ["proxy_named", "taken_by_proxy", "handed_partly", "proxy_withdrawn"]
    assert "Budi" not in str(list(deps.db().scan(deps.table("orders"))))
    assert http(api.handler, "GET", f"/v1/orders/{order_id}/proxy", caller=member(1), at=NOW).json["proxy"] is None


def test_a_proxy_is_named_by_the_member_alone_and_only_while_there_is_something_to_fetch(
    world: World, http: Http
) -> None:
    order_id = world.order({"off_a5": 1})
    arrive(world, http)

    assert proxy(http, order_id, {"name": "Budi"}, n=2).status == 404
    faulty = proxy(http, order_id, {"name": "Budi", "phone": "123"})
    assert (faulty.status, faulty.json["errors"][0]["pointer"]) == (422, "/proxy/phone")
    hand_over(http, order_id)
    assert proxy(http, order_id, {"name": "Budi"}).json["code"] == "invalid_state"


def test_a_proxy_is_not_changed_without_end(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 1})
    replies = [proxy(http, order_id, {"name": "Budi"}, f"p{n}").status for n in range(11)]

    assert replies == [200] * 10 + [409]


# -- without a network


def test_a_device_takes_a_signed_list_along_that_holds_no_code(world: World, http: Http) -> None:
    order_id, other = world.order({"off_a5": 2}), world.order({"off_a5": 1})
    arrive(world, http)
    hand_over(http, other)
    path = "/v1/dropoffs/drp_1/pickup-list?wave_id=wav_1"

    taken = http(api.handler, "GET", path, caller=PIC_ONE, at=NOW).json["list"]
    [key] = http(api.handler, "GET", "/v1/pickup-keys", caller=PIC_ONE, at=NOW).json["keys"]

    head, payload, signature = taken.split(".")
    public = Ed25519PublicKey.from_public_bytes(_raw(key["x"]))
    public.verify(_raw(signature), f"{head}.{payload}".encode())  # raises unless it is ours, whole
    assert json.loads(_raw(head))["kid"] == key["kid"]
    said = json.loads(_raw(payload))
    assert (said["dropoff_id"], said["wave_id"], said["valid_until"]) == ("drp_1", "wav_1", "2020-04-13T02:00:00Z")
    [order] = said["orders"]
    assert (order["order_id"], order["lines"]) == (order_id, [["off_a5", "Beras 5 kg", 2]])
    assert order["code_hash"] == code_hash(code_of(order_id), order["salt"])
    assert code_of(order_id) not in json.dumps(said)
    assert http(api.handler, "GET", path, caller=PIC_TWO, at=NOW).status == 404


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_what_was_handed_over_without_a_network_is_booked_once_and_at_its_own_time(world: World, http: Http) -> None:
    one, two = world.order({"off_a5": 2}), world.order({"off_a5": 1})
    arrive(world, http)
    told = [entry(one, 1, lines=packs(("off_a5", 1))), entry(two, 2), entry(one, 3, "2020-04-10T10:30:00+07:00")]

    assert outcomes(upload(http, *told)) == [
        ("partly", False, None),
        ("collected", False, None),
        ("collected", False, None),
    ]
    assert outcomes(upload(http, *told)) == [
        ("partly", True, None),
        ("collected", True, None),
        ("collected", True, None),
    ]

    assert [world.status(order_id) for order_id in (one, two)] == ["collected", "collected"]
    assert deps.orders().get(one).history[-1].at.isoformat() == "2020-04-10T03:30:00+00:00"
    assert (world.open_orders(), len(handovers()), incidents()) == (0, 3, [])


def test_two_devices_that_handed_over_the_same_order_are_an_incident_and_one_hand_over(
    world: World, http: Http
) -> None:
    order_id = world.order({"off_a5": 1})
    arrive(world, http)

    first = upload(http, entry(order_id, 7))
    second = upload(http, entry(order_id, 7), device="hp-2")
    again = upload(http, entry(order_id, 7), device="hp-2")

    assert [*outcomes(first), *outcomes(second), *outcomes(again)] == [
        ("collected", False, None), ("conflict", False, None), ("conflict", True, None),
    ]  # fmt: skip
    assert (world.open_orders(), len(handovers()), incidents()) == (0, 1, ["handed_over_twice"])


def test_a_number_that_says_something_else_is_refused_and_an_incident(world: World, http: Http) -> None:
    one, two = world.order({"off_a5": 1}), world.order({"off_a5": 1})
    arrive(world, http)
    upload(http, entry(one, 1))

    assert outcomes(upload(http, entry(two, 1))) == [("refused", False, "idempotency_key_reused")]
    assert (world.status(two), incidents()) == ("at_dropoff", ["device_number_reused"])
    assert outcomes(upload(http, entry(two, 2))) == [("collected", False, None)]


def test_a_line_that_is_wrong_does_not_stop_its_neighbours_and_may_be_told_again(world: World, http: Http) -> None:
    early, good = world.order({"off_b5": 1}), world.order({"off_a5": 1})
    elsewhere = world.order({"off_a5": 1}, dropoff="drp_2")
    world.lay_out()
    rice = next(c for c in consignments(http) if c["cooperative_id"] == "cop_1")
    receipt(http, rice, **everything(rice))
    world.settle()
    told = [
        entry(early, 1), {**entry(good, 2), "code": "000000x"}, entry(elsewhere, 3), entry("ord_9", 4),
        entry(good, 5, lines=packs(("off_x", 1))), entry(good, 6, lines=packs(("off_a5", 2))),
        entry(good, 7, lines=[]), entry(good, 8),
    ]  # fmt: skip

    assert outcomes(upload(http, *told)) == [
        ("refused", False, "invalid_state"), ("refused", False, "forbidden"), ("refused", False, "invalid_request"),
        ("refused", False, "not_found"), *[("refused", False, "invalid_request")] * 3, ("collected", False, None),
    ]  # fmt: skip
    eggs = next(c for c in consignments(http) if c["cooperative_id"] == "cop_2")
    receipt(http, eggs, key="r2", **everything(eggs))
    world.settle()
    assert outcomes(upload(http, entry(early, 1))) == [("collected", False, None)]
    assert incidents() == []


def test_an_upload_is_bounded_and_its_clock_is_not_fast(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 1})
    arrive(world, http)
    wrong = [
        (upload(http, entry(order_id, 1, "2020-04-10T14:06:00+07:00")), "/entries/0/at"),
        (upload(http, *(entry(order_id, n + 1) for n in range(101))), "/entries"),
        (upload(http), "/entries"),
        (upload(http, entry(order_id, 0)), "/entries/0/number"),
        (upload(http, entry(order_id, 1), device="a b"), "/device_id"),
    ]

    for reply, pointer in wrong:
        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, pointer)
    assert upload(http, entry(order_id), caller=PIC_TWO).status == 404
    assert world.status(order_id) == "at_dropoff"


def test_codes_are_not_guessed_by_upload_either(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 1})
    arrive(world, http)
    guesses = [{**entry(order_id, n + 1), "code": f"{n:06}x"} for n in range(6)]

    assert [code for _, _, code in outcomes(upload(http, *guesses))] == ["forbidden"] * 5 + ["too_many_requests"]
    assert outcomes(upload(http, entry(order_id, 9))) == [("refused", False, "too_many_requests")]
    assert outcomes(upload(http, entry(order_id, 9), at=LATER + timedelta(minutes=15))) == [("collected", False, None)]


def test_a_proxy_whom_nobody_named_is_booked_and_looked_into(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 1})
    arrive(world, http)

    assert outcomes(upload(http, entry(order_id, taken_by="proxy"))) == [("collected", False, None)]
    assert incidents() == ["proxy_not_named"]


# -- not fetched


def look(world: World, hours: float) -> None:
    """Let the schedule and the worker look *hours* after the goods came."""
    clock.use(lambda: NOW + timedelta(hours=hours))
    schedule.handler({"time": (NOW + timedelta(hours=hours)).isoformat()}, None)
    world.settle(twice=True)


def leftovers(http: Http, order_id: str, outcome: str, *lines: tuple[str, int], key: str = "l", **more: int) -> Reply:
    body = {"outcome": outcome, "lines": packs(*lines), **more}
    return http(api.handler, "POST", f"/v1/orders/{order_id}/leftovers", body, caller=PIC_ONE, key=key, at=LATER)


def test_who_does_not_come_is_reminded_once_and_then_waited_for_no_longer(http: Http) -> None:
    world = waiting_by("refund")
    came, late = world.order({"off_a5": 1}), world.order({"off_a5": 2})
    by_courier = world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    hand_over(http, came)

    states = []
    for hours in (47, 48, 50, 71, 72, 80):
        look(world, hours)
        order = deps.orders().get(late)
        states.append((order.fulfilment_status, [h.event for h in order.history[1:]]))

    assert states == [
        ("at_dropoff", []),
        *[("at_dropoff", ["pickup_reminded"])] * 3,
        *[("not_collected", ["pickup_reminded", "not_collected", "refund_decided"])] * 2,
    ]
    assert [world.status(order_id) for order_id in (came, by_courier)] == ["collected", "at_dropoff"]
    assert world.open_orders() == 2, "its goods are still on the shelf"
    assert world.balances() == {"write_off": 110_000, "refund_payable": -110_000}
    assert hand_over(http, late, "late", LATER).json["code"] == "invalid_state"


def test_packs_that_nobody_fetched_are_sold_given_away_or_thrown_away_until_none_is_left(http: Http) -> None:
    world = waiting_by("refund_if_sold")
    order_id = world.order({"off_a5": 4})
    arrive(world, http)
    assert leftovers(http, order_id, "sold", ("off_a5", 1)).json["code"] == "invalid_state", "it is not over yet"
    look(world, 72)

    sold = leftovers(http, order_id, "sold", ("off_a5", 2), amount=80_000)
    again = leftovers(http, order_id, "sold", ("off_a5", 2), amount=80_000)
    given = leftovers(http, order_id, "given", ("off_a5", 1), key="l2")
    too_many = leftovers(http, order_id, "spoiled", ("off_a5", 2), key="l3")
    spoiled = leftovers(http, order_id, "spoiled", ("off_a5", 1), key="l4")

    assert (sold.json["left"], given.json["left"]) == (packs(("off_a5", 2)), packs(("off_a5", 1)))
    assert again.headers["idempotency-replayed"] == "true"
    assert (too_many.status, too_many.json["errors"][0]["pointer"]) == (422, "/lines/0/packs")
    assert (spoiled.json["status"], spoiled.json["left"], world.open_orders()) == ("completed", [], 0)
    order = deps.orders().get(order_id)
    assert (order.refund_decided, order.kept) == (80_000, order.owed)
    assert world.balances() == {"claim:drp_1": 80_000, "refund_payable": -80_000}


def test_who_comes_after_all_gets_what_is_left_unless_the_money_went_back(http: Http) -> None:
    world = waiting_by("forfeit")
    order_id = world.order({"off_a5": 2})
    arrive(world, http)
    look(world, 72)
    leftovers(http, order_id, "sold", ("off_a5", 1))

    late = hand_over(http, order_id, at=LATER)

    assert (late.json["fulfilment_status"], late.json["left"], world.open_orders()) == ("collected", [], 0)
    assert world.balances() == {"claim:drp_1": 55_000, "write_off": -55_000}


def test_what_a_device_tells_after_the_time_was_over_is_booked_and_looked_into(http: Http) -> None:
    world = waiting_by("refund")
    order_id = world.order({"off_a5": 1})
    arrive(world, http)
    look(world, 72)

    assert outcomes(upload(http, entry(order_id))) == [("collected", False, None)]
    assert (world.status(order_id), world.open_orders(), incidents()) == ("collected", 0, ["collected_after_refund"])


def test_a_wave_without_a_rule_waits(world: World, http: Http) -> None:
    order_id = world.order({"off_a5": 1})
    arrive(world, http)
    look(world, 10_000)

    assert world.status(order_id) == "at_dropoff"
    assert deps_dispatch.due().at(NOW + timedelta(days=1_000)) == {}, "nothing is looked after any more"


def test_many_are_waited_for_in_small_steps(http: Http) -> None:
    from dispatch.end_waiting import EndWaiting

    world = waiting_by("forfeit")
    for _ in range(5):
        world.order({"off_a5": 1})
    arrive(world, http)
    end_waiting = EndWaiting(
        decide=deps_dispatch.decide(), waves=deps.waves(), orders=deps.orders(),
        consignments=deps_dispatch.consignments(), bookings=deps_dispatch.bookings(),
    )  # fmt: skip
    [consignment] = consignments(http)
    over = NOW + timedelta(hours=72)

    steps = [end_waiting(consignment["id"], now=over, at_most=2) for _ in range(3)]

    assert [dict(step) for step in steps] == [
        {"not_collected": 2, "more": 1}, {"not_collected": 2, "more": 1}, {"not_collected": 1},
    ]  # fmt: skip
    assert worker.handler({"Records": []}, None) == {"batchItemFailures": []}


# -- on paper


def test_a_truck_is_followed_from_its_note_to_its_last_receipt(world: World, http: Http) -> None:
    world.order({"off_a5": 3, "off_a20": 1})
    world.lay_out()
    [found] = consignments(http)
    path = f"/v1/consignments/{found['id']}"
    said = {"vehicle": "E 1234 XY", "lot": "=L7", "load_g": 35_000}
    http(api.handler, "POST", f"{path}/departure", said, caller=OFFICE, key="d", at=NOW)
    there = http(api.handler, "POST", f"{path}/arrival", caller=PIC_ONE, key="a", at=LATER)
    receipt(http, found, key="r1", final=False, off_a5=(2, 0))
    body = {"lines": [{"offer_id": "off_a20", "received": 1}], "photo": "foto/2020-04-10/1.jpg"}
    counted = http(api.handler, "POST", f"{path}/receipt", body, caller=PIC_ONE, key="r2", at=LATER).json

    assert (there.json["state"], there.json["arrived_at"], there.json["load_g"]) == (
        "in_transit", "2020-04-10T07:00:00Z", 35_000,
    )  # fmt: skip
    assert counted["classes"] == [
        {"weight_g": 5000, "expected": 3, "received": 2, "damaged": 0},
        {"weight_g": 20000, "expected": 1, "received": 1, "damaged": 0},
    ]
    assert [(r["final"], r["photo"]) for r in counted["receipts"]] == [(False, None), (True, "foto/2020-04-10/1.jpg")]
    note = f"{path}/dispatch-note"
    page = http(api.handler, "GET", note, caller=PIC_ONE, at=NOW, headers={"accept": "text/html"})
    sheet = http(api.handler, "GET", note, caller=OFFICE, at=NOW, headers={"accept": "text/csv"})
    assert "Surat Jalan SJ-20200410-" in page.text and "10-04-2020 14.00" in page.text
    assert "Lot,'=L7" in sheet.text and "Jumlah seluruhnya,,4,35,3,0" in sheet.text
    assert http(api.handler, "GET", note, caller=OFFICE, at=NOW).json == counted
    assert http(api.handler, "GET", note, caller=PIC_TWO, at=NOW).status == 404
    assert http(api.handler, "POST", f"{path}/arrival", caller=PIC_TWO, key="a2", at=NOW).status == 404


def test_a_large_manifest_is_sent_packed_to_who_can_unpack_it(world: World, http: Http, monkeypatch) -> None:
    from lumbung.runtime import http as plumbing

    world.order({"off_a5": 1})
    arrive(world, http)
    monkeypatch.setattr(plumbing, "LARGE", 100)
    path, accepts = "/v1/dropoffs/drp_1/manifest?wave_id=wav_1", {"accept": "text/csv", "accept-encoding": "gzip, br"}

    packed = http(api.handler, "GET", path, caller=PIC_ONE, at=NOW, headers=accepts)
    plain = http(api.handler, "GET", path, caller=PIC_ONE, at=NOW, headers={"accept": "text/csv"})

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed.text)).decode() == plain.text

"""An order is changed until its wave closes, through the real handler, on moto."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.moments import to_ms
from lumbung.domain.people import Caller
from lumbung.domain.phone import person_id
from lumbung.runtime import clock, deps
from lumbung.store import keys
from lumbung.store.table import Put
from ordering import schedule
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import CLOSES, DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_dispatch_rivals import rival
from tests.people import kept

__all__ = ["office"]

Wave = dict[str, Any]
HOME = {
    "line": "Jl. Kebagusan 1", "village_code": "31.74.04.1003", "postal_code": "12520",
    "lat": -6.3096, "lng": 106.83, "recipient": "Siti", "phone": "081234567801",
}  # fmt: skip
BY_COURIER = {"method": "courier", "address": HOME}
FEE = 32_525  # 10.008 km, by road 13.010 km


def lines(wave: Wave, *packs: int) -> dict[str, Any]:
    """Return an edit to so many packs of each of the wave's offers."""
    asked = zip(wave["offers"], packs, strict=False)
    return {"lines": [{"offer_id": offer["id"], "quantity": n} for offer, n in asked if n]}


def available(office: Office, wave: Wave) -> list[int]:
    stock = office.stock(wave)
    assert {line["difference"] for line in stock} == {0}
    return [line["available"] for line in stock]


def counted(wave: Wave) -> dict[str, Any]:
    """Return what the first member's limits count, under their phone: packs by offer, and live orders."""
    human = person_id(deps.id_secret(), str(a_member(1).phone))
    item = deps.db().get(deps.table("people"), keys.participation(human, wave["id"])) or {}
    return {name: value for name, value in item.items() if value and (name.startswith("off_") or name == "live")}


def pay(order_id: str) -> None:
    deps.orders().change(order_id, lambda o: (o.pay(o.total, method="cash", at=DURING, by="pic-1"), []))


# -- what is changed


def test_packs_limits_and_amounts_move_net(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: 4})
    five, ten = (offer["id"] for offer in wave["offers"])
    made = office.order(wave, packs=3).json

    edited = office.edit(made["id"], lines(wave, 1, 2), at=DURING + timedelta(minutes=5))

    assert edited.status == 200, edited.text
    assert [(line["offer_id"], line["quantity"]) for line in edited.json["lines"]] == [(five, 1), (ten, 2)]
    assert edited.json["total"] == edited.json["balance"] == 55_000 + 220_000
    assert edited.json["payment_due_at"] == made["payment_due_at"]
    assert edited.json["history"][1:] == [{"at": "2020-04-07T03:05:00Z", "event": "edited", "by": "mem-1"}]
    assert office.get(f"/v1/orders/{made['id']}", a_member()).json == edited.json
    assert available(office, wave) == [9, 2]
    assert counted(wave) == {five: 1, ten: 2, "live": {made["id"]}}


def test_lines_of_one_offer_are_summed(office: Office) -> None:
    wave = office.wave(max_per_member=4)
    offer = wave["offers"][0]["id"]
    made = office.order(wave, packs=1).json
    twice = {"lines": [{"offer_id": offer, "quantity": 2}, {"offer_id": offer, "quantity": 2}]}
    thrice = {"lines": [*twice["lines"], {"offer_id": offer, "quantity": 1}]}

    over = office.edit(made["id"], thrice, key="over")
    edited = office.edit(made["id"], twice)

    assert (over.status, over.json["code"]) == (409, "limit_exceeded")
    assert {fault["pointer"] for fault in over.json["errors"]} == {f"/lines/{n}/quantity" for n in range(3)}
    assert edited.json["total"] == 220_000
    assert available(office, wave) == [6]
    assert counted(wave)[offer] == 4


def test_an_order_without_quota_is_changed_too(office: Office) -> None:
    wave = office.wave(quotas={5: None})
    made = office.order(wave, packs=3).json

    assert office.edit(made["id"], lines(wave, 5), key="up").status == 200
    assert office.edit(made["id"], lines(wave, 1), key="down").status == 200

    assert office.stock(wave)[0]["in_live_orders"] == 1
    assert office.stock(wave)[0]["difference"] == 0


def test_the_way_home_is_changed_and_priced_anew(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 20: 10})
    made = office.order(wave).json

    brought = office.edit(made["id"], {"fulfilment": BY_COURIER, "note": "Pagar hijau"}, key="home").json
    heavier = office.edit(made["id"], lines(wave, 1, 1), key="heavier").json
    fetched = office.edit(made["id"], {"fulfilment": {"method": "pickup"}, "note": None}, key="fetch").json

    assert (brought["courier_fee"], brought["total"]) == (FEE, 55_000 + FEE)
    assert brought["fulfilment"] == BY_COURIER | {"quote_id": None, "trips": 1, "window": None, "warning": None}
    assert brought["note"] == "Pagar hijau"
    assert (heavier["courier_fee"], heavier["fulfilment"]["trips"]) == (2 * FEE, 2)
    assert heavier["fulfilment"]["address"] == HOME
    assert (fetched["courier_fee"], fetched["fulfilment"]["address"], fetched["note"]) == (0, None, None)
    place = {"pk": f"ORDER#{made['id']}", "sk": "PRIVATE"}
    assert set(kept(place) or {}) == {"pk", "sk", "subject", "expires"}, "nothing about anybody is left"


def test_nothing_is_kept_about_people_where_nothing_was(office: Office) -> None:
    made = office.order(office.wave()).json

    assert office.edit(made["id"], {"fulfilment": {"method": "pickup"}, "note": None}).status == 200

    assert deps.people().private_of([made["id"]]) == {}


# -- who, when, and how often


def test_the_pic_of_the_drop_off_changes_an_order_and_history_says_so(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave).json

    edited = office.edit(made["id"], lines(wave, 2), caller=PIC)

    assert edited.json["history"][-1]["by"] == PIC.id
    assert edited.json["member"]["id"] == "mem-1"


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        pytest.param(a_member(2), 404, id="another member"),
        pytest.param(Caller("pic-2", frozenset({"pic"})), 404, id="another drop-off's PIC"),
        pytest.param(OPERATOR, 403, id="an operator"),
        pytest.param(Caller("coop-1", frozenset({"cooperative"})), 403, id="a cooperative"),
    ],
)
def test_nobody_else_changes_it(office: Office, caller: Caller, status: int) -> None:
    made = office.order(office.wave()).json

    assert office.edit(made["id"], "{", key="", caller=caller).status == status


def test_the_same_key_is_the_same_edit_also_after_closing(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave).json
    edited = office.edit(made["id"], lines(wave, 2))

    again = office.edit(made["id"], lines(wave, 2), at=CLOSES)
    other = office.edit(made["id"], lines(wave, 3))

    assert (again.status, again.json) == (200, edited.json)
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert available(office, wave) == [8]


EDITS: dict[str, Callable[[Wave], dict[str, Any]]] = {
    "more": lambda wave: lines(wave, 3),
    "fewer": lambda wave: lines(wave, 1),
    "brought home": lambda wave: {"fulfilment": BY_COURIER},
    "a note": lambda wave: {"note": "Titip di satpam"},
    "nothing new": lambda wave: lines(wave, 2),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize(
    ("at", "code"),
    [
        pytest.param(CLOSES - timedelta(milliseconds=1), None, id="a millisecond before closing"),
        pytest.param(CLOSES, "wave_not_open", id="at closing"),
    ],
)
def test_the_edge_of_the_wave_is_sharp_for_every_edit(office: Office, name: str, at: datetime, code: str) -> None:
    wave = office.wave(payment_window_s=None)
    made = office.order(wave, packs=2).json

    assert office.edit(made["id"], EDITS[name](wave), at=at).json.get("code") == code


@pytest.mark.parametrize("name", EDITS)
def test_a_shard_decides_when_the_cached_wave_is_out_of_date(office: Office, name: str) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json
    office.post(f"/v1/waves/{wave['id']}/closing", key="close")
    deps.waves()._remembered[wave["id"]] = (DURING, replace(deps.waves().get(wave["id"]), closes_at=CLOSES))

    refused = office.edit(made["id"], EDITS[name](wave), at=DURING + timedelta(seconds=1))

    assert (refused.status, refused.json["code"]) == (409, "wave_not_open")
    assert deps.orders().get(made["id"]).version == 1


@pytest.mark.parametrize("name", ["more", "fewer", "a note"])
@pytest.mark.parametrize(
    "gate",
    [
        pytest.param({"open": False}, id="shut for good"),
        pytest.param({"opens": DURING + timedelta(seconds=1)}, id="not open yet"),
        pytest.param({"closes": DURING}, id="closed"),
    ],
)
def test_the_gate_of_a_shard_refuses_every_edit(office: Office, name: str, gate: dict[str, Any]) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json
    [(field, value)] = gate.items()
    for shard in deps.shards().items(deps.waves().get(wave["id"]).offers[0]):
        value = to_ms(value) if isinstance(value, datetime) else value
        deps.db().commit(Put(deps.table("orders"), shard | {field: value}))

    refused = office.edit(made["id"], EDITS[name](wave))

    assert (refused.status, refused.json["code"]) == (409, "wave_not_open")


def test_what_is_over_is_not_changed(office: Office) -> None:
    wave = office.wave(orders_per_member=None)
    cancelled, unpaid = office.order(wave, key="1").json, office.order(wave, key="2").json
    office.cancel(cancelled["id"])
    late = DURING + timedelta(hours=2)
    clock.use(lambda: late)

    refused = [office.edit(order["id"], lines(wave, 2), at=late) for order in (cancelled, unpaid)]
    schedule.handler({"time": late.isoformat()}, None)
    refused.append(office.edit(unpaid["id"], lines(wave, 2), at=late))

    assert [(reply.status, reply.json["code"]) for reply in refused] == [(409, "invalid_state")] * 3
    assert available(office, wave) == [10]


# -- what is refused


def test_packs_that_are_gone_are_pointed_at_and_nothing_moves(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: 1})
    made = office.order(wave, packs=3).json

    refused = office.edit(made["id"], lines(wave, 1, 2))

    assert (refused.status, refused.json["code"]) == (409, "sold_out")
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/lines/1"]
    assert available(office, wave) == [7, 1]
    assert office.get(f"/v1/orders/{made['id']}", a_member()).json == made


def test_every_last_pack_can_be_edited_in_however_it_lies_in_shards(office: Office) -> None:
    wave = office.wave(quotas={5: 100})
    made = office.order(wave, packs=7).json

    assert office.edit(made["id"], lines(wave, 100)).status == 200
    assert available(office, wave) == [0]
    assert office.edit(made["id"], lines(wave, 2), key="back").status == 200
    assert available(office, wave) == [98]


def test_limits_count_over_all_orders_of_a_member(office: Office) -> None:
    wave = office.wave(max_per_member=4, orders_per_member=None)
    offer = wave["offers"][0]["id"]
    first = office.order(wave, packs=2, key="1").json
    second = office.order(wave, packs=2, key="2").json

    over = office.edit(first["id"], lines(wave, 3), key="over")
    office.edit(second["id"], lines(wave, 1), key="fewer")
    fits = office.edit(first["id"], lines(wave, 3), key="fits")

    assert (over.status, over.json["code"]) == (409, "limit_exceeded")
    assert [fault["pointer"] for fault in over.json["errors"]] == ["/lines/0/quantity"]
    assert fits.status == 200
    assert counted(wave) == {offer: 4, "live": {first["id"], second["id"]}}


def test_what_no_courier_carries_is_pointed_at(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 20: 100})
    made = office.order(wave, fulfilment=BY_COURIER).json

    far = office.edit(made["id"], {"fulfilment": BY_COURIER | {"address": HOME | {"lat": -6.9}}}, key="far")
    heavy = office.edit(made["id"], lines(wave, 1, 30), key="heavy")

    assert [(r.status, r.json["code"], r.json["errors"][0]["pointer"]) for r in (far, heavy)] == [
        (409, "limit_exceeded", "/fulfilment/address"),
        (409, "limit_exceeded", "/lines"),
    ]


BAD: dict[str, tuple[str, Any]] = {
    "nothing": ("", {}),
    "lines that are null": ("", {"lines": None}),
    "no lines": ("/lines", {"lines": []}),
    "no packs": ("/lines/0/quantity", {"lines": [{"offer_id": "off_x", "quantity": 0}]}),
    "an unknown offer": ("/lines/0/offer_id", {"lines": [{"offer_id": "off_x", "quantity": 1}]}),
    "a field that cannot be changed": ("/dropoff_id", {"dropoff_id": "drp_2"}),
    "an unknown way": ("/fulfilment", {"fulfilment": {"method": "drone"}}),
    "a long note": ("/note", {"note": "x" * 501}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_pointed_at(office: Office, name: str) -> None:
    pointer, body = BAD[name]
    made = office.order(office.wave()).json

    refused = office.edit(made["id"], body)

    assert (refused.status, refused.json["code"]) == (422, "invalid_request")
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


def test_refusals_come_in_the_contracts_order(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave).json
    unknown = {"lines": [{"offer_id": "off_x", "quantity": 1}]}

    assert office.edit(made["id"], "{", key="").json["code"] == "idempotency_key_required"
    assert office.edit(made["id"], "{").json["code"] == "invalid_request"
    assert office.edit(made["id"], unknown, at=CLOSES).json["code"] == "invalid_request"


# -- crashes and rivals


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_crash_at_any_call_of_an_edit_leaves_what_a_repeat_completes(office: Office, after: bool) -> None:
    wave = office.wave(quotas={5: 10, 10: 4})
    made = office.order(wave, packs=3, fulfilment=BY_COURIER, note="Pagar hijau").json
    pay(made["id"])
    body = lines(wave, 1, 0) | {"fulfilment": {"method": "pickup"}, "note": None}
    before = Snapshot()
    with seam() as calls:
        done = office.edit(made["id"], body)
    assert done.json["payment_status"] == "refund_due"

    for number in crash_points(len(calls.calls)):
        before.restore()
        with seam(crash_at=number, after=after):
            office.edit(made["id"], body)
        again = office.edit(made["id"], body)

        assert again.json == done.json, number
        assert available(office, wave) == [9, 4]
        assert counted(wave) == {wave["offers"][0]["id"]: 1, "live": {made["id"]}}


def all_points(office: Office, wave: Wave, order_id: str, act: Callable[[], Any]) -> Any:
    """Yield for every AWS call that an edit to five packs makes what it answered with *act* run just before it."""
    before = Snapshot()
    deps.waves.cache_clear()
    with rival(0, lambda: None) as calls:
        assert office.edit(order_id, lines(wave, 5)).status == 200
    for at in range(1, len(calls) + 1):
        before.restore()
        deps.waves.cache_clear()
        deps.shards().forget(wave["offers"][0]["id"])
        with rival(at, act):
            answer = office.edit(order_id, lines(wave, 5))
        yield answer


def test_of_an_edit_and_a_cancellation_the_later_one_sees_the_other(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json
    pay(made["id"])

    for answer in all_points(office, wave, made["id"], lambda: office.cancel(made["id"])):
        assert answer.status in (200, 409)
        order = deps.orders().get(made["id"])
        events = [happening.event for happening in order.history]
        assert ("edited" in events) == (answer.status == 200)
        assert available(office, wave) == [5 if order.live else 10]
        assert order.live or (order.kept == 0 and counted(wave) == {})


def test_two_edits_at_once_are_one_after_the_other(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json

    for answer in all_points(office, wave, made["id"], lambda: office.edit(made["id"], lines(wave, 9), key="rival")):
        assert answer.status == 200
        order = deps.orders().get(made["id"])
        assert [happening.event for happening in order.history].count("edited") == 2
        assert available(office, wave) == [10 - order.packs]
        assert counted(wave)[wave["offers"][0]["id"]] == order.packs


def test_the_same_edit_twice_at_once_is_done_once(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json

    for answer in all_points(office, wave, made["id"], lambda: office.edit(made["id"], lines(wave, 5))):
        assert answer.status == 200
        assert [happening.event for happening in deps.orders().get(made["id"]).history].count("edited") == 1
        assert available(office, wave) == [5]


def test_the_same_cancellation_twice_at_once_is_done_once(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        office.cancel(made["id"])

    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: office.cancel(made["id"])):
            answer = office.cancel(made["id"])

        assert (answer.status, answer.json["status"]) == (200, "cancelled")
        assert available(office, wave) == [10]


def test_an_edit_against_the_closing_of_its_wave(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json

    def close() -> None:
        office.post(f"/v1/waves/{wave['id']}/closing", key="close", at=DURING)

    codes = set()
    for answer in all_points(office, wave, made["id"], close):
        codes.add(answer.json.get("code"))
        assert deps.orders().get(made["id"]).packs == (5 if answer.status == 200 else 2)
        assert available(office, wave) == [5 if answer.status == 200 else 8]
    assert codes == {None, "wave_not_open"}


def test_an_edit_against_the_expiry_of_its_order(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=2).json
    due = DURING + timedelta(hours=2)

    def expire() -> None:
        schedule.handler({"time": due.isoformat()}, None)

    for answer in all_points(office, wave, made["id"], expire):
        order = deps.orders().get(made["id"])
        assert order.status == "expired" or answer.status == 200
        assert available(office, wave) == [10 - (order.packs if order.live else 0)]
        assert order.live or counted(wave) == {}

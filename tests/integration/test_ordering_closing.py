"""A wave is closed: frozen, counted, supplied, allocated; whatever crashes on the way."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.order import Order
from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from lumbung.runtime.batch import NotAll
from ordering import schedule, stream, worker
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import CLOSES, DURING, Office, a_member, office

__all__ = ["office"]

COOPERATIVE = Caller("coop-1", frozenset({"cooperative"}))
STRANGER = Caller("coop-2", frozenset({"cooperative"}))
FROZEN = CLOSES + timedelta(hours=2, seconds=41)


def pay(order_id: str) -> None:
    """Book the full amount to an order; payments' own tests do it through the providers."""
    deps.orders().change(order_id, lambda o: (o.pay(o.total, method="cash", at=DURING, by="pic-1"), []))


def sell(office: Office, wave: dict[str, Any], *packs: int, unpaid: tuple[int, ...] = ()) -> list[str]:
    """Place one order a minute with *packs*, and pay all but those numbered in *unpaid*."""
    made = []
    for n, wanted in enumerate(packs):
        at = DURING + timedelta(minutes=n)
        reply = office.order(wave, packs=wanted, member=a_member(n), key=f"k{n}", at=at)
        assert reply.status == 201, reply.text
        made.append(reply.json["id"])
        if n not in unpaid:
            pay(made[-1])
    return made


def tick() -> None:
    clock.use(lambda: FROZEN)
    schedule.handler({"time": FROZEN.isoformat()}, None)


def drain(limit: int = 200) -> list[dict[str, Any]]:
    """Hand the closing queue's messages to the worker until there are none; return them in order."""
    sqs, url = deps.aws("sqs"), deps.queue("CLOSING_QUEUE")._url
    taken = []
    for _ in range(limit):
        batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages", [])
        if not batch:
            return taken
        record = {"messageId": batch[0]["MessageId"], "body": batch[0]["Body"]}
        assert worker.handler({"Records": [record]}, None) == {"batchItemFailures": []}
        sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])
        taken.append(json.loads(batch[0]["Body"]))
    raise AssertionError("the queue does not run dry")


def supply(office: Office, wave: dict[str, Any], *packs: int) -> Any:
    lines = [{"offer_id": offer["id"], "packs": n} for offer, n in zip(wave["offers"], packs, strict=True)]
    return office.post(f"/v1/waves/{wave['id']}/supply", {"lines": lines}, key="supply")


def allocated(order_ids: list[str]) -> list[int | None]:
    return [deps.orders().get(order_id).lines[0].allocated for order_id in order_ids]


def test_a_wave_is_not_frozen_while_something_that_began_in_time_may_be_under_way(office: Office) -> None:
    wave = office.wave()
    sell(office, wave, 2)
    early = CLOSES + timedelta(hours=2, seconds=39)
    clock.use(lambda: early)

    schedule.handler({"time": early.isoformat()}, None)

    assert drain() == []
    assert office.get(f"/v1/waves/{wave['id']}/demand").json["code"] == "invalid_state"
    assert supply(office, wave, 2).json["code"] == "invalid_state"


def test_only_paid_orders_count_as_demand(office: Office) -> None:
    wave = office.wave()
    _paid, unpaid = sell(office, wave, 2, 3, unpaid=(1,))

    tick()
    drain()

    demand = office.get(f"/v1/waves/{wave['id']}/demand").json
    assert demand["totals"] == {"packs": 2, "weight_g": 10_000, "value": 110_000}
    assert demand["by_dropoff"] == {office.dropoff: demand["totals"]}
    assert deps.orders().get(unpaid).status == "expired"
    assert office.stock(wave)[0]["difference"] == 0


def test_a_cooperative_sees_what_it_has_confirmed_and_no_other_s(office: Office) -> None:
    other = deps.cooperatives().get(office.cooperative)
    deps.waves().commit(deps.cooperatives().add(replace(other, id="cop_other", operator_ids=frozenset({"coop-2"}))))
    wave = office.wave()
    sell(office, wave, 2)
    tick()
    drain()
    demand = f"/v1/waves/{wave['id']}/demand"
    assert office.get(demand, COOPERATIVE).json["supply"] == []

    supply(office, wave, 10)

    assert office.get(demand, COOPERATIVE).json["supply"] == [{"offer_id": wave["offers"][0]["id"], "packs": 10}]
    assert office.get("/v1/me/cooperatives", COOPERATIVE).json["items"] == [
        {"id": office.cooperative, "name": "Koperasi Tani Mulus", "regency": "Indramayu"}
    ]
    assert [own["id"] for own in office.get("/v1/me/cooperatives", STRANGER).json["items"]] == ["cop_other"]
    assert office.get(demand, STRANGER).status == 404


def test_enough_supply_fills_every_order(office: Office) -> None:
    wave = office.wave()
    made = sell(office, wave, 2, 3)
    tick()
    drain()

    confirmed = supply(office, wave, 10)
    drain()

    assert confirmed.status == 200, confirmed.text
    assert allocated(made) == [2, 3]
    assert deps.waves().get(wave["id"]).status == "allocated"
    assert deps.orders().get(made[0]).fulfilment_status == "allocated"


@pytest.mark.parametrize(
    ("policy", "granted"),
    [pytest.param("first_come", [4, 2, 0], id="first come"), pytest.param("pro_rata", [3, 2, 1], id="pro rata")],
)
def test_a_shortage_is_shared_by_the_waves_policy_and_promised_back(
    office: Office, policy: str, granted: list[int]
) -> None:
    wave = office.wave(allocation_policy=policy)
    made = sell(office, wave, 4, 3, 1)
    tick()
    drain()

    supply(office, wave, 6)
    drain()

    orders = [deps.orders().get(order_id) for order_id in made]
    assert allocated(made) == granted
    assert [order.payment_status for order in orders] == [
        "paid" if order.refund_decided == 0 else "refund_due" for order in orders
    ]
    assert [order.refund_decided for order in orders] == [
        55_000 * (asked - got) for asked, got in zip((4, 3, 1), granted, strict=True)
    ]
    if policy == "first_come":
        assert orders[2].fulfilment_status == "none"


def test_supply_must_name_every_offer_that_is_wanted(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: 10})
    sell(office, wave, 1)
    tick()
    drain()

    lines = [{"offer_id": wave["offers"][1]["id"], "packs": 1}, {"offer_id": "off_other", "packs": 1}]
    refused = office.post(f"/v1/waves/{wave['id']}/supply", {"lines": lines}, key="s")

    assert refused.json["code"] == "invalid_request"
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/lines/1/offer_id", "/lines"]


def test_every_message_may_come_twice_and_late(office: Office) -> None:
    wave = office.wave()
    made = sell(office, wave, 4, 3, 1)
    tick()
    messages = drain()
    supply(office, wave, 6)
    messages += drain()
    before = [deps.orders().get(order_id) for order_id in made]

    for message in messages * 2:
        worker.take(message)
    drain()

    assert [deps.orders().get(order_id) for order_id in made] == before


def test_a_wave_in_which_nothing_was_ordered_completes_by_itself(office: Office) -> None:
    wave = office.wave()

    tick()
    drain()

    assert deps.waves().get(wave["id"]).status == "completed"


def test_a_wave_completes_when_the_last_order_has_ended(office: Office) -> None:
    wave = office.wave()
    made = sell(office, wave, 1)
    tick()
    drain()
    supply(office, wave, 1)
    drain()
    record = {"wave": wave["id"], "dropoff": office.dropoff}

    stream.last_order_ended(record)
    assert deps.waves().get(wave["id"]).status == "allocated"
    finish_by_hand(made[0])
    stream.last_order_ended(record)

    assert deps.waves().get(wave["id"]).status == "completed"


def finish_by_hand(order_id: str) -> None:
    from lumbung.store.open_orders import finish

    def step(order: Order) -> tuple[Order, Any]:
        after = order.arrive(at=FROZEN).collect(at=FROZEN, by="pic-1")
        return after, [finish(deps.table("orders"), order.wave_id, order.dropoff_id)]

    deps.orders().change(order_id, step)


def run_to_the_end(office: Office, wave: dict[str, Any], crash_at: int | None) -> Counter[str]:
    """Close, supply and allocate with one crash somewhere in the queue's work, redelivering what crashed."""
    tick()
    sqs, url = deps.aws("sqs"), deps.queue("CLOSING_QUEUE")._url
    seen: Counter[str] = Counter()
    supplied = False
    for _ in range(60):
        batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=0).get("Messages", [])
        if not batch and not supplied:
            supply(office, wave, 6)
            supplied = True
            continue
        if not batch:
            worker.take({"step": "resume", "wave": wave["id"]})  # as the clock does
            if deps.waves().get(wave["id"]).status != "frozen":
                return seen
            continue
        left = None if crash_at is None else crash_at - seen["calls"]
        with seam(left if left and left > 0 else None, after=True) as calls:
            worker.handler({"Records": [{"messageId": "m", "body": batch[0]["Body"]}]}, None)
        seen["calls"] += len(calls.calls)
        if not calls.crashed:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=batch[0]["ReceiptHandle"])
        seen["crashes"] += calls.crashed
    raise AssertionError("the run does not end")


def test_a_crash_after_any_call_changes_nothing_in_the_end(office: Office) -> None:
    """A crash before a call is a crash after the one before it. `make faults` takes every call, not each twentieth."""
    wave = office.wave()
    made = sell(office, wave, 4, 3, 1)
    sold = Snapshot()
    worker.closing.cache_clear()
    calls = run_to_the_end(office, wave, None)["calls"]
    assert calls > 20

    for crash_at in crash_points(calls):
        sold.restore()
        clock.use(lambda: DURING)
        deps.waves.cache_clear()
        worker.closing.cache_clear()
        assert run_to_the_end(office, wave, crash_at)["crashes"] == 1
        assert allocated(made) == [4, 2, 0], f"crash at call {crash_at}"
        assert [deps.orders().get(o).refund_decided for o in made] == [0, 55_000, 55_000]


def test_what_cannot_be_done_keeps_nothing_else_waiting_and_is_told_in_the_end(
    office: Office, monkeypatch: Any
) -> None:
    closing, open_ = office.wave(), office.wave(name="Gelombang II", closes_at="2020-04-09T08:00:00+07:00",
                                                payment_due_at="2020-04-09T10:00:00+07:00")  # fmt: skip
    sell(office, closing, 2)
    late = [office.order(open_, member=a_member(n), key="unpaid").json["id"] for n in (5, 6, 7)]
    change = deps.orders().change

    def broken(order_id: str, step: Any) -> Any:
        if order_id == late[1]:
            raise ValueError("a bug")
        return change(order_id, step)

    monkeypatch.setattr(deps.orders(), "change", broken)
    clock.use(lambda: FROZEN)

    with pytest.raises(NotAll, match=late[1]):
        schedule.handler({"time": FROZEN.isoformat()}, None)

    assert [deps.orders().get(id_).status for id_ in late] == ["expired", "placed", "expired"]
    assert deps.waves().get(closing["id"]).status == "frozen"

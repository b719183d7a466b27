"""A wave is called off: nobody orders any more, everybody is refunded, whatever crashes or comes at the same time."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.errors import InvalidState
from lumbung.domain.order import Order
from lumbung.runtime import clock, deps
from lumbung.store import keys
from lumbung.store.orders import Orders
from ordering import call_off_orders, schedule, worker
from tests.integration.conftest import Reply
from tests.integration.dispatch_world import take_all
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import CLOSES, DURING, OPENS, Office, a_member, office
from tests.integration.test_dispatch_rivals import rival
from tests.integration.test_ordering_closing import FROZEN, drain, pay, sell, supply, tick

__all__ = ["office"]

REASON = "Gudang koperasi kebanjiran"


def cancel(office: Office, wave: dict[str, Any], *, key: str = "cancel", at: datetime | None = None) -> Reply:
    return office.post(f"/v1/waves/{wave['id']}/cancellation", {"reason": REASON}, key=key, at=at or clock.now())


def minutes_pass(minutes: int = 10) -> None:
    """Let the clock run to the next full ten minutes, when it resumes what a crash has stopped."""
    now = clock.now().replace(second=0) + timedelta(minutes=minutes)
    now -= timedelta(minutes=now.minute % 10)
    clock.use(lambda: now)
    schedule.handler({"time": now.isoformat()}, None)


def orders_of(office: Office, wave: dict[str, Any]) -> list[Order]:
    return list(deps.orders().of_dropoff(wave["id"], office.dropoff))


def refunds() -> list[dict[str, Any]]:
    return list(deps.db().scan(deps.table("payments"), only="kind = :k", values={":k": "REFUND"}))


def everybody_is_refunded(office: Office, wave: dict[str, Any]) -> None:
    """No order is live, none keeps money, each promise is there once, and every pack can be explained."""
    orders = orders_of(office, wave)
    assert not any(order.live for order in orders)
    assert [order.kept for order in orders] == [0] * len(orders)
    promised = {order.id: order.refund_decided for order in orders if order.refund_decided}
    assert {refund["order_key"]: refund["amount"] for refund in refunds()} == promised
    assert len(refunds()) == len(promised)
    for line in office.stock(wave):
        assert (line["available"], line["in_live_orders"], line["difference"]) == (line["quota"], 0, 0)
    assert deps.closings().find(wave["id"]).step == "cancelled"
    assert "due" not in (deps.db().get(deps.table("orders"), keys.wave(wave["id"])) or {})


def scheduled(office: Office, wave: dict[str, Any]) -> None:
    clock.use(lambda: OPENS - timedelta(hours=1))


def opened(office: Office, wave: dict[str, Any]) -> None:
    sell(office, wave, 2, 3, 1, unpaid=(1,))


def closed(office: Office, wave: dict[str, Any]) -> None:
    opened(office, wave)
    clock.use(lambda: CLOSES + timedelta(minutes=1))


def frozen(office: Office, wave: dict[str, Any]) -> None:
    opened(office, wave)
    tick()


def supplying(office: Office, wave: dict[str, Any]) -> None:
    frozen(office, wave)
    drain()


def allocating(office: Office, wave: dict[str, Any]) -> None:
    supplying(office, wave)
    supply(office, wave, 2)


def allocated(office: Office, wave: dict[str, Any]) -> None:
    allocating(office, wave)
    drain()


STATES: list[tuple[Callable[[Office, dict[str, Any]], None], str]] = [
    (scheduled, "scheduled"), (opened, "open"), (closed, "closed"), (frozen, "closed"), (supplying, "closed"),
    (allocating, "closed"), (allocated, "allocated"),
]  # fmt: skip


@pytest.mark.parametrize(("reach", "was"), [pytest.param(*state, id=state[0].__name__) for state in STATES])
def test_a_wave_is_called_off_from_any_state_before_delivery(
    office: Office, reach: Callable[[Office, dict[str, Any]], None], was: str
) -> None:
    wave = office.wave()
    reach(office, wave)
    path = f"/v1/waves/{wave['id']}"
    assert office.get(path).json["state"] == was

    cancelled = cancel(office, wave)

    assert cancelled.status == 200, cancelled.text
    read = office.get(path, caller=None).json
    assert (read["state"], read["cancellation"]["reason"]) == ("cancelled", REASON)
    drain()
    everybody_is_refunded(office, wave)
    assert {refund["liable"] for refund in refunds() if REASON in refund["reason"]} <= {"programme"}
    assert office.get(f"{path}/report").json["totals"]["orders"] == 0
    assert office.get(f"{path}/report").json["settlement"] == []
    assert office.get(f"{path}/demand").json["code"] == "invalid_state"
    lines = [{"offer_id": wave["offers"][0]["id"], "packs": 2}]
    assert office.post(f"{path}/supply", {"lines": lines}, key="too late").json["code"] == "invalid_state"


def test_each_order_is_told_why_and_what_it_gets_back(office: Office) -> None:
    wave = office.wave()
    _paid, _unpaid, part = sell(office, wave, 2, 3, 1, unpaid=(1, 2))
    deps.orders().change(part, lambda o: (o.pay(20_000, method="cash", at=DURING, by="pic-1"), []))

    cancel(office, wave)
    drain()

    orders = orders_of(office, wave)
    assert [order.refund_decided for order in orders] == [110_000, 0, 20_000]
    assert [order.history[-1].event for order in orders] == ["refund_decided", "cancelled", "refund_decided"]
    assert {refund["reason"] for refund in refunds()} == {f"Gelombang dibatalkan: {REASON}"}
    assert office.order(wave, key="after", member=a_member(0)).json["code"] == "wave_not_open"


def test_a_home_delivery_gets_its_fee_back_too_also_after_allocation(office: Office) -> None:
    wave = office.wave()
    address = {
        "line": "Jl. Kebagusan 1", "village_code": "31.74.04.1003", "postal_code": "12520",
        "lat": -6.3096, "lng": 106.83, "recipient": "Siti", "phone": "081234567801",
    }  # fmt: skip
    made = office.order(wave, packs=2, fulfilment={"method": "courier", "address": address}).json
    pay(made["id"])
    tick()
    drain()
    supply(office, wave, 1)
    drain()

    cancel(office, wave)
    drain()

    [order] = orders_of(office, wave)
    assert (order.paid, order.refund_decided, order.fulfilment_status) == (made["total"], made["total"], "none")
    everybody = sorted((refund["amount"], refund["liable"]) for refund in refunds())
    assert everybody == [(55_000, "cooperative"), (55_000 + made["courier_fee"], "programme")]


def test_a_repeat_reads_as_a_repeat_and_another_key_comes_too_late(office: Office) -> None:
    wave = office.wave()
    first = cancel(office, wave)

    again, other = cancel(office, wave), cancel(office, wave, key="other")

    assert again.json == first.json and again.headers["idempotency-replayed"] == "true"
    assert (other.status, other.json["code"]) == (409, "invalid_state")
    assert "cancelled" in other.json["detail"]


def test_a_wave_whose_goods_are_under_way_is_not_called_off(office: Office) -> None:
    wave = office.wave()
    allocated(office, wave)
    deps.waves().commit(deps.waves().save(deps.waves().get(wave["id"]).deliver()))

    refused = cancel(office, wave)

    assert (refused.status, refused.json["code"]) == (409, "invalid_state")
    assert "delivering" in refused.json["detail"]


def test_a_draft_is_given_up_without_anybody_hearing_of_it(office: Office) -> None:
    wave = office.wave()
    times = {name: wave[name] for name in ("opens_at", "closes_at", "payment_due_at", "delivery_date")}
    draft = office.post(f"/v1/waves/{wave['id']}/copy", times, key="copy").json

    assert cancel(office, draft).json["state"] == "cancelled"

    assert take_all("ClosingQueue") == []
    assert office.get(f"/v1/waves/{draft['id']}", caller=None).status == 404
    assert [shown["id"] for shown in office.get("/v1/waves", caller=None).json["items"]] == [wave["id"]]
    assert office.get("/v1/drafts").json["items"] == []
    assert office.post(f"/v1/waves/{draft['id']}/publication", key="p").json["code"] == "invalid_state"


def test_only_an_operator_calls_off_and_says_why(office: Office) -> None:
    wave = office.wave()
    path = f"/v1/waves/{wave['id']}/cancellation"

    assert office.post(path, {"reason": REASON}, key="k", caller=a_member()).json["code"] == "forbidden"
    assert office.post("/v1/waves/wav_none/cancellation", {"reason": REASON}, key="k").json["code"] == "not_found"
    assert office.post(path, {"reason": REASON}, key="").json["code"] == "idempotency_key_required"
    assert [fault["pointer"] for fault in office.post(path, {}, key="k").json["errors"]] == ["/reason"]


def test_messages_of_the_closing_that_was_under_way_change_nothing_more(office: Office) -> None:
    wave = office.wave()
    frozen(office, wave)
    messages = drain()
    supply(office, wave, 2)
    messages += drain()
    cancel(office, wave)
    drain()
    before = orders_of(office, wave)

    for message in messages * 2:
        worker.take(message)

    assert take_all("ClosingQueue") == []
    assert orders_of(office, wave) == before
    everybody_is_refunded(office, wave)


def test_a_large_drop_off_is_called_off_in_several_messages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_off_orders, "AT_ONCE", 1)
    wave = office.wave()
    opened(office, wave)
    cancel(office, wave)

    messages = drain()

    assert [message["step"] for message in messages] == ["resume", "cancel", "cancel", "cancel"]
    everybody_is_refunded(office, wave)


def test_an_order_that_the_index_did_not_show_is_found_in_another_round(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = office.wave()
    [late] = sell(office, wave, 2)
    cancel(office, wave)
    real, hidden = Orders.of_dropoff, [late]

    def lagging(self: Orders, *args: Any, **more: Any) -> Iterator[Order]:
        return (order for order in real(self, *args, **more) if order.id not in hidden)

    monkeypatch.setattr(Orders, "of_dropoff", lagging)
    worker.take({"step": "resume", "wave": wave["id"]})
    with pytest.raises(InvalidState, match="another round"):
        worker.take({"step": "cancel", "wave": wave["id"], "dropoff": office.dropoff})
    hidden.clear()
    assert deps.closings().pending(deps.closings().find(wave["id"])) == {office.dropoff}

    worker.take({"step": "cancel", "wave": wave["id"], "dropoff": office.dropoff})  # what waits in the queue for 30 s

    everybody_is_refunded(office, wave)


# -- crashes


def test_a_crash_at_any_call_of_the_request_leaves_nothing_or_is_resumed_by_the_clock(office: Office) -> None:
    wave = office.wave(quotas={5: 30})
    sell(office, wave, 2, 3, unpaid=(1,))
    sold = Snapshot()
    with seam() as calls:
        assert cancel(office, wave).status == 200

    for crash_at in crash_points(len(calls.calls)):
        for after in (False, True):
            begin_again(sold)
            with seam(crash_at, after=after):
                cancel(office, wave)
            if deps.waves().get(wave["id"]).status == "published":  # it left nothing: the same key may try again
                assert deps.closings().find(wave["id"]) is None
                assert cancel(office, wave).status == 200
            minutes_pass()
            drain()
            minutes_pass()
            drain()
            everybody_is_refunded(office, wave)


def test_a_crash_at_any_call_of_the_worker_is_resumed(office: Office) -> None:
    wave = office.wave()
    sell(office, wave, 2, 3, unpaid=(1,))
    cancel(office, wave)
    take_all("ClosingQueue")
    cancelled = Snapshot()

    def work(crash_at: int | None, after: bool = False) -> int:
        """Take both messages, one of them crashing at its call *crash_at* of the two together."""
        seen = 0
        for message in ({"step": "resume"}, {"step": "cancel", "dropoff": office.dropoff}):
            left = crash_at - seen if crash_at and crash_at > seen else None
            with seam(left, after=after) as calls:
                worker.take({"wave": wave["id"], **message})
            seen += len(calls.calls)
        return seen

    for crash_at in crash_points(work(None)):
        for after in (False, True):
            begin_again(cancelled)
            work(crash_at, after)
            take_all("ClosingQueue")
            minutes_pass()
            drain()
            everybody_is_refunded(office, wave)


def begin_again(snapshot: Snapshot) -> None:
    snapshot.restore()
    clock.use(lambda: DURING)
    for made in (deps.waves, deps.shards, worker.closing, worker.call_off):
        made.cache_clear()
    take_all("ClosingQueue")


# -- rivals


def every_boundary(snapshot: Snapshot, act: Callable[[], Any], other: Callable[[], Any]) -> Iterator[Any]:
    """Yield what *act* answered with *other* inside each of its calls, beginning anew each time."""
    for _ in ("the first time it asks for secrets as well", "counted"):
        begin_again(snapshot)
        with rival(0, lambda: None) as calls:
            act()
    for at in range(1, len(calls) + 1):
        begin_again(snapshot)
        with rival(at, other) as seen:
            answer = act()
        assert len(seen) >= at, "the rival had no turn"
        yield answer


def test_an_order_that_comes_during_a_cancellation_is_refused_or_called_off(office: Office) -> None:
    wave = office.wave()
    before = Snapshot()
    placed: list[Reply] = []

    for cancelled in every_boundary(before, lambda: cancel(office, wave), lambda: placed.append(office.order(wave))):
        assert cancelled.status == 200
        drain()
        everybody_is_refunded(office, wave)
    assert {reply.json.get("code") for reply in placed} == {None, "wave_not_open"}


def test_a_cancellation_that_comes_during_an_order_has_the_last_word(office: Office) -> None:
    wave = office.wave()
    before = Snapshot()

    for placed in every_boundary(before, lambda: office.order(wave), lambda: cancel(office, wave)):
        assert placed.json.get("code") in (None, "wave_not_open")
        drain()
        everybody_is_refunded(office, wave)


@pytest.mark.parametrize("begun", [frozen, allocating], ids=["aggregating", "allocating"])
def test_a_cancellation_at_any_call_of_a_closing_step_wins(
    office: Office, begun: Callable[[Office, dict[str, Any]], None]
) -> None:
    wave = office.wave()
    begun(office, wave)
    sold, messages = Snapshot(), take_all("ClosingQueue")

    def step() -> None:
        clock.use(lambda: FROZEN)
        for message in messages:
            record = {"messageId": "m", "body": json.dumps(message)}
            worker.handler({"Records": [record]}, None)

    for _ in every_boundary(sold, step, lambda: cancel(office, wave)):
        drain_what_is_left()
        everybody_is_refunded(office, wave)


def test_the_same_cancellation_twice_at_once_is_one(office: Office) -> None:
    wave = office.wave()
    before = Snapshot()
    rivals: list[Reply] = []

    for cancelled in every_boundary(before, lambda: cancel(office, wave), lambda: rivals.append(cancel(office, wave))):
        assert (cancelled.status, rivals[-1].status) == (200, 200)
        replayed = ["idempotency-replayed" in reply.headers for reply in (cancelled, rivals[-1])]
        assert sorted(replayed) == [False, True]


def test_a_draft_that_is_published_while_it_is_given_up_is_called_off(office: Office) -> None:
    wave = office.wave()
    times = {name: wave[name] for name in ("opens_at", "closes_at", "payment_due_at", "delivery_date")}
    draft = office.post(f"/v1/waves/{wave['id']}/copy", times, key="copy").json
    drafted = Snapshot()
    published: list[Reply] = []

    def publish() -> None:
        published.append(office.post(f"/v1/waves/{draft['id']}/publication", key="p"))

    for act, other in ((publish, lambda: cancel(office, draft)), (lambda: cancel(office, draft), publish)):
        for _ in every_boundary(drafted, act, other):
            drain()
            stored = deps.waves().get(draft["id"])
            assert stored.status == "cancelled"
            assert stored.is_public == (published[-1].status == 200)
            assert office.order(draft).json["code"] == "wave_not_open"
            if stored.is_public:
                everybody_is_refunded(office, draft)
    assert {reply.status for reply in published} == {200, 409}


def test_what_a_closing_step_found_during_a_cancellation_stays_on_record(office: Office) -> None:
    wave = office.wave()
    supplying(office, wave)
    supply(office, wave, 2)
    take_all("ClosingQueue")
    supplied = Snapshot()
    was: list[str] = []

    def allocate() -> None:
        was.append(deps.waves().get(wave["id"]).status)
        worker.take({"step": "allocate", "wave": wave["id"]})

    for _ in every_boundary(supplied, lambda: cancel(office, wave, at=FROZEN), allocate):
        run = deps.closings().find(wave["id"])
        assert (run.step, bool(run.rules)) == ("cancel", was[-1] == "frozen")
    assert set(was) == {"frozen", "cancelled"}


def drain_what_is_left() -> None:
    """Drain twice: a message that lost against the cancellation may fail once."""
    for _ in range(2):
        for message in take_all("ClosingQueue"):
            try:
                worker.take(message)
            except InvalidState:
                worker.take(message)


def test_of_a_freeze_and_a_cancellation_the_cancellation_wins(office: Office) -> None:
    wave = office.wave()
    sell(office, wave, 2)
    sold = Snapshot()

    for _ in every_boundary(sold, tick, lambda: cancel(office, wave, at=FROZEN)):
        drain()
        minutes_pass()
        drain()
        everybody_is_refunded(office, wave)

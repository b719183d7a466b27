"""Whatever the provider tells, in whatever order and number: ledger, orders and provider agree in the end."""

import copy
import random
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from lumbung.domain.moments import parse, rfc3339
from lumbung.runtime import clock, deps
from tests.integration.faults import crash_points, seam
from tests.integration.office import CLOSES, DURING, OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World, quick_world, snapshots, world

__all__ = ["office", "quick_world", "world"]

EVENTS = ("pending", "settlement", "expire", "deny", "refund")


def an_asked_order(world: World, *, method: str = "virtual_account", **wave: Any) -> tuple[str, str, str]:
    made = world.office.wave(**wave)
    order = world.office.order(made).json
    return made["id"], order["id"], world.pay(order["id"], method=method).json["id"]


def test_a_settlement_confirms_the_order_and_is_the_waves_money(world: World) -> None:
    wave, order, payment = an_asked_order(world)

    world.happens(payment, "settlement")

    assert world.order(order).status == "confirmed"
    assert world.payment(payment).status == "settled"
    assert world.balances() == {"gateway:midtrans": 55_000, f"unearned:{wave}": 55_000}
    world.agree(wave)


def test_fifty_notifications_of_one_settlement_are_one_transfer(world: World) -> None:
    wave, _, payment = an_asked_order(world)
    world.midtrans.truths[payment].be("settlement", clock.now())
    answers = [world.told(payment, "settlement").json["status"] for _ in range(25)]
    answers += [world.told(payment, "settlement", settlement_time=f"t{n}").json["status"] for n in range(25)]

    world.drain()

    assert answers.count("duplicate") == 23  # told in the same words before we knew that it is true: twice
    assert len(world.items("TRANSFER")) == 1
    world.agree(wave)


def _kept(world: World) -> Callable[[], None]:
    """Return how to put every table back to what it is now."""
    assert world.keep is not None
    back = world.keep()

    def restore() -> None:
        back()
        deps.shards.cache_clear()

    return restore


@pytest.mark.parametrize("when", ["in time", "after the order expired", "after the wave closed"])
def test_all_orders_of_all_events_end_as_the_provider_has_it(quick_world: World, when: str) -> None:
    world = quick_world
    wave, order, payment = an_asked_order(world)
    due = world.order(order).payment_due_at
    start = {"in time": clock.now(), "after the order expired": due, "after the wave closed": CLOSES}[when]
    world.at(start)
    world.minute()
    restore, pristine, pumped = _kept(world), copy.deepcopy(world.midtrans.truths), set(world.pumped)

    for number, events in enumerate(permutations(EVENTS)):
        restore()
        world.pumped, world.midtrans.truths = set(pumped), copy.deepcopy(pristine)
        world.at(start + timedelta(minutes=1))
        for place, status in enumerate(events):
            world.later(seconds=1)
            world.happens(payment, status, notify=1 + (number + place) % 5)
        world.minute(2)

        assert world.payment(payment).held == (55_000 if events[-1] == "settlement" else 0), events
        world.agree(wave)


def test_all_orders_of_all_events_agree_with_cash_taken_in_between(quick_world: World) -> None:
    world = quick_world
    wave, order, payment = an_asked_order(world)
    restore, pristine, pumped = _kept(world), copy.deepcopy(world.midtrans.truths), set(world.pumped)

    for number, events in enumerate(permutations(EVENTS)):
        restore()
        world.pumped, world.midtrans.truths = set(pumped), copy.deepcopy(pristine)
        world.at(DURING)
        for place, status in enumerate(events):
            world.later(seconds=1)
            if place == number % 5:
                world.cash(order, 55_000)
            world.happens(payment, status)
        world.minute(2)

        world.agree(wave)


def test_notifications_that_lag_behind_the_provider_change_nothing(quick_world: World) -> None:
    world = quick_world
    wave, order, payment = an_asked_order(world)
    world.midtrans.truths[payment].be("settlement", clock.now())
    restore, pristine = _kept(world), set(world.pumped)

    for events in permutations(EVENTS):
        restore()
        world.pumped = set(pristine)
        for status in events:
            world.told(payment, status)
        world.drain()

        assert world.order(order).status == "confirmed", events
        assert len(world.items("TRANSFER")) == 1
    world.agree(wave)


@pytest.mark.parametrize("seed", [*range(12), 24, 53, 56, 153, 227])
def test_any_history_of_payments_cash_refunds_and_time_adds_up(quick_world: World, seed: int) -> None:
    """Failing seeds stay in the list."""
    world, dice = quick_world, random.Random(seed)
    made = world.office.wave(quotas={5: 6}, orders_per_member=None)
    orders: list[str] = []

    def ask(n: int) -> None:
        if not orders or dice.random() < 0.4:
            placed = world.office.order(made, key=f"o{n}", member=a_member(n % 4), at=clock.now())
            orders.extend([placed.json["id"]] if placed.status == 201 else [])
        elif (order := world.order(dice.choice(orders))).status == "placed":
            world.pay(order.id, key=f"p{n}", method=dice.choice(["qris", "virtual_account"]), caller=PIC)

    def happen(n: int) -> None:
        if world.midtrans.truths:
            status = dice.choice([*EVENTS, "settlement", "settlement", "cancel"])
            world.happens(dice.choice(list(world.midtrans.truths)), status, notify=dice.randrange(3))

    def take(n: int) -> None:
        if orders:
            order, offline = dice.choice(orders), dice.random() < 0.5
            amount = 55_000 if dice.random() < 0.8 else 60_000
            more = {"received_at": rfc3339(clock.now()), "receipt_number": f"R{n}"} if offline else {}
            world.cash(order, amount, key=f"c{n}", **more)

    def refund(n: int) -> None:
        if orders:
            body = {"amount": dice.choice([5_000, 55_000]), "reason": "x", "liable": "programme"}
            world.post(f"/v1/orders/{dice.choice(orders)}/refunds", body, key=f"r{n}", caller=OPERATOR)

    def wait(n: int) -> None:
        world.later(minutes=dice.choice([0, 1, 20, 90]))
        world.minute()

    for n in range(60):
        world.midtrans.down = dice.random() < 0.1
        dice.choice([ask, ask, happen, happen, take, refund, wait])(n)
        world.drain()
    world.midtrans.down = False
    world.minute(2)
    for payment, truth in world.midtrans.truths.items():  # what was never told is told at last
        world.told(payment, truth.status)
    world.drain()
    world.minute(12)

    world.agree(made["id"])


def test_a_status_that_nobody_signed_for_is_not_believed(world: World) -> None:
    _, order, payment = an_asked_order(world)

    assert world.told(payment, "settlement").status == 200
    world.drain()

    assert world.order(order).status == "placed"
    assert world.items("TRANSFER") == []


def test_what_the_provider_confirms_only_later_is_applied_then(world: World) -> None:
    _, order, payment = an_asked_order(world)
    world.told(payment, "settlement")
    world.drain()
    world.midtrans.truths[payment].be("settlement", clock.now())

    world.minute(2)

    assert world.order(order).status == "confirmed"


def test_late_money_revives_the_order_while_packs_are_left(world: World) -> None:
    wave, order, payment = an_asked_order(world, quotas={5: 1})
    world.at(world.order(order).payment_due_at)
    world.minute()
    assert world.order(order).status == "expired"

    world.happens(payment, "settlement")

    assert world.order(order).status == "confirmed"
    assert world.office.stock({"id": wave})[0]["available"] == 0
    world.agree(wave)


def test_late_money_without_packs_is_refunded(world: World) -> None:
    made = world.office.wave(quotas={5: 1})
    order = world.office.order(made).json["id"]
    payment = world.pay(order).json["id"]
    world.at(world.order(order).payment_due_at)
    world.minute()
    assert world.office.order(made, key="b", member=a_member(2), at=clock.now()).status == 201

    world.happens(payment, "settlement")

    assert (world.order(order).status, world.order(order).payment_status) == ("expired", "refund_due")
    assert world.balances() == {"gateway:midtrans": 55_000, "refund_payable": 55_000}
    refunds = world.get(f"/v1/refunds?status=decided&wave_id={made['id']}").json["items"]
    assert [(refund["order_id"], refund["amount"]) for refund in refunds] == [(order, 55_000)]
    world.agree(made["id"])


def test_late_money_of_somebody_who_ordered_again_is_refunded(world: World) -> None:
    made = world.office.wave()
    order = world.office.order(made).json["id"]
    payment = world.pay(order).json["id"]
    world.at(world.order(order).payment_due_at)
    world.minute()
    assert world.office.order(made, key="again", at=clock.now()).status == 201

    world.happens(payment, "settlement")

    assert world.order(order).status == "expired"
    assert world.balances() == {"gateway:midtrans": 55_000, "refund_payable": 55_000}
    world.agree(made["id"])


def test_money_in_time_counts_although_the_news_comes_after_the_order_was_due(world: World) -> None:
    _, order, payment = an_asked_order(world)
    due = world.order(order).payment_due_at
    world.midtrans.truths[payment].be("settlement", due - timedelta(seconds=40))
    world.at(due + timedelta(seconds=10))  # the sweep has not come by yet

    world.told(payment, "settlement")
    world.drain()

    assert world.order(order).status == "confirmed"


def test_paying_in_cash_and_at_the_bank_is_credited_and_promised_back(world: World) -> None:
    wave, order, payment = an_asked_order(world)
    world.midtrans.truths[payment].be("settlement", clock.now())  # nobody has told us yet
    assert world.cash(order, 55_000).status == 201

    world.minute()

    assert world.order(order).payment_status == "refund_due"
    dropoff = world.office.dropoff
    assert world.balances() == {
        "gateway:midtrans": 55_000, f"pic:{dropoff}": 55_000, "refund_payable": 55_000, f"unearned:{wave}": 55_000,
    }  # fmt: skip
    world.agree(wave)


def test_another_amount_is_set_aside_and_somebody_is_told(world: World) -> None:
    wave, order, payment = an_asked_order(world)
    world.midtrans.truths[payment].amount = 50_000

    world.happens(payment, "settlement")

    assert world.order(order).status == "placed"
    assert world.balances() == {"gateway:midtrans": 50_000, "suspense": 50_000}
    result = world.reconciled(wave)
    assert result["ok"] is True
    assert {item["check"] for item in result["open_items"]} == {"suspense", "amount_differs"}
    world.agree(wave)


def test_a_reversal_before_the_wave_is_allocated_lets_the_order_wait_and_then_expire(world: World) -> None:
    wave, order, payment = an_asked_order(world)
    world.happens(payment, "settlement")

    world.happens(payment, "deny")

    assert world.order(order).status == "placed"
    assert world.balances() == {}
    world.at(world.order(order).payment_due_at)
    world.minute()
    assert world.order(order).status == "expired"
    world.agree(wave)


def test_a_reversal_after_the_order_was_due_gives_its_packs_back(world: World) -> None:
    wave, order, payment = an_asked_order(world, quotas={5: 1})
    world.happens(payment, "settlement")
    world.at(world.order(order).payment_due_at)

    world.happens(payment, "deny")

    assert world.order(order).status == "expired"
    assert world.office.stock({"id": wave})[0]["available"] == 1
    offers = [{"id": line.offer_id} for line in world.order(order).lines]
    again = world.office.order({"id": wave, "offers": offers}, key="2", member=a_member(2), at=clock.now())
    assert again.status == 201
    world.agree(wave)


def test_pending_after_settlement_is_believed_only_when_it_stays(world: World) -> None:
    wave, order, payment = an_asked_order(world)
    world.happens(payment, "settlement")

    world.happens(payment, "pending")
    assert world.order(order).status == "confirmed"

    world.minute(2)
    assert world.order(order).status == "placed"
    world.agree(wave)


def test_a_reversal_that_is_reversed_in_the_very_same_words_is_news(world: World) -> None:
    wave, order, payment = an_asked_order(world)

    for status in ("settlement", "deny", "settlement", "deny", "settlement"):
        world.happens(payment, status)

    assert world.order(order).status == "confirmed"
    assert world.told(payment, "settlement").json["status"] == "duplicate"
    world.agree(wave)


def test_an_unknown_payment_is_parked_shown_and_after_an_hour_somebody_is_told(world: World) -> None:
    assert world.told("pay_unknown", "settlement").status == 200
    world.drain()

    [parked] = world.get("/v1/inbox?status=parked").json["items"]
    assert (parked["subject"], parked["reason"], parked["tries"]) == ("pay_unknown", "unknown_payment", 1)
    world.minute(70)

    assert [item["about"] for item in world.items("INCIDENT")] == ["event_parked"]
    assert 6 <= world.get("/v1/inbox?status=parked").json["items"][0]["tries"] <= 8


def test_a_status_that_nobody_knows_is_parked_and_changes_nothing(world: World) -> None:
    _, order, payment = an_asked_order(world)

    world.happens(payment, "settlement_of_the_third_kind")

    assert world.get("/v1/inbox").json["items"][0]["reason"] == "not_understood"
    assert world.order(order).status == "placed"


def test_while_the_provider_is_down_events_wait_and_are_applied_later(world: World) -> None:
    _, order, payment = an_asked_order(world)
    world.midtrans.truths[payment].be("settlement", clock.now())
    world.midtrans.down = True
    world.told(payment, "settlement")
    world.drain()
    world.minute(2)
    assert world.order(order).status == "placed"

    world.midtrans.down = False
    world.minute(6)

    assert world.order(order).status == "confirmed"


# -- refunds


def test_a_refund_of_a_qris_payment_is_asked_of_the_provider_and_done(world: World) -> None:
    wave, order, payment = an_asked_order(world, method="qris")
    world.happens(payment, "settlement")
    body = {"amount": 20_000, "reason": "Satu kemasan rusak", "liable": "cooperative"}

    decided = world.post(f"/v1/orders/{order}/refunds", body, key="r", caller=OPERATOR)
    assert (decided.status, decided.json["status"]) == (201, "decided")
    world.drain()

    assert world.get(f"/v1/refunds?wave_id={wave}").json["items"][0]["status"] == "done"
    assert world.midtrans.truths[payment].refunds == {decided.json["id"]: 20_000}
    assert world.payment(payment).status == "partially_refunded"
    assert world.balances() == {"gateway:midtrans": 35_000, f"unearned:{wave}": 35_000}
    world.agree(wave)


def test_a_refund_of_a_virtual_account_stays_open_until_it_is_made_by_hand(world: World) -> None:
    wave, order, payment = an_asked_order(world)
    world.happens(payment, "settlement")
    world.post(f"/v1/orders/{order}/refunds", {"amount": 100, "reason": "x", "liable": "pic"}, key="r", caller=OPERATOR)
    world.minute(2)

    assert world.get(f"/v1/refunds?wave_id={wave}").json["items"][0]["status"] == "decided"
    assert "refund" not in world.midtrans.calls
    assert [item["check"] for item in world.reconciled(wave)["open_items"]] == ["refund"]
    world.agree(wave)


def test_a_refund_that_the_provider_refuses_is_failed_and_still_owed(world: World) -> None:
    wave, order, payment = an_asked_order(world, method="qris")
    world.happens(payment, "settlement")
    world.midtrans.refuses_refunds = True
    world.post(f"/v1/orders/{order}/refunds", {"amount": 100, "reason": "x", "liable": "pic"}, key="r", caller=OPERATOR)
    world.minute(2)

    assert world.get(f"/v1/refunds?wave_id={wave}").json["items"][0]["status"] == "failed"
    assert world.balances()["refund_payable"] == 100
    assert world.midtrans.calls.count("refund") == 1
    world.agree(wave)


def test_a_refund_asked_for_while_the_provider_was_down_is_asked_for_again(world: World) -> None:
    wave, order, payment = an_asked_order(world, method="qris")
    world.happens(payment, "settlement")
    world.midtrans.down = True
    world.post(f"/v1/orders/{order}/refunds", {"amount": 100, "reason": "x", "liable": "pic"}, key="r", caller=OPERATOR)
    world.drain()
    assert world.get(f"/v1/refunds?wave_id={wave}").json["items"][0]["status"] == "requested"

    world.midtrans.down = False
    world.minute()

    assert world.get(f"/v1/refunds?wave_id={wave}").json["items"][0]["status"] == "done"
    world.agree(wave)


def test_two_refunds_of_sixty_per_cent_are_one_too_many(world: World) -> None:
    _, order, payment = an_asked_order(world)
    world.happens(payment, "settlement")
    body = {"amount": 33_000, "reason": "x", "liable": "programme"}
    path = f"/v1/orders/{order}/refunds"

    assert world.post(path, body, key="a", caller=OPERATOR).status == 201
    refused = world.post(path, body, key="b", caller=OPERATOR)
    again = world.post(path, body, key="a", caller=OPERATOR)

    assert (refused.status, refused.json["code"]) == (409, "amount_mismatch")
    assert (again.status, again.headers["idempotency-replayed"]) == (201, "true")


# -- crashes


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_crash_at_any_call_of_settling_loses_and_doubles_nothing(world: World, after: bool) -> None:
    wave, order, payment = an_asked_order(world)
    world.midtrans.truths[payment].be("settlement", clock.now())
    restore, pumped = snapshots(), set(world.pumped)
    with seam() as counted:
        world.told(payment, "settlement")
        world.drain()
    assert counted.calls.count("TransactWriteItems") >= 4  # the event, the settlement, its mark, the balances

    for number in crash_points(len(counted.calls)):
        restore()
        world.pumped = set(pumped)
        with seam(crash_at=number, after=after):
            world.told(payment, "settlement")
            world.drain()
        world.pumped = set(pumped)  # the stream delivers again what was not answered for
        assert world.told(payment, "settlement").status == 200
        world.drain()

        assert world.order(order).status == "confirmed", number
        assert len(world.items("TRANSFER")) == 1
        world.agree(wave)


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_crash_at_any_call_of_refunding_gives_the_money_back_once(world: World, after: bool) -> None:
    wave, order, payment = an_asked_order(world, method="qris")
    world.happens(payment, "settlement")
    body = {"amount": 20_000, "reason": "x", "liable": "cooperative"}
    world.post(f"/v1/orders/{order}/refunds", body, key="r", caller=OPERATOR)
    restore, pumped, truths = snapshots(), set(world.pumped), copy.deepcopy(world.midtrans.truths)
    with seam() as counted:
        world.drain()

    for number in crash_points(len(counted.calls)):
        restore()
        world.pumped, world.midtrans.truths = set(pumped), copy.deepcopy(truths)
        with seam(crash_at=number, after=after):
            world.drain()
        world.pumped = set(pumped)
        world.minute()

        assert sum(world.midtrans.truths[payment].refunds.values()) == 20_000, number
        assert world.balances() == {"gateway:midtrans": 35_000, f"unearned:{wave}": 35_000}
        world.agree(wave)


def test_the_time_of_the_provider_decides_whether_money_was_in_time(world: World) -> None:
    _, order, payment = an_asked_order(world)

    world.happens(payment, "settlement")

    paid = next(item for item in world.items("TRANSFER"))
    assert paid["at"] == int(world.midtrans.truths[payment].settled_at.timestamp() * 1000)  # type: ignore[union-attr]
    assert parse(world.office.get(f"/v1/orders/{order}").json["history"][-1]["at"]) == clock.now()

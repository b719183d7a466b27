"""Cash under crashes and rivals: whatever comes in between, a till holds what was taken less what was counted."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from lumbung.domain.moments import rfc3339
from lumbung.runtime import clock
from tests.integration.conftest import Reply
from tests.integration.faults import crash_points, rival, rival_points, seam
from tests.integration.office import OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World, other, world
from tests.integration.test_payments_cash import a_remittance, limit
from tests.integration.test_payments_settling import snapshots

__all__ = ["office", "world"]

Act = Callable[[str], Reply]


def two_orders(world: World) -> tuple[str, list[str]]:
    wave = world.office.wave()
    return wave["id"], [world.office.order(wave, key=f"k{n}", member=a_member(n)).json["id"] for n in (1, 2)]


def on_hand(world: World) -> int:
    return int(world.get(f"/v1/dropoffs/{world.office.dropoff}/cash").json["on_hand"])


def inside_each_other(world: World, mine: Act, theirs: Act, check: Callable[[list[Reply]], None]) -> None:
    """Let *theirs* happen whole before each call of *mine*, from the same beginning each time."""
    restore, pumped = snapshots(), set(world.pumped)
    with seam() as counted:
        mine("mine")
    for number in rival_points(counted.calls):
        restore()
        world.pumped = set(pumped)
        replies: list[Reply] = []
        with rival(number, partial(_note, replies, theirs)):
            replies.append(mine("mine"))
        if len(replies) == 2:  # warm, it makes fewer calls
            world.drain()
            check(replies)


def _note(replies: list[Reply], act: Act) -> None:
    replies.append(act("theirs"))


def statuses(replies: list[Reply]) -> list[int]:
    return sorted(reply.status for reply in replies)


def test_two_receipts_at_once_never_cross_the_limit(world: World) -> None:
    wave, (one, two) = two_orders(world)
    limit(world, 100_000)

    def check(replies: list[Reply]) -> None:
        assert statuses(replies) == [201, 409]
        assert on_hand(world) == 55_000
        world.agree(wave)

    inside_each_other(
        world, lambda key: world.cash(one, 55_000, key=key), lambda key: world.cash(two, 55_000, key=key), check
    )


def test_who_crosses_the_limit_offline_while_another_pays_in_is_noticed(world: World) -> None:
    wave, (one, two) = two_orders(world)
    limit(world, 100_000)
    offline = {"receipt_number": "A-1", "received_at": rfc3339(clock.now())}

    def check(replies: list[Reply]) -> None:
        told = {item["check"] for item in world.reconciled(wave)["open_items"]}
        assert on_hand(world) == 55_000 * statuses(replies).count(201)
        assert ("cash_over_limit" in told) == (on_hand(world) > 100_000)
        world.agree(wave)

    inside_each_other(
        world,
        lambda key: world.cash(one, 55_000, key=key, **offline),
        lambda key: world.cash(two, 55_000, key=key),
        check,
    )


def test_one_receipt_uploaded_twice_at_once_is_booked_once(world: World) -> None:
    wave, (order, _) = two_orders(world)
    offline = {"receipt_number": "A-1", "received_at": rfc3339(clock.now())}

    def check(replies: list[Reply]) -> None:
        assert statuses(replies) == [201, 201]
        assert replies[0].json["id"] == replies[1].json["id"]
        assert on_hand(world) == 55_000
        world.agree(wave)

    def act(key: str) -> Reply:
        return world.cash(order, 55_000, key=key, **offline)

    inside_each_other(world, act, act, check)


def test_cash_and_a_settlement_at_once_are_both_money(world: World) -> None:
    wave, (order, _) = two_orders(world)
    payment = world.pay(order).json["id"]
    world.midtrans.truths[payment].be("settlement", clock.now())

    def settle(key: str) -> Reply:
        told = world.told(payment, "settlement")
        world.drain()
        return told

    def check(replies: list[Reply]) -> None:
        world.minute()
        assert on_hand(world) == (55_000 if replies[1].status == 201 else 0)
        world.agree(wave)

    inside_each_other(world, lambda key: world.cash(order, 55_000, key=key), settle, check)


@pytest.mark.parametrize("key", ["mine", "theirs"], ids=["the same request", "another operator"])
def test_a_hand_over_accepted_by_two_at_once_is_counted_once(world: World, key: str) -> None:
    wave, (order, _) = two_orders(world)
    world.cash(order, 55_000)
    path = f"/v1/remittances/{a_remittance(world, 55_000)}/acceptance"
    world.drain()

    def accept(_: str, by: Any = OPERATOR, key: str = "mine") -> Reply:
        return world.post(path, {"counted": 50_000}, key=key, caller=by)

    def check(replies: list[Reply]) -> None:
        assert statuses(replies) == ([201, 201] if key == "mine" else [201, 409])
        assert on_hand(world) == 5_000
        assert world.balances()["bank"] == 50_000
        world.agree(wave)

    by = OPERATOR if key == "mine" else other(OPERATOR, "op-2")
    inside_each_other(world, accept, partial(accept, by=by, key=key), check)


def test_two_hand_overs_at_once_never_promise_more_than_is_free(world: World) -> None:
    wave, (order, _) = two_orders(world)
    world.cash(order, 55_000)
    path = f"/v1/dropoffs/{world.office.dropoff}/remittances"

    def hand_over(key: str) -> Reply:
        return world.post(path, {"amount": 40_000, "method": "tunai"}, key=key, caller=PIC)

    def check(replies: list[Reply]) -> None:
        assert statuses(replies) == [201, 409]
        world.agree(wave)

    inside_each_other(world, hand_over, hand_over, check)


def test_a_crash_at_any_call_of_a_hand_over_leaves_all_of_it_or_nothing(world: World) -> None:
    wave, (order, _) = two_orders(world)
    world.cash(order, 55_000)
    path = f"/v1/dropoffs/{world.office.dropoff}/remittances"

    def hand_over() -> Reply:
        announced = world.post(path, {"amount": 55_000, "method": "tunai"}, key="h", caller=PIC)
        accepted = f"/v1/remittances/{announced.json['id']}/acceptance"
        return world.post(accepted, {"counted": 50_000}, key="a", caller=OPERATOR)

    restore, pumped = snapshots(), set(world.pumped)
    with seam() as counted:
        assert hand_over().status == 201

    for number in crash_points(len(counted.calls)):
        for after in (False, True):
            restore()
            world.pumped = set(pumped)
            with seam(crash_at=number, after=after):
                hand_over()
            assert hand_over().status == 201
            world.drain()
            assert (on_hand(world), world.balances()["bank"]) == (5_000, 50_000), (number, after)
            world.agree(wave)

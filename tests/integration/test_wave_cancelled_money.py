"""Money of a wave that was called off: whatever comes in, and whenever, is booked and goes back."""

from typing import Any

import pytest

from lumbung.runtime import clock
from tests.integration.office import DURING, PIC, office
from tests.integration.payments_world import World, world
from tests.integration.test_ordering_closing import drain

__all__ = ["office", "world"]


def call_off(world: World, wave: dict[str, Any]) -> None:
    reply = world.office.post(f"/v1/waves/{wave['id']}/cancellation", {"reason": "Banjir"}, key="c", at=clock.now())
    assert reply.status == 200, reply.text
    drain()
    world.drain()


def nothing_is_kept(world: World, wave: dict[str, Any], order_id: str, paid: int) -> None:
    order = world.order(order_id)
    assert (order.status, order.paid, order.kept) == ("cancelled", paid, 0)
    assert world.balances().get(f"unearned:{wave['id']}", 0) == 0
    world.agree(wave["id"])


@pytest.mark.parametrize("method", ["virtual_account", "qris"])
def test_what_was_paid_goes_back_the_way_it_came(world: World, method: str) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    payment = world.pay(order, method=method).json["id"]
    world.happens(payment, "settlement")

    call_off(world, wave)
    world.minute(2)

    nothing_is_kept(world, wave, order, 55_000)
    [refund] = world.items("REFUND")
    assert (refund["reason"], refund["liable"]) == ("Gelombang dibatalkan: Banjir", "programme")
    assert refund["status"] == ("done" if method == "qris" else "decided")  # QRIS by itself, the other by hand


def test_money_that_comes_after_a_cancellation_is_booked_and_promised_back(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    payment = world.pay(order).json["id"]
    call_off(world, wave)

    world.happens(payment, "settlement", notify=3)

    nothing_is_kept(world, wave, order, 55_000)
    assert [refund["amount"] for refund in world.items("REFUND")] == [55_000]


def test_money_between_the_cancellation_and_its_orders_is_promised_back_once(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    payment = world.pay(order).json["id"]
    reply = world.office.post(f"/v1/waves/{wave['id']}/cancellation", {"reason": "Banjir"}, key="c", at=DURING)
    assert reply.status == 200

    world.happens(payment, "settlement")
    assert world.order(order).status == "confirmed"
    drain()
    world.drain()

    nothing_is_kept(world, wave, order, 55_000)


def test_a_payment_that_nobody_made_is_stopped_at_the_provider(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    payment = world.pay(order).json["id"]
    call_off(world, wave)

    world.minute(6)

    assert world.payment(payment).status == "expired"
    nothing_is_kept(world, wave, order, 0)


def test_cash_of_a_cancelled_wave_is_refused_at_the_desk_and_booked_when_it_was_taken_offline(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    call_off(world, wave)

    at_the_desk = world.cash(order, 55_000)
    offline = world.cash(order, 55_000, key="offline", caller=PIC, receipt_number="K-1",
                         received_at="2020-04-07T02:30:00Z")  # fmt: skip
    world.drain()

    assert at_the_desk.json["code"] == "invalid_state"
    assert offline.status == 201, offline.text
    nothing_is_kept(world, wave, order, 55_000)


def test_an_offline_copy_of_money_already_promised_back_changes_nothing(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    assert world.cash(order, 55_000, receipt_number="K-1").status == 201
    call_off(world, wave)

    again = world.cash(order, 55_000, key="again", receipt_number="K-1", received_at="2020-04-07T02:30:00Z")

    assert again.status == 201
    nothing_is_kept(world, wave, order, 55_000)

"""Several providers for one way of paying: the next is asked when one is silent, and still only one attempt counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import pytest

from infra.simulators.qris import dynamic_qr
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.payment import Payment
from lumbung.domain.payment_provider import Providers, serving
from lumbung.runtime import deps_payments
from tests.integration.faults import crash_points, seam
from tests.integration.office import office
from tests.integration.payments_world import ScriptedMidtrans, Truth, World, snapshots, world

__all__ = ["office", "world"]


@dataclass
class Two:
    """A world with a first and a second provider."""

    world: World
    first: ScriptedMidtrans
    second: ScriptedMidtrans

    def an_order(self) -> str:
        return str(self.world.office.order(self.world.office.wave()).json["id"])

    def payments(self) -> dict[str, str]:
        return {item["provider"]: item["status"] for item in self.world.items("PAYMENT")}

    def payable(self) -> list[str]:
        """Every payment that somebody could pay, wherever it is."""
        truths = [*self.first.truths.values(), *self.second.truths.values()]
        return [truth.payment.id for truth in truths if truth.status == "pending"]


@pytest.fixture
def two(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    second = ScriptedMidtrans("xendit")
    by_name = {"midtrans": world.midtrans, "xendit": second}
    order = "virtual_account=midtrans,xendit; qris=midtrans,xendit; gopay=midtrans"
    providers = Providers(by_name.__getitem__, serving(order))  # type: ignore[arg-type]  # the port's rules, no more
    monkeypatch.setattr(deps_payments, "providers", lambda: providers)
    yield Two(world, world.midtrans, second)


def test_the_first_is_asked_while_it_answers(two: Two) -> None:
    asked = two.world.pay(two.an_order()).json

    assert (asked["provider"], two.second.calls) == ("midtrans", [])


def test_when_the_first_is_down_the_second_serves(two: Two) -> None:
    order = two.an_order()
    two.first.down = True

    asked = two.world.pay(order)

    assert (asked.status, asked.json["provider"]) == (201, "xendit"), asked.text
    listed = two.world.get(f"/v1/orders/{order}/payments").json["items"]
    assert [payment["id"] for payment in listed] == [asked.json["id"]]


def test_the_same_key_stays_with_the_provider_that_served(two: Two) -> None:
    order = two.an_order()
    two.first.down = True
    first = two.world.pay(order).json
    two.first.down = False

    again = two.world.pay(order)

    assert (again.status, again.json) == (201, first)
    assert len(two.first.truths) == 0


def test_what_the_silent_one_had_made_is_stopped_once_it_answers(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    order = two.an_order()
    make = two.first.charge

    def made_but_unheard(payment: Payment, *, now: datetime) -> NoReturn:
        make(payment, now=now)
        two.first.down = True
        raise ProviderUnavailable("no answer")

    monkeypatch.setattr(two.first, "charge", made_but_unheard)
    asked = two.world.pay(order).json
    assert asked["provider"] == "xendit"
    assert len(two.payable()) == 2
    two.first.down = False

    two.world.minute(6)

    assert two.payable() == [asked["id"]]
    assert two.payments() == {"midtrans": "expired", "xendit": "pending"}


def test_money_for_what_was_set_aside_is_not_lost(two: Two) -> None:
    order = two.an_order()
    two.first.down = True
    two.world.pay(order)
    two.first.down = False
    [aside] = [item["pk"].partition("#")[2] for item in two.world.items("PAYMENT") if item["provider"] == "midtrans"]
    two.first.truths[aside] = Truth(two.world.payment(aside), amount=55_000)

    two.world.happens(aside, "settlement")
    two.world.minute(6)

    assert two.world.order(order).status == "confirmed"
    assert two.payable() == []


@pytest.mark.parametrize("times", [1, 4])
def test_while_all_are_down_nothing_is_given_and_the_same_key_works_later(two: Two, times: int) -> None:
    order = two.an_order()
    two.first.down = two.second.down = True
    for _ in range(times):
        refused = two.world.pay(order)
        assert (refused.status, refused.json["code"]) == (503, "provider_unavailable")
    assert len(two.payments()) == 2, "asking again goes on with the same attempts"
    two.second.down = False

    asked = two.world.pay(order)

    assert (asked.status, asked.json["provider"]) == (201, "xendit")
    assert len(two.payable()) == 1


def test_an_attempt_that_was_shown_is_not_left_behind_while_its_provider_is_silent(two: Two) -> None:
    order = two.an_order()
    shown = two.world.pay(order, key="a").json
    two.first.down = True

    refused = two.world.pay(order, key="b", method="qris")

    assert (refused.status, refused.json["code"]) == (503, "provider_unavailable")
    assert two.payable() == [shown["id"]]


def test_switching_stops_the_attempt_at_the_provider_that_has_it(two: Two) -> None:
    order = two.an_order()
    two.first.down = True
    two.world.pay(order, key="a")
    two.first.down = False

    second = two.world.pay(order, key="b", method="qris").json

    assert second["provider"] == "midtrans"
    assert two.payable() == [second["id"]]


def test_one_key_and_another_method_after_both_were_down_is_one_payment(two: Two) -> None:
    order = two.an_order()
    two.first.down = two.second.down = True
    two.world.pay(order, key="a")
    two.first.down = False

    asked = two.world.pay(order, key="b", method="qris")

    assert (asked.status, asked.json["provider"]) == (201, "midtrans"), asked.text
    two.second.down = False
    two.world.minute(6)
    assert two.payable() == [asked.json["id"]]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(dynamic_qr(55_001, "pay_x"), id="another amount"),
        pytest.param(dynamic_qr(55_000, "pay_x").replace("ID10200123", "ID10200199"), id="an edited merchant"),
        pytest.param("00020101", id="no code"),
    ],
)
def test_a_code_that_pays_something_else_is_not_shown_but_stopped(
    two: Two, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(Truth, "instructions", lambda truth: {"qr_string": code})
    order = two.an_order()

    refused = two.world.pay(order, method="qris")

    assert (refused.status, refused.json["code"]) == (503, "provider_unavailable")
    assert two.payable() == []
    assert two.payments() == {"midtrans": "expired", "xendit": "expired"}


def test_gopay_is_offered_by_who_serves_it(two: Two) -> None:
    order = two.an_order()

    asked = two.world.pay(order, method="gopay")
    two.first.down = True
    later = two.world.office.order(two.world.office.wave(name="II"), key="k2").json["id"]
    refused = two.world.pay(later, method="gopay")

    assert (asked.status, asked.json["method"]) == (201, "gopay")
    assert asked.json["instructions"]["deeplink_url"].startswith("https://")
    assert refused.status == 503
    assert two.second.calls == []


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_crash_at_any_call_of_asking_leaves_one_payment_at_most(two: Two, after: bool) -> None:
    order = two.an_order()
    two.first.down = True
    restore = snapshots()
    with seam() as counted:
        two.world.pay(order)

    for number in crash_points(len(counted.calls)):
        restore()
        two.second.truths.clear()
        with seam(crash_at=number, after=after):
            two.world.pay(order)

        assert two.world.pay(order).status == 201, number
        assert len(two.payable()) == 1, number

"""The adapter against the simulator on its own port, and the whole of payments with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.payment import BANKS, Payment
from lumbung.domain.payment_provider import RefundRefused
from lumbung.providers.midtrans import Midtrans
from lumbung.runtime import clock, deps_payments
from tests.integration.office import DURING, OPERATOR, office
from tests.integration.payments_world import SERVER_KEY, World, world
from tests.integration.simulator import Simulator, simulator

__all__ = ["office", "simulator", "world"]


@pytest.fixture
def midtrans(simulator: Simulator) -> Midtrans:
    quick = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=0.5), retries=False)
    return Midtrans(f"{simulator.url}/midtrans", SERVER_KEY, quick)


def a_payment(id_: str, **changes: Any) -> Payment:
    payment = Payment(
        id_, "ord_1", "wav_1", "drp_1", "midtrans", "virtual_account", 55_000, DURING,
        bank="bca", expires_at=DURING + timedelta(days=20),
    )  # fmt: skip
    return replace(payment, **changes)


def qris(id_: str) -> Payment:
    return a_payment(id_, method="qris", bank=None, expires_at=DURING + timedelta(days=2))


@pytest.mark.parametrize("bank", BANKS)
def test_every_bank_gives_an_account(midtrans: Midtrans, bank: str) -> None:
    state = midtrans.charge(a_payment(f"pay_va_{bank}", bank=bank), now=DURING)

    assert (state.status, state.amount, state.instructions["bank"]) == ("pending", 55_000, bank)
    assert state.instructions["va_number"].isdigit()
    assert midtrans.status(a_payment(f"pay_va_{bank}")).instructions == state.instructions  # type: ignore[union-attr]


def test_qris_gives_a_code(midtrans: Midtrans) -> None:
    assert midtrans.charge(qris("pay_qr"), now=DURING).instructions["qr_string"].startswith("000201")


def test_gopay_gives_a_link_and_a_picture(midtrans: Midtrans) -> None:
    told = midtrans.charge(replace(qris("pay_gopay"), method="gopay"), now=DURING)

    assert set(told.instructions) == {"deeplink_url", "qr_url"}


def test_a_second_charge_finds_the_first(midtrans: Midtrans) -> None:
    first = midtrans.charge(a_payment("pay_twice"), now=DURING)

    assert midtrans.charge(a_payment("pay_twice"), now=DURING) == first


def test_a_charge_that_answers_too_late_is_looked_up(midtrans: Midtrans, simulator: Simulator) -> None:
    simulator.fault("slow")

    state = midtrans.charge(a_payment("pay_slow"), now=DURING)

    assert state.instructions["bank"] == "bca"
    assert simulator.asked()[-2:] == ["POST charge", "GET status"]


@pytest.mark.parametrize("mode", ["down", "error", "garbage"])
def test_a_charge_that_was_not_made_is_unavailable_and_can_be_made_later(
    midtrans: Midtrans, simulator: Simulator, mode: str
) -> None:
    simulator.fault(mode)
    with pytest.raises(ProviderUnavailable):
        midtrans.charge(a_payment(f"pay_{mode}"), now=DURING)

    assert midtrans.charge(a_payment(f"pay_{mode}"), now=DURING).status == "pending"


@pytest.mark.parametrize("mode", ["down", "slow", "error", "garbage"])
def test_an_answer_that_cannot_be_had_is_unavailable(midtrans: Midtrans, simulator: Simulator, mode: str) -> None:
    simulator.fault(mode)

    with pytest.raises(ProviderUnavailable) as unavailable:
        midtrans.status(a_payment("pay_twice"))
    assert SERVER_KEY not in unavailable.value.detail


def test_nobody_there_and_a_wrong_key_are_unavailable(simulator: Simulator) -> None:
    for there in (Midtrans("http://127.0.0.1:9", SERVER_KEY), Midtrans(f"{simulator.url}/midtrans", "wrong")):
        with pytest.raises(ProviderUnavailable):
            there.charge(a_payment("pay_nobody"), now=DURING)


def test_what_is_not_known_is_none(midtrans: Midtrans) -> None:
    assert midtrans.status(a_payment("pay_never")) is None
    assert midtrans.expire(a_payment("pay_never")) is None


def test_expiring_and_cancelling_stop_only_what_is_pending(midtrans: Midtrans, simulator: Simulator) -> None:
    for id_ in ("pay_e1", "pay_e2", "pay_c1"):
        midtrans.charge(a_payment(id_), now=DURING)
    simulator.be("pay_e2", "settlement")

    stopped = [
        midtrans.expire(a_payment("pay_e1")),
        midtrans.expire(a_payment("pay_e2")),
        midtrans.cancel(a_payment("pay_c1")),
        midtrans.expire(a_payment("pay_c1")),
    ]

    assert [state and state.status for state in stopped] == ["expired", "settled", "cancelled", "cancelled"]


def test_a_refund_key_is_one_refund(midtrans: Midtrans, simulator: Simulator) -> None:
    midtrans.charge(qris("pay_r"), now=DURING)
    simulator.be("pay_r", "settlement")

    for _ in range(2):
        midtrans.refund(qris("pay_r"), refund_id="ref_a", amount=20_000, reason="rusak")

    state = midtrans.status(a_payment("pay_r"))
    assert state is not None
    assert (state.status, dict(state.returned)) == ("partially_refunded", {"ref_a": 20_000})


@pytest.mark.parametrize("amount", [55_001, 55_000], ids=["too much", "of a virtual account"])
def test_what_midtrans_does_not_give_back_is_refused(midtrans: Midtrans, simulator: Simulator, amount: int) -> None:
    payment = qris(f"pay_rr{amount}") if amount > 55_000 else a_payment(f"pay_rr{amount}")
    midtrans.charge(payment, now=DURING)
    simulator.be(payment.id, "settlement")

    with pytest.raises(RefundRefused):
        midtrans.refund(payment, refund_id="ref_b", amount=amount, reason="rusak")


# -- all of payments on the simulator


@pytest.fixture
def real(world: World, simulator: Simulator, midtrans: Midtrans, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(deps_payments, "midtrans", lambda: midtrans)
    simulator.stack.bodies.clear()
    return world


def tell(world: World, simulator: Simulator) -> None:
    """Hand over what the simulator has sent."""
    while simulator.stack.bodies:
        assert world.webhook(simulator.stack.bodies.pop(0)).status == 200
    world.drain()


@pytest.mark.parametrize("method", ["virtual_account", "qris", "gopay"])
def test_an_order_is_paid_by_what_the_simulator_sends(real: World, simulator: Simulator, method: str) -> None:
    wave = real.office.wave(name=method)
    order = real.office.order(wave, key=f"paid-by-{method}").json["id"]
    payment = real.pay(order, method=method).json["id"]

    simulator.be(payment, "settlement", notify=3)
    tell(real, simulator)

    assert real.order(order).status == "confirmed"
    assert len(real.items("TRANSFER")) == 1
    assert real.reconciled(wave["id"])["findings"] == []


def test_a_decided_refund_reaches_the_member_through_the_simulator(real: World, simulator: Simulator) -> None:
    wave = real.office.wave(name="refund")
    order = real.office.order(wave, key="refunded").json["id"]
    payment = real.pay(order, method="qris").json["id"]
    simulator.be(payment, "settlement", notify=1)
    tell(real, simulator)
    body = {"amount": 55_000, "reason": "Tidak ada barang", "liable": "cooperative"}

    decided = real.post(f"/v1/orders/{order}/refunds", body, key="r", caller=OPERATOR).json
    real.drain()
    simulator.at(clock.now() + timedelta(minutes=1))  # two notices of one refund
    tell(real, simulator)

    assert real.get(f"/v1/refunds?wave_id={wave['id']}").json["items"][0]["status"] == "done"
    assert decided["status"] == "decided"
    assert real.balances() == {}
    assert real.reconciled(wave["id"])["findings"] == []


def test_a_charge_whose_answer_was_late_gives_a_qris_code_all_the_same(real: World, simulator: Simulator) -> None:
    """The status of a QRIS has no code in it: the attempt is stopped, and another one made."""
    order = real.office.order(real.office.wave(name="slow"), key="slow").json["id"]
    simulator.fault("slow")

    asked = real.pay(order, method="qris")

    assert (asked.status, asked.json["status"]) == (201, "pending"), asked.text
    assert asked.json["instructions"]["qr_string"].startswith("000201")
    assert sorted(item["status"] for item in real.items("PAYMENT")) == ["expired", "pending"]

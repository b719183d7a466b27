"""Xendit: both adapters against the simulator on its own port, and the whole of payments with them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.payment import BANKS, Payment, ProviderState
from lumbung.domain.payment_provider import RefundRefused
from lumbung.domain.qris import check_code
from lumbung.providers.xendit import Xendit
from lumbung.providers.xendit_invoice import XenditInvoices
from lumbung.runtime import clock, deps_payments
from payments import xendit_webhook
from tests.integration.office import DURING, OPERATOR, office
from tests.integration.payments_world import World, serve_by, world
from tests.integration.simulator import Simulator, simulator

__all__ = ["office", "simulator", "world"]

API_KEY = "xnd_development_lumbung-local"
PATH = "/v1/webhooks/payments/xendit"
NMID = "ID1020012345678"


def quick() -> urllib3.PoolManager:
    return urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=0.5), retries=False)


@pytest.fixture
def xendit(simulator: Simulator) -> Xendit:
    return Xendit(f"{simulator.url}/xendit", API_KEY, quick())


@pytest.fixture
def invoices(simulator: Simulator) -> XenditInvoices:
    return XenditInvoices(f"{simulator.url}/xendit", API_KEY, quick())


def a_payment(id_: str, **changes: Any) -> Payment:
    payment = Payment(
        id_, "ord_1", "wav_1", "drp_1", "xendit", "virtual_account", 55_000, DURING,
        bank="bca", expires_at=DURING + timedelta(hours=2),
    )  # fmt: skip
    return replace(payment, **changes)


def charged(at: Xendit | XenditInvoices, payment: Payment) -> tuple[Payment, ProviderState]:
    state = at.charge(payment, now=DURING)
    return payment.tell(state), state


# -- payment requests


@pytest.mark.parametrize("bank", BANKS)
def test_every_bank_gives_an_account(xendit: Xendit, bank: str) -> None:
    payment, state = charged(xendit, a_payment(f"pay_x_{bank}", bank=bank))

    assert (state.status, state.amount, state.instructions["bank"]) == ("pending", 55_000, bank)
    assert state.instructions["va_number"].isdigit()
    assert xendit.status(payment) == state


def test_qris_gives_a_code_that_pays_us(xendit: Xendit) -> None:
    _, state = charged(xendit, a_payment("pay_x_qr", method="qris", bank=None))

    check_code(state.instructions["qr_string"], amount=55_000, merchant=NMID)


def test_money_is_what_was_captured_and_when(xendit: Xendit, simulator: Simulator) -> None:
    payment, _ = charged(xendit, a_payment("pay_x_paid"))
    simulator.be_at("xendit", payment.id, "SUCCEEDED", amount=54_000)

    state = xendit.status(payment)

    assert state is not None
    assert (state.status, state.amount, state.reference) == ("settled", 54_000, payment.provider_ref)
    assert state.settled_at is not None
    assert state.settled_at - DURING < timedelta(minutes=5)


@pytest.mark.parametrize(("said", "status"), [("EXPIRED", "expired"), ("FAILED", "failed"), ("CANCELED", "cancelled")])
def test_its_words_are_read_as_ours(xendit: Xendit, simulator: Simulator, said: str, status: str) -> None:
    payment, _ = charged(xendit, a_payment(f"pay_x_{said}"))
    simulator.be_at("xendit", payment.id, said)

    state = xendit.status(payment)

    assert state is not None
    assert state.status == status


def test_cancelling_stops_only_what_is_pending(xendit: Xendit, simulator: Simulator) -> None:
    open_, _ = charged(xendit, a_payment("pay_x_open"))
    paid, _ = charged(xendit, a_payment("pay_x_done"))
    simulator.be_at("xendit", paid.id, "SUCCEEDED")

    stopped = [xendit.expire(open_), xendit.expire(paid), xendit.expire(open_), xendit.expire(a_payment("pay_x_never"))]

    assert [state and state.status for state in stopped] == ["cancelled", "settled", "cancelled", None]


def test_a_request_whose_answer_was_lost_is_never_made_twice(xendit: Xendit, simulator: Simulator) -> None:
    simulator.fault("slow", provider="xendit")
    with pytest.raises(ProviderUnavailable):
        xendit.charge(a_payment("pay_x_slow"), now=DURING)

    again = xendit.charge(a_payment("pay_x_slow"), now=DURING)

    assert (again.status, again.instructions, again.reference) == ("pending", {}, "")
    assert xendit.status(a_payment("pay_x_slow")) is None


@pytest.mark.parametrize("mode", ["down", "slow", "error", "garbage"])
def test_an_answer_that_cannot_be_had_is_unavailable(xendit: Xendit, simulator: Simulator, mode: str) -> None:
    payment, _ = charged(xendit, a_payment(f"pay_x_no_{mode}"))
    simulator.fault(mode, provider="xendit")

    with pytest.raises(ProviderUnavailable) as unavailable:
        xendit.status(payment)
    assert API_KEY not in unavailable.value.detail


def test_nobody_there_and_a_wrong_key_are_unavailable(simulator: Simulator) -> None:
    for there in (Xendit("http://127.0.0.1:9", API_KEY), Xendit(f"{simulator.url}/xendit", "wrong")):
        with pytest.raises(ProviderUnavailable):
            there.charge(a_payment("pay_x_nobody"), now=DURING)


def test_what_xendit_refuses_is_refused(xendit: Xendit) -> None:
    with pytest.raises(InvalidState):
        xendit.charge(a_payment("pay_x_qr_big", method="qris", bank=None, amount=10_000_001), now=DURING)


def test_somebody_else_s_request_is_not_ours(xendit: Xendit) -> None:
    other, _ = charged(xendit, a_payment("pay_x_other"))

    assert xendit.status(replace(a_payment("pay_x_mine"), provider_ref=other.provider_ref)) is None


def test_an_id_that_leads_elsewhere_names_nothing(xendit: Xendit) -> None:
    payment, _ = charged(xendit, a_payment("pay_x_path"))

    assert xendit.status(replace(payment, provider_ref=f"x/../{payment.provider_ref}")) is None


def test_a_refund_is_asked_for_once_and_shown_once_it_is_done(xendit: Xendit, simulator: Simulator) -> None:
    payment, _ = charged(xendit, a_payment("pay_x_back", method="qris", bank=None))
    simulator.be_at("xendit", payment.id, "SUCCEEDED")
    for _ in range(2):
        xendit.refund(payment, refund_id="ref_x", amount=20_000, reason="rusak")
    before = xendit.status(payment)
    simulator.at(DURING + timedelta(minutes=1))

    after = xendit.status(payment)

    assert before is not None
    assert after is not None
    assert (before.status, dict(before.returned)) == ("settled", {})
    assert (after.status, dict(after.returned)) == ("partially_refunded", {"ref_x": 20_000})


def test_what_xendit_does_not_give_back_is_refused(xendit: Xendit, simulator: Simulator) -> None:
    payment, _ = charged(xendit, a_payment("pay_x_keep"))
    simulator.be_at("xendit", payment.id, "SUCCEEDED")

    with pytest.raises(RefundRefused):
        xendit.refund(payment, refund_id="ref_y", amount=55_000, reason="rusak")


# -- invoices


def test_an_invoice_is_a_link_and_is_found_by_our_id(invoices: XenditInvoices) -> None:
    payment, state = charged(invoices, a_payment("pay_i_1", provider="xendit.invoice"))

    assert state.instructions["payment_url"].startswith("http")
    assert invoices.status(replace(payment, provider_ref=None)) == state


def test_an_invoice_whose_answer_was_lost_is_looked_up(invoices: XenditInvoices, simulator: Simulator) -> None:
    simulator.fault("slow", provider="xendit")

    _, state = charged(invoices, a_payment("pay_i_slow", provider="xendit.invoice"))

    assert state.instructions["payment_url"]
    assert simulator.asked("xendit")[-2:] == ["POST ", "GET invoices"]


@pytest.mark.parametrize(("said", "status"), [("PAID", "settled"), ("SETTLED", "settled"), ("EXPIRED", "expired")])
def test_an_invoice_s_words_are_read_as_ours(
    invoices: XenditInvoices, simulator: Simulator, said: str, status: str
) -> None:
    payment, _ = charged(invoices, a_payment(f"pay_i_{said}", provider="xendit.invoice"))
    simulator.be_at("xendit", payment.id, said)

    state = invoices.status(payment)

    assert state is not None
    assert (state.status, state.amount) == (status, 55_000)


def test_an_invoice_is_expired_only_while_it_is_pending(invoices: XenditInvoices, simulator: Simulator) -> None:
    open_, _ = charged(invoices, a_payment("pay_i_open", provider="xendit.invoice"))
    paid, _ = charged(invoices, a_payment("pay_i_done", provider="xendit.invoice"))
    simulator.be_at("xendit", paid.id, "PAID")

    stopped = [invoices.expire(open_), invoices.expire(paid), invoices.expire(a_payment("pay_i_never"))]

    assert [state and state.status for state in stopped] == ["expired", "settled", None]


# -- all of payments on the simulator


@pytest.fixture
def real(
    world: World, simulator: Simulator, xendit: Xendit, invoices: XenditInvoices, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    serve_by(monkeypatch, "virtual_account=xendit; qris=xendit")
    monkeypatch.setattr(deps_payments, "xendit", lambda: xendit)
    monkeypatch.setattr(deps_payments, "xendit_invoices", lambda: invoices)
    simulator.stack.bodies.clear()
    simulator.stack.headers.clear()
    yield world


def tell(world: World, simulator: Simulator) -> None:
    """Hand over what the simulator has sent."""
    while simulator.stack.bodies:
        body, headers = simulator.stack.bodies.pop(0), simulator.stack.headers.pop(0)
        assert world.webhook(body, at=xendit_webhook.handler, path=PATH, headers=headers).status == 200
    world.drain()


@pytest.mark.parametrize("method", ["virtual_account", "qris"])
def test_an_order_is_paid_by_what_the_simulator_sends(real: World, simulator: Simulator, method: str) -> None:
    wave = real.office.wave(name=f"x-{method}")
    order = real.office.order(wave, key=f"x-paid-by-{method}").json["id"]
    payment = real.pay(order, method=method).json

    simulator.be_at("xendit", payment["id"], "SUCCEEDED", notify=3)
    tell(real, simulator)

    assert real.order(order).status == "confirmed"
    assert len(real.items("TRANSFER")) == 1
    assert real.balances() == {"gateway:xendit": 55_000, f"unearned:{wave['id']}": 55_000}
    assert real.reconciled(wave["id"])["findings"] == []


def test_an_invoice_pays_an_order_too(real: World, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    serve_by(monkeypatch, "virtual_account=xendit.invoice")
    wave = real.office.wave(name="invoice")
    order = real.office.order(wave, key="x-invoice").json["id"]
    payment = real.pay(order).json

    simulator.be_at("xendit", payment["id"], "PAID", notify=2)
    tell(real, simulator)

    assert payment["instructions"]["payment_url"].startswith("http")
    assert real.order(order).status == "confirmed"
    assert real.balances() == {"gateway:xendit": 55_000, f"unearned:{wave['id']}": 55_000}


def test_what_lapses_without_a_word_is_asked_after(real: World, simulator: Simulator) -> None:
    order = real.office.order(real.office.wave(name="x-lapse"), key="x-lapse").json["id"]
    payment = real.pay(order, method="qris").json["id"]
    simulator.be_at("xendit", payment, "EXPIRED")

    real.minute(6)

    assert real.payment(payment).status == "expired"


def test_a_paid_request_whose_making_was_never_answered_is_found_by_its_webhook(
    real: World, simulator: Simulator
) -> None:
    order = real.office.order(real.office.wave(name="x-lost"), key="x-lost").json["id"]
    simulator.fault("slow", provider="xendit")
    assert real.pay(order).status == 503
    [item] = real.items("PAYMENT")
    payment = item["pk"].partition("#")[2]

    simulator.be_at("xendit", payment, "SUCCEEDED", notify=1)
    tell(real, simulator)

    assert real.order(order).status == "confirmed"
    assert real.payment(payment).status == "settled"


def test_a_decided_refund_reaches_the_member_through_the_simulator(real: World, simulator: Simulator) -> None:
    wave = real.office.wave(name="x-refund")
    order = real.office.order(wave, key="x-refund").json["id"]
    payment = real.pay(order, method="qris").json["id"]
    simulator.be_at("xendit", payment, "SUCCEEDED", notify=1)
    tell(real, simulator)
    body = {"amount": 55_000, "reason": "Tidak ada barang", "liable": "cooperative"}

    real.post(f"/v1/orders/{order}/refunds", body, key="r", caller=OPERATOR)
    real.drain()
    simulator.at(clock.now() + timedelta(minutes=2))
    tell(real, simulator)

    assert real.get(f"/v1/refunds?wave_id={wave['id']}").json["items"][0]["status"] == "done"
    assert real.balances() == {}
    assert real.reconciled(wave["id"])["findings"] == []

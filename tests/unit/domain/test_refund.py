"""How a refund goes back, and who may say that it has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.errors import Forbidden, InvalidState
from lumbung.domain.payment import Payment
from lumbung.domain.refund import Refund, by_provider

AT = datetime(2020, 4, 7, 3, tzinfo=UTC)
DECIDED = Refund("ref_1", "ord_1", "wav_1", 40, "rusak", "cooperative", AT, "op-0")
ASKED = DECIDED.ask("transfer", by="op-1", at=AT, reference="BRI-77")
PAID = Payment(
    "pay_1", "ord_1", "wav_1", "drp_1", "midtrans", "qris", 100, AT, status="settled", received=100, settled_at=AT
)


def test_every_step_is_kept() -> None:
    failed = ASKED.fail_by_hand(by="op-2", at=AT, reason="rekening salah")
    done = failed.ask("cash", by="pic-1", at=AT).confirm(by="op-2", at=AT)

    assert [(step.what, step.by, step.channel) for step in done.steps] == [
        ("requested", "op-1", "transfer"),
        ("failed", "op-2", "transfer"),
        ("requested", "pic-1", "cash"),
        ("done", "op-2", "cash"),
    ]
    assert (done.status, done.done_at, done.owed) == ("done", AT, False)


def test_who_paid_it_does_not_say_what_became_of_it() -> None:
    with pytest.raises(Forbidden):
        ASKED.confirm(by="op-1", at=AT)
    with pytest.raises(Forbidden):
        ASKED.fail_by_hand(by="op-1", at=AT, reason="x")
    assert ASKED.confirm(by="op-0", at=AT).status == "done"  # who decided it may


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda: DECIDED.confirm(by="op-2", at=AT), id="confirmed before it was paid"),
        pytest.param(lambda: ASKED.ask("cash", by="pic-1", at=AT), id="paid twice"),
        pytest.param(lambda: ASKED.confirm(by="b", at=AT).ask("cash", by="c", at=AT), id="paid once more"),
        pytest.param(lambda: DECIDED.withdraw(at=AT, by="x").ask("cash", by="c", at=AT), id="promised no longer"),
        pytest.param(lambda: DECIDED.ask("provider", by="m", at=AT).confirm(by="b", at=AT), id="the provider's to say"),
    ],
)
def test_what_is_not_allowed_now(step: Any) -> None:
    with pytest.raises(InvalidState):
        step()


@pytest.mark.parametrize(
    ("payment", "after", "gives"),
    [
        pytest.param(PAID, timedelta(days=7, seconds=-1), True, id="within its window"),
        pytest.param(PAID, timedelta(days=7), False, id="past it"),
        pytest.param(replace(PAID, method="gopay"), timedelta(days=44), True, id="a wallet's is longer"),
        pytest.param(replace(PAID, method="virtual_account"), timedelta(), False, id="virtual accounts never"),
        pytest.param(replace(PAID, received=39), timedelta(), False, id="more than it holds"),
        pytest.param(replace(PAID, received=40), timedelta(), True, id="all that it holds"),
        pytest.param(replace(PAID, suspended=True), timedelta(), False, id="money in suspense"),
        pytest.param(replace(PAID, settled_at=None), timedelta(), False, id="never settled"),
    ],
)
def test_a_provider_gives_back_by_itself(payment: Payment, after: timedelta, gives: bool) -> None:
    assert by_provider(payment, 40, now=AT + after) is gives

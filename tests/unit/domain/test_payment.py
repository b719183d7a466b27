"""What a provider's answer means for a payment, whatever was known before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from lumbung.domain.payment import Payment, ProviderState, expiry

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)


def a_payment(**changes: Any) -> Payment:
    payment = Payment("pay_1", "ord_1", "wav_1", "drp_1", "midtrans", "qris", 100, AT)
    return replace(payment, **changes)


def says(status: str, amount: int = 100, **returned: int) -> ProviderState:
    return ProviderState(status, amount, "ref", returned)


def after(*states: ProviderState) -> Payment:
    payment = a_payment()
    for state in states:
        payment, _ = payment.learn(state, at=AT)
    return payment


@pytest.mark.parametrize(
    ("before", "news", "moves"),
    [
        pytest.param([], says("settled"), [("received", 100)], id="paid"),
        pytest.param([says("settled")], says("settled"), [], id="told twice"),
        pytest.param([says("settled")], says("failed"), [("reversed", 100)], id="denied after settlement"),
        pytest.param([says("settled")], says("charged_back"), [("reversed", 100)], id="charged back"),
        pytest.param([says("settled")], says("partially_refunded", k=40), [("returned", 40)], id="part refunded"),
        pytest.param(
            [says("partially_refunded", k=40)],
            says("failed"),
            [("reversed", 60)],
            id="denied after a part was refunded",
        ),
        pytest.param(
            [says("partially_refunded", k=40)], says("settled"), [("taken_back", 40)], id="a refund that did not happen"
        ),
        pytest.param([], says("refunded", k=100), [("received", 100), ("returned", 100)], id="first heard of refunded"),
        pytest.param([says("refunded", k=100)], says("failed"), [], id="denied after all was refunded"),
        pytest.param(
            [says("settled")], says("settled", 90), [("reversed", 100), ("received", 90)], id="another amount"
        ),
        pytest.param(
            [says("refunded", k=100)],
            says("settled", 90),
            [("taken_back", 100), ("reversed", 100), ("received", 90)],
            id="another amount after a refund that did not happen",
        ),
        pytest.param([says("expired")], says("settled"), [("received", 100)], id="late money"),
        pytest.param([says("expired")], says("pending"), [], id="a late pending"),
        pytest.param([says("failed")], says("settled"), [("received", 100)], id="paid after a denial"),
    ],
)
def test_what_moved_is_the_difference_to_what_was_known(before: Any, news: Any, moves: Any) -> None:
    _, moved = after(*before).learn(news, at=AT)

    assert [(move.kind, move.amount) for move in moved] == moves


@pytest.mark.parametrize(
    "order", permutations([says("settled"), says("failed"), says("partially_refunded", k=40), says("refunded", k=100)])
)
def test_whatever_came_before_the_last_answer_decides_what_is_held(order: Any) -> None:
    held = {"settled": 100, "failed": 0, "partially_refunded": 60, "refunded": 0}[order[-1].status]

    assert after(*order).held == held


def test_every_move_has_a_number_of_its_own() -> None:
    payment, numbers = a_payment(), []
    for state in (says("refunded", k=100), says("settled"), says("failed"), says("settled")):
        payment, moves = payment.learn(state, at=AT)
        numbers += [move.number for move in moves]

    assert numbers == sorted(set(numbers))


def test_money_of_another_amount_is_set_aside() -> None:
    assert after(says("settled", 90)).suspended
    assert not after(says("settled", 100)).suspended


def test_pending_right_after_settlement_is_an_old_answer_until_it_stays() -> None:
    settled = after(says("settled"))

    assert settled.doubts(says("pending"), now=AT + timedelta(seconds=59))
    assert not settled.doubts(says("pending"), now=AT + timedelta(seconds=60))
    assert not settled.doubts(says("failed"), now=AT)


def test_a_payment_expires_before_its_order_is_due() -> None:
    week, soon = timedelta(days=7), AT + timedelta(hours=2)

    assert expiry(week, due=soon, now=AT) == soon - timedelta(seconds=30)
    assert expiry(week, due=AT + timedelta(days=30), now=AT) == AT + week

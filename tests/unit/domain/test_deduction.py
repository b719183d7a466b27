"""How far an allowance may be drawn on, and what a treasurer's answer means."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lumbung.domain.deduction import Consent, Deduction, month, must_cover, same_unit
from lumbung.domain.errors import InvalidState, LimitExceeded, LumbungError
from lumbung.domain.payment import Payment

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
CONSENT = Consent("m1", "ins_1", "Biro Umum", 100, date(2020, 4, 1), date(2020, 4, 30), "v1", AT)
CLAIMED = Deduction("pay_1", "ord_1", "m1", "ins_1", "Biro Umum", 100, "2020-04", 1, AT)
EXPORTED = CLAIMED.hand_over("bat_1")


def test_a_month_begins_when_it_does_in_jakarta() -> None:
    assert month(datetime(2020, 3, 31, 16, 59, tzinfo=UTC)) == "2020-03"
    assert month(datetime(2020, 3, 31, 17, 0, tzinfo=UTC)) == "2020-04"


def test_spelling_makes_no_other_unit() -> None:
    assert same_unit(" BIRO  Umum ") == same_unit("biro umum")


@pytest.mark.parametrize(
    ("consent", "amount", "refused"),
    [
        pytest.param(CONSENT, 100, None, id="exactly what is allowed"),
        pytest.param(CONSENT, 101, LimitExceeded, id="more than is allowed"),
        pytest.param(replace(CONSENT, taken={"2020-04": 60}), 41, LimitExceeded, id="more than is left this month"),
        pytest.param(replace(CONSENT, taken={"2020-03": 60}), 100, None, id="another month does not count"),
        pytest.param(None, 1, InvalidState, id="never given"),
        pytest.param(CONSENT.withdraw(at=AT), 1, InvalidState, id="withdrawn"),
        pytest.param(replace(CONSENT, valid_until=date(2020, 4, 6)), 1, InvalidState, id="over since yesterday"),
        pytest.param(replace(CONSENT, valid_until=date(2020, 4, 7)), 1, None, id="holds for its last day"),
        pytest.param(replace(CONSENT, valid_from=date(2020, 4, 8)), 1, InvalidState, id="from tomorrow on"),
    ],
)
def test_only_what_a_consent_covers_is_deducted(
    consent: Consent | None, amount: int, refused: type[LumbungError] | None
) -> None:
    if refused is None:
        assert must_cover(consent, amount, at=AT) is consent
    else:
        with pytest.raises(refused):
            must_cover(consent, amount, at=AT)


@pytest.mark.parametrize(
    ("deduction", "status", "amount", "unused"),
    [
        pytest.param(CLAIMED, "pending", 100, 0, id="claimed"),
        pytest.param(EXPORTED, "pending", 100, 0, id="with the treasurer"),
        pytest.param(CLAIMED.stop(), "expired", 100, 100, id="stopped in time"),
        pytest.param(EXPORTED.stop(), "expired", 100, 0, id="stopped, but with the treasurer"),
        pytest.param(EXPORTED.apply(100, at=AT), "settled", 100, 0, id="deducted"),
        pytest.param(EXPORTED.apply(60, at=AT), "settled", 60, 40, id="deducted in part"),
        pytest.param(EXPORTED.apply(0, at=AT), "failed", 0, 100, id="not deducted"),
        pytest.param(EXPORTED.apply(130, at=AT), "settled", 130, 0, id="deducted too much"),
        pytest.param(EXPORTED.stop().apply(100, at=AT), "settled", 100, 0, id="deducted all the same"),
        pytest.param(EXPORTED.apply(100, at=AT).stop(), "settled", 100, 0, id="an answer stays"),
    ],
)
def test_what_is_known_of_a_deduction(deduction: Deduction, status: str, amount: int, unused: int) -> None:
    state = deduction.state()

    assert (state.status, state.amount, state.account, deduction.unused) == (status, amount, "tpp:ins_1", unused)


def test_an_answer_is_given_once() -> None:
    answered = EXPORTED.apply(60, at=AT)

    assert answered.apply(60, at=AT) is answered
    for deduction, deducted in ((answered, 61), (CLAIMED, 100), (CLAIMED.stop(), 100)):
        with pytest.raises(InvalidState):
            deduction.apply(deducted, at=AT)


@pytest.mark.parametrize(
    ("method", "received", "suspended"),
    [
        pytest.param("tpp", 60, False, id="a part of an allowance is booked"),
        pytest.param("tpp", 101, True, id="more than was asked for is not understood"),
        pytest.param("qris", 60, True, id="a part by any other way is not understood"),
    ],
)
def test_of_an_allowance_a_part_counts(method: str, received: int, suspended: bool) -> None:
    payment = Payment("pay_1", "ord_1", "wav_1", "drp_1", method, method, 100, AT)
    state: Any = EXPORTED.apply(received, at=AT).state()

    assert payment.learn(state, at=AT)[0].suspended is suspended


@pytest.mark.parametrize("older", [EXPORTED, EXPORTED.stop()], ids=["pending", "expired"])
def test_what_was_read_before_the_treasurer_s_answer_takes_no_money_away(older: Deduction) -> None:
    payment = Payment("pay_1", "ord_1", "wav_1", "drp_1", "tpp", "tpp", 100, AT)
    settled, _ = payment.learn(EXPORTED.apply(60, at=AT).state(), at=AT)

    assert settled.learn(older.state(), at=AT) == (settled, ())

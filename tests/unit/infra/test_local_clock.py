"""The stack's clock, tokens by it, and what a template may not contain."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.clock import ClockGoesBack, StackClock, moment, stamp
from infra.local.issuer import Issuer, TokenRefused, Trust
from infra.local.support import NotRunHere, refuse_what_does_not_run

START = datetime(2020, 4, 1, tzinfo=UTC)
TRUST = Trust("https://issuer.example", ("web",))


def test_the_clock_moves_forward_only() -> None:
    clock = StackClock(START)
    clock.move_to(START + timedelta(days=7))
    assert timedelta() <= clock.now() - START - timedelta(days=7) < timedelta(seconds=1)
    with pytest.raises(ClockGoesBack):
        clock.move_to(START)


def test_the_clock_stands_still_while_it_is_moved() -> None:
    clock = StackClock(START)
    with clock.standing_still():
        clock.move_to(START + timedelta(hours=1))
        assert [clock.now(), clock.now()] == [START + timedelta(hours=1)] * 2


def test_a_stamp_of_the_machine_is_translated_to_what_the_clock_showed_then() -> None:
    clock = StackClock(START)
    with clock.standing_still():
        clock.move_to(START + timedelta(days=1))
        first = time.time()  # noqa: TID251  a stamp as the engine makes it
        clock.move_to(START + timedelta(days=2))
    assert clock.at_real(first) == START + timedelta(days=1)
    assert clock.at_real(0) == START


def test_a_kept_clock_never_goes_back(tmp_path: Path) -> None:
    kept = tmp_path / "clock.json"
    first = StackClock(START, kept)
    first.move_to(START + timedelta(days=3))
    first.keep()
    assert StackClock(START, kept).now() >= START + timedelta(days=3)


def test_moments_are_written_in_utc_and_read_with_any_offset() -> None:
    assert stamp(moment("2020-04-01T07:00:00+07:00")) == "2020-04-01T00:00:00.000Z"
    with pytest.raises(ValueError, match="offset"):
        moment("2020-04-01T07:00:00")


def test_a_token_is_good_until_it_expires_by_the_stacks_clock() -> None:
    issuer = Issuer(TRUST)
    token = issuer.token(sub="mem_1", roles=["member"], now=START, lives=timedelta(seconds=60))
    assert issuer.verify(token, TRUST, START)["sub"] == "mem_1"
    with pytest.raises(TokenRefused, match="expired"):
        issuer.verify(token, TRUST, START + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("trust", "reason"),
    [(Trust("https://other.example", ("web",)), "issuer"), (Trust("https://issuer.example", ("app",)), "audience")],
)
def test_a_token_for_somebody_else_is_refused(trust: Trust, reason: str) -> None:
    issuer = Issuer(TRUST)
    with pytest.raises(TokenRefused, match=reason):
        issuer.verify(issuer.token(sub="mem_1", roles=[], now=START), trust, START)


def test_a_token_of_another_key_or_use_is_refused() -> None:
    issuer = Issuer(TRUST)
    with pytest.raises(TokenRefused, match="unknown key"):
        issuer.verify(Issuer(TRUST).token(sub="mem_1", roles=[], now=START), TRUST, START)
    access = issuer.token(sub="mem_1", roles=[], now=START, more={"token_use": "access"})
    with pytest.raises(TokenRefused, match="not an ID token"):
        issuer.verify(access, TRUST, START)


def test_a_kept_issuer_keeps_its_tokens_good(tmp_path: Path) -> None:
    token = Issuer(TRUST, tmp_path / "key.pem").token(sub="mem_1", roles=[], now=START)
    assert Issuer(TRUST, tmp_path / "key.pem").verify(token, TRUST, START)["sub"] == "mem_1"


def test_what_cannot_run_is_refused_by_name() -> None:
    refuse_what_does_not_run("Role", "AWS::IAM::Role", {"anything": 1})
    with pytest.raises(NotRunHere, match=r"Machine: .*AWS::StepFunctions::StateMachine"):
        refuse_what_does_not_run("Machine", "AWS::StepFunctions::StateMachine", {})
    with pytest.raises(NotRunHere, match=r"Chores .*FifoQueue"):
        refuse_what_does_not_run("Chores", "AWS::SQS::Queue", {"FifoQueue": True})

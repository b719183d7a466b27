"""A notice is sent once, and in doubt once more."""

from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.notice import Notice
from lumbung.domain.telling import IN_DOUBT, LEASE, SENDING, SENT, UNREACHABLE, WAITING, Record

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)


def a_record(state: str, doubts: int = 0) -> Record:
    return Record(Notice("ord_1", "paid", 1), state, AT, doubts)


@pytest.mark.parametrize(
    ("record", "later", "step"),
    [
        pytest.param(a_record(SENT), LEASE * 9, "told", id="sent"),
        pytest.param(a_record(UNREACHABLE), LEASE * 9, "told", id="nobody to be reached"),
        pytest.param(a_record(IN_DOUBT, 2), LEASE * 9, "told", id="given up"),
        pytest.param(a_record(WAITING), timedelta(), "send", id="failed before"),
        pytest.param(a_record(SENDING), LEASE - timedelta(seconds=1), "wait", id="somebody is at it"),
        pytest.param(a_record(SENDING), LEASE, "send", id="whoever was at it is gone"),
        pytest.param(a_record(SENDING, 1), LEASE, "give_up", id="gone for the second time"),
    ],
)
def test_a_notice_that_comes_again_is(record: Record, later: timedelta, step: str):
    assert record.step(AT + later) == step


def test_taking_over_from_one_who_is_gone_counts_as_a_doubt_and_from_one_who_failed_does_not():
    later = AT + LEASE

    assert a_record(SENDING).again(later) == Record(Notice("ord_1", "paid", 1), SENDING, later, 1)
    assert a_record(WAITING).again(later) == Record(Notice("ord_1", "paid", 1), SENDING, later, 0)


def test_the_second_doubt_is_the_last():
    once = a_record(SENDING).doubt()

    assert (once.state, once.doubts) == (WAITING, 1)
    assert (once.again(AT).doubt().state, once.again(AT).doubt().doubts) == (IN_DOUBT, 2)

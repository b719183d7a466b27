from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.errors import InvalidState
from lumbung.domain.feed import FeedPage
from lumbung.domain.sync import DEAD_AFTER, Counts, Run

AT = datetime(2020, 4, 6, 19, tzinfo=UTC)


def a_run(**more):
    return Run("syn_1", "lkpp_v5", started_at=AT, started_by="schedule", moved_at=AT, **more)


def weighed(run, active, missing):
    return replace(run, phase="weighing").weighed(active=active, missing=missing, shelves=1)


def test_a_run_reads_page_after_page_and_then_weighs():
    run = a_run(counts=Counts(seen=2)).turn(FeedPage((), "2", 4))
    assert (run.phase, run.cursor, run.offset) == ("reading", "2", 0)

    run = replace(run, counts=Counts(seen=4)).turn(FeedPage((), None, 4))
    assert (run.phase, run.cursor, run.shifted) == ("weighing", None, False)


@pytest.mark.parametrize(
    ("totals", "seen"), [((4, 5), 5), ((4, 4), 3)], ids=["the total changes", "fewer rows than counted"]
)
def test_a_source_that_moves_while_it_is_read_withdraws_nothing(totals, seen):
    run = replace(a_run().turn(FeedPage((), "2", totals[0])), counts=Counts(seen=seen))

    run = weighed(run.turn(FeedPage((), None, totals[1])), active=10, missing=9)

    assert (run.status, run.phase) == ("completed", "done")


@pytest.mark.parametrize(
    ("active", "missing", "aside", "status", "phase"),
    [
        pytest.param(10, 0, 0, "completed", "done", id="nothing is missing"),
        pytest.param(10, 1, 0, "running", "withdrawing", id="exactly ten per cent is withdrawn"),
        pytest.param(10, 2, 0, "held", "weighing", id="more than ten per cent is held"),
        pytest.param(10, 0, 1, "held", "weighing", id="a price that jumps is held"),
        pytest.param(0, 0, 0, "completed", "done", id="an empty source is nothing new"),
    ],
)
def test_what_is_missing_decides_how_a_run_goes_on(active, missing, aside, status, phase):
    run = weighed(a_run(aside=aside), active, missing)

    assert (run.status, run.phase) == (status, phase)


def test_an_approved_run_withdraws_and_releases_what_waited():
    run = weighed(a_run(aside=1), active=10, missing=5).approve()
    assert (run.status, run.phase) == ("running", "withdrawing")

    run = run.after_withdrawing()
    assert run.phase == "releasing"
    assert run.complete().status == "completed"


def test_a_rejected_run_has_failed():
    assert weighed(a_run(aside=1), active=10, missing=0).reject(at=AT).status == "failed"


def test_only_a_held_run_is_approved():
    with pytest.raises(InvalidState):
        a_run().approve()


def test_a_run_that_has_not_moved_for_hours_is_dead():
    assert not a_run().is_dead(AT + DEAD_AFTER)
    assert a_run().is_dead(AT + DEAD_AFTER + timedelta(seconds=1))
    assert not a_run(status="held").is_dead(AT + timedelta(days=9))

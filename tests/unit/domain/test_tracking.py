"""When a trip is late, stuck, or waited for long enough."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.courier import ENDS, RANK
from lumbung.domain.tracking import AT_MOST, WINDOW, alert_of, incident_of, waited_long, window
from lumbung.domain.trip import PATIENCE, Stop, Trip

AT = datetime(2020, 4, 10, 3, 0, tzinfo=UTC)
STOPS = (Stop("ord_1", 1, {"off_a": 1}, 5_000, 3_330), Stop("ord_2", 2, {"off_a": 1}, 5_000, 3_330))


def a_trip(status: str, since: datetime = AT) -> Trip:
    return Trip("trp_1", "wav_1", "drp_1", "grab", STOPS, 6_660, 10_000, 10_200, AT, "pic", status=status, since=since)


def test_a_stop_is_expected_from_its_estimate_on_for_an_hour():
    assert window(a_trip("searching"), STOPS[1]) == (AT + timedelta(minutes=40), AT + timedelta(minutes=100))


@pytest.mark.parametrize(
    ("status", "minutes", "alert"),
    [
        ("planned", 31, None),
        ("booking", 31, "stuck"),
        ("picked_up", 100, None),
        ("picked_up", 101, "late"),
        ("picked_up", 121, "stuck"),
        ("on_hold", 60, None),
        ("on_hold", 61, "stuck"),
        ("delivered", 10_000, None),
    ],
)
def test_what_is_over_its_time_is_somebody_s_to_look_after(status, minutes, alert):
    assert alert_of(a_trip(status), AT + timedelta(minutes=minutes)) == alert


@pytest.mark.parametrize(("unheard", "alert"), [(0, None), (2, None), (3, "stuck")])
def test_a_plan_that_is_tried_in_vain_is_somebody_s_to_look_after(unheard, alert):
    assert alert_of(replace(a_trip("planned"), unheard=unheard), AT) == alert


def test_every_state_but_an_end_has_its_time():
    assert set(AT_MOST) == set(RANK) - ENDS - {"planned"}, "a plan may be for later: how often it was tried counts"
    assert AT_MOST["searching"] > PATIENCE and timedelta() < WINDOW


def test_a_rider_is_waited_for_so_long_and_no_longer():
    assert not waited_long(a_trip("searching"), AT + PATIENCE - timedelta(seconds=1))
    assert waited_long(a_trip("searching"), AT + PATIENCE)
    assert not waited_long(a_trip("assigned"), AT + PATIENCE)
    assert not waited_long(a_trip("searching", AT + PATIENCE), AT + PATIENCE), "reassigned: it begins anew"
    offered = replace(a_trip("searching", AT + PATIENCE), offered_at=AT)
    assert waited_long(offered, AT + PATIENCE), "but not where own riders have claimed and released it"


@pytest.mark.parametrize(
    ("minutes", "then"),
    [(0, 10), (30, 40), (36, 45), (44, 45), (45, 55), (50, 60)],
    ids=["new", "before", "nearly over", "a minute left", "over", "still, because nobody answered"],
)
def test_a_trip_is_looked_after_when_patience_ends(minutes, then):
    assert a_trip("searching").look_again(AT + timedelta(minutes=minutes)) == AT + timedelta(minutes=then)


def test_the_same_alert_is_one_incident_and_names_nobody():
    late = incident_of(a_trip("picked_up"), "late", AT)

    assert incident_of(a_trip("on_hold"), "late", AT + WINDOW).id == late.id
    assert incident_of(a_trip("picked_up"), "stuck", AT).id != late.id
    assert (late.kind, late.subject, late.wave_id) == ("trip_late", "trp_1", "wav_1")

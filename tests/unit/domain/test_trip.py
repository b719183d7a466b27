"""A trip follows what its courier says, in whatever order that arrives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from lumbung.domain.courier import ENDS, RANK, Quote, Report, follows
from lumbung.domain.errors import InvalidState
from lumbung.domain.trip import Stop, Trip

AT = datetime(2020, 4, 10, 3, 0, tzinfo=UTC)


def a_trip(status: str = "planned") -> Trip:
    stop = Stop("ord_1", 1, {"off_a": 1}, 5_000, 3_330)
    return Trip("trp_1", "wav_1", "drp_1", "biteship", (stop,), 3_330, 5_000, 10_200, AT, "pic", status=status)


def told(state: str | None, cost: int | None = None) -> Report:
    return Report("b1", "trp_1", state, cost)


@pytest.mark.parametrize(
    ("was", "state", "news"),
    [
        ("booking", "searching", True),
        ("assigned", "picked_up", True),
        ("picked_up", "assigned", False),
        ("assigned", "searching", True),
        ("to_pickup", "assigned", True),
        ("picked_up", "searching", False),
        ("on_the_way", "on_hold", True),
        ("on_hold", "on_the_way", True),
        ("on_the_way", "returning", True),
        ("returning", "on_the_way", False),
        ("returning", "returned", True),
        ("delivered", "returned", False),
        ("cancelled", "delivered", False),
        ("assigned", "assigned", False),
    ],
)
def test_only_documented_steps_back_are_taken(was, state, news):
    assert follows(was, state) is news


def test_after_an_end_nothing_follows():
    assert not any(follows(end, state) for end in ENDS for state in RANK)


@pytest.mark.parametrize("states", permutations(["searching", "assigned", "picked_up", "on_the_way", "delivered"]))
def test_in_any_order_the_end_is_the_same(states):
    trip = a_trip("booking")
    for state in [s for s in states for _ in range(2)]:
        trip = trip.follow(told(state), at=AT)

    assert trip.status == "delivered"


def test_a_word_that_is_unknown_changes_nothing():
    trip = a_trip("picked_up").follow(told(None), at=AT)

    assert trip.status == "picked_up"


def test_a_repetition_is_the_same_trip():
    trip = a_trip("booking").follow(told("searching", 22_000), at=AT)

    assert trip.follow(told("searching", 22_000), at=AT + timedelta(hours=1)) is trip
    assert trip.cost == 22_000


def test_an_ended_trip_is_not_asked_after_any_more():
    assert a_trip("booking").follow(told("searching"), at=AT).ask_at is not None
    assert a_trip("booking").follow(told("delivered"), at=AT).ask_at is None


@pytest.mark.parametrize("status", ["booking", "picked_up", "on_the_way", "delivered", "returned"])
def test_a_trip_is_not_cancelled_while_it_is_booked_or_once_it_is_picked_up(status):
    with pytest.raises(InvalidState):
        a_trip(status).cancel(at=AT)


@pytest.mark.parametrize("status", ["planned", "searching", "assigned", "to_pickup"])
def test_before_pick_up_a_trip_can_be_cancelled(status):
    assert a_trip(status).cancel(at=AT).status == "cancelled"


def test_a_trip_is_booked_at_what_was_quoted():
    trip = a_trip().begin_booking(Quote("gojek/instant", 12_500), at=AT)

    assert (trip.status, trip.service, trip.cost) == ("booking", "gojek/instant", 12_500)


def test_the_estimated_arrival_counts_the_legs_before():
    trip = replace(a_trip(), stops=(Stop("a", 1, {}, 1, 3_330), Stop("b", 2, {}, 1, 6_660)))

    assert [trip.eta(stop) - AT for stop in trip.stops] == [timedelta(minutes=25), timedelta(minutes=50)]


def test_a_trip_is_booked_again_under_another_id_and_what_comes_under_the_first_is_not_its_own():
    second = a_trip().begin_booking(Quote("bike", 12_500), at=AT).book_again(at=AT)
    assert (second.status, second.booking_id) == ("planned", "trp_1-2")
    booked = second.begin_booking(Quote("bike", 12_500), at=AT)

    assert booked.follow(Report("old", "trp_1", "assigned"), at=AT) is booked
    assert booked.follow(Report("new", "trp_1-2", "assigned"), at=AT).reference == "new"


@pytest.mark.parametrize(
    ("reference", "replaces", "taken"), [("r2", None, False), ("r2", "r0", False), ("r2", "r1", True)]
)
def test_another_reference_is_taken_only_for_a_replacement(reference, replaces, taken):
    trip = a_trip("booking").follow(Report("r1", "trp_1", "searching"), at=AT)

    after = trip.follow(Report(reference, "trp_1", "assigned", replaces=replaces), at=AT)

    assert (after.reference, after.status) == (("r2", "assigned") if taken else ("r1", "searching"))


def test_only_a_booking_that_nobody_knows_of_is_made_again():
    booked = a_trip("booking").follow(Report("r1", "trp_1", "searching"), at=AT)
    for trip in (a_trip(), booked, a_trip("delivered")):
        with pytest.raises(InvalidState):
            trip.book_again(at=AT)


def test_a_refused_trip_says_why_and_a_booked_one_is_not_refused():
    refused = a_trip("booking").refuse("Terlalu jauh.", at=AT)

    assert (refused.status, refused.reason, refused.ended_at) == ("no_courier", "Terlalu jauh.", AT)
    with pytest.raises(InvalidState):
        a_trip("searching").refuse("Terlalu jauh.", at=AT)


@pytest.mark.parametrize(
    ("status", "given_up", "end"),
    [("searching", True, "no_courier"), ("searching", False, "searching"), ("assigned", True, "assigned")],
)
def test_nobody_came_only_where_we_gave_up_waiting_and_nobody_rides(status, given_up, end):
    assert replace(a_trip(status), given_up=given_up).nobody_came(at=AT).status == end

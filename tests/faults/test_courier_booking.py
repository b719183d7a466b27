"""A trip is booked once: whatever call fails, at whichever courier, and whatever of its answers or webhooks is lost."""

from collections.abc import Callable

import pytest

from tests.faults import courier_invariants
from tests.faults.courier_world import COURIERS, CourierWorld
from tests.faults.modes import COURIER_MODES, MODES, OUTSIDE, TIMEOUT, Fault
from tests.faults.seam import Seam, seam, stride

EACH_COURIER = pytest.mark.parametrize("courier", COURIERS)


def an_order_at_the_desk(world: CourierWorld, courier: str) -> None:
    world.served_by(f"*={courier}")
    world.goods.order({"off_a5": 2}, courier=True)
    world.arrive()


def attempt(world: CourierWorld, trip_id: str, fault: Fault | None) -> tuple[Seam, bool]:
    """Book with a fault; return what was asked, and whether the message is seen again."""
    world.fresh()
    done = False
    with seam(fault=fault) as calls:
        done = world.book(trip_id)
    return calls, done


def undisturbed(world: CourierWorld, begin: Callable[[], None]) -> list[str]:
    """Return what booking asks for, in a process that knows its secrets already."""
    asked: list[str] = []
    for name in ("first", "second"):
        begin()
        [trip_id] = world.plan(f"undisturbed {name}")
        asked = attempt(world, trip_id, None)[0].calls
    begin()
    return asked


def wrong_after(world: CourierWorld, trip_id: str) -> list[str]:
    """Return what is wrong once everything has come to rest that needs nobody."""
    world.rest()
    trip = world.trips()[trip_id]
    found = courier_invariants.broken(world)
    if trip.status not in ("searching", "assigned"):
        found.append(f"the trip is {trip.status}")
    return found


@EACH_COURIER
def test_whatever_call_fails_one_courier_comes(couriers: CourierWorld, courier: str) -> None:
    an_order_at_the_desk(couriers, courier)
    begin = couriers.keep()
    asked = undisturbed(couriers, begin)
    points = [
        (at, mode)
        for at, operation in enumerate(asked, 1)
        for mode in (COURIER_MODES if operation.startswith(OUTSIDE) else MODES)
    ]
    tried = 0
    for n, (at, mode) in list(enumerate(points))[:: stride(6)]:
        begin()
        [trip_id] = couriers.plan(f"{courier}{n}")
        calls, done = attempt(couriers, trip_id, Fault(at, mode))
        if calls.struck:
            tried += 1
            if done:
                couriers.goods.sent("BookingQueue")  # the queue forgets what was taken
            assert wrong_after(couriers, trip_id) == [], f"{courier}, call {at} ({asked[at - 1]}), {mode}"

    assert tried > 5


def lose_the_answer(world: CourierWorld, courier: str, *, deaf: bool = False) -> str:
    """Book a trip so that the courier has it and nobody here knows; *deaf*: nor hears of it. Return the trip."""
    an_order_at_the_desk(world, courier)
    begin = world.keep()
    asked = undisturbed(world, begin)
    booking = max(n for n, operation in enumerate(asked, 1) if operation.startswith(f"{OUTSIDE}POST"))
    begin()
    [trip_id] = world.plan("the answer is lost")
    world.wire.deaf = deaf
    _, done = attempt(world, trip_id, Fault(booking, TIMEOUT))
    world.goods.sent("BookingQueue")
    assert done, "it is not asked again at once"
    assert (world.trips()[trip_id].status, len(world.live_rides({trip_id})[trip_id])) == ("booking", 1)
    return trip_id


@pytest.mark.parametrize("courier", ["lalamove", "grab", "gosend"])
def test_an_answer_that_was_lost_is_made_up_for_by_the_first_webhook(couriers: CourierWorld, courier: str) -> None:
    trip_id = lose_the_answer(couriers, courier)
    couriers.rest(15 if courier == "gosend" else 5)  # GoSend's webhooks do not name our trip: it is looked up

    trip = couriers.trips()[trip_id]
    assert (trip.status, trip.attempt) == ("searching", 1)
    assert courier_invariants.broken(couriers) == []


@pytest.mark.parametrize(("courier", "attempts"), [("grab", 2), ("gosend", 1)])
def test_without_a_webhook_it_is_looked_up_before_there_is_a_second(
    couriers: CourierWorld, courier: str, attempts: int
) -> None:
    """Grab's is cancelled under our id and made again under another; GoSend's is found under it."""
    trip_id = lose_the_answer(couriers, courier, deaf=True)
    couriers.rest(5)
    assert couriers.trips()[trip_id].status == "booking", "it may still be told"
    couriers.rest(15)

    trip = couriers.trips()[trip_id]
    assert (trip.status, trip.attempt) == ("searching", attempts)
    assert courier_invariants.broken(couriers) == []


def test_a_booking_that_shows_after_another_was_made_is_called_off(couriers: CourierWorld) -> None:
    """Lalamove has no lookup: an order whose answer and webhook were lost is told of only when something happens."""
    trip_id = lose_the_answer(couriers, "lalamove", deaf=True)
    couriers.rest(20)
    first, second = couriers.live_rides({trip_id})[trip_id]
    couriers.wire.deaf = False
    couriers.wire.be("lalamove", first, "ON_GOING")
    couriers.rest(5)

    assert couriers.live_rides({trip_id}) == {trip_id: [second]}
    assert courier_invariants.broken(couriers) == []
    [incident] = couriers.incidents()
    assert incident["about"] == "courier_twice" and incident["subject"] == trip_id


def test_a_courier_whose_answers_are_all_lost_is_booked_three_times_at_most(couriers: CourierWorld) -> None:
    """Each may have been made: they are called off as soon as they show."""
    couriers.served_by("*=lalamove,gosend")
    couriers.goods.order({"off_a5": 2}, courier=True)
    couriers.arrive()
    couriers.wire.deaf = True
    couriers.wire.lose_answers = "POST /v3/orders"
    [trip_id] = couriers.plan()
    couriers.work()
    couriers.rest(60)
    assert (couriers.trips()[trip_id].status, len(couriers.wire.rides("lalamove"))) == ("no_courier", 3)
    couriers.wire.deaf = False
    for ride in couriers.wire.rides("lalamove"):
        couriers.wire.be("lalamove", ride["id"], "ON_GOING")
    couriers.rest(5)

    assert list(couriers.live_rides()) == [trip.id for trip in couriers.trips().values() if not trip.ended]
    assert courier_invariants.broken(couriers) == []

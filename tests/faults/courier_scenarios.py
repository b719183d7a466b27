"""What couriers tell of a trip, each in its own words, and what is made of it.

Booking, where a courier is asked to ride, has a matrix of its own (`test_courier_booking`): what a courier has done
cannot be put back.
"""

from tests.faults.courier_wire import WEBHOOKS
from tests.faults.courier_world import COURIERS, WELL, CourierWorld
from tests.faults.ordering_world import answered
from tests.faults.scenario import Act, Phase, Scenario

STREAM = "dispatch.stream.handler"


def told(courier: str) -> Act:
    """A rider was found and has the goods; nobody here has heard of either."""

    def prepare(world: CourierWorld) -> None:
        world.served_by(f"*={courier}")
        world.goods.order({"off_a5": 2}, courier=True)
        world.arrive()
        [trip_id] = world.send(f"matrix {courier}")
        world.rest(5)
        world.wire.deaf = True
        world.wire.notified.clear()
        for word in WELL[courier][1:4]:
            world.wire.be(courier, trip_id, word)
        world.wire.deaf = False
        world.notes = [event for name, event in world.wire.notified if name == courier]
        assert len(world.notes) > 1

    return prepare


def heard(courier: str) -> Act:
    def prepare(world: CourierWorld) -> None:
        told(courier)(world)
        _tells(0)(world)
        _tells(-1)(world)

    return prepare


def _tells(n: int) -> Act:
    return lambda w: w.tell(w.notes[n])


def _tick(world: CourierWorld) -> None:
    with answered():
        world.tick()


def _phases(courier: str) -> tuple[Phase, ...]:
    webhook = f"{WEBHOOKS[courier].__module__}.handler"
    first = Scenario("it tells the first", _tells(0), webhook)
    last = Scenario("it tells the last", _tells(-1), webhook)
    return (
        Phase(f"{courier} has news", told(courier), (first, last)),
        Phase(f"{courier} has told", heard(courier), (
            Scenario("hear of it", lambda w: w.hear_all(), STREAM),
            first,
            Scenario("the clock", _tick, "dispatch.schedule.handler"),
        )),
    )  # fmt: skip


PHASES = tuple(phase for courier in COURIERS for phase in _phases(courier))

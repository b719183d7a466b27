"""What is told to people, at moments when there is something to tell."""

from datetime import timedelta

from tests.faults.notice_world import NoticeWorld
from tests.faults.scenario import Phase, Scenario, cash

STREAM, WORKER, CLOCK = "notices.stream.handler", "notices.worker.handler", "notices.schedule.handler"


def ordered(world: NoticeWorld) -> None:
    """One order is paid in cash, two are not; nobody was told."""
    world.publish(quotas={5: 20})
    for n, name in enumerate(("paid", "unpaid", "another")):
        world.ids[name] = world.place(n, 1, dropoff=0).json["id"]
    world.cash(world.ids["paid"])


def queued(world: NoticeWorld) -> None:
    ordered(world)
    world.hear()
    world.copies = [message for _, message in world.aws.queued]


def due_soon(world: NoticeWorld) -> None:
    """All was told; within the hour the money of two is due."""
    queued(world)
    world.tell()
    world.at(world.now + timedelta(minutes=65))


HEAR = Scenario("hear of the orders", lambda w: w.hear(), STREAM)
CANCEL = Scenario("cancel one", lambda w: w.cancel(w.ids["unpaid"], 1))
TELL = Scenario("tell", lambda w: w.tell(), WORKER)

PHASES = (
    Phase("orders that nobody was told of", ordered, (HEAR, CANCEL)),
    Phase("notices in the queue", queued, (
        TELL,
        Scenario("tell what comes twice", lambda w: w.tell_copies(), WORKER),
        HEAR, CANCEL,
    ), one_by_one=False),
    Phase("money that is due soon", due_soon, (
        Scenario("remind", lambda w: w.remind(), CLOCK),
        Scenario("pay", cash("unpaid")),
        TELL,
    ), one_by_one=False),
)  # fmt: skip

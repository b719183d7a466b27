"""People's rights over their own data, while others order and the night looks after what could not be done at once."""

from ordering import nightly
from tests.faults.ordering_world import World, answered
from tests.faults.scenario import Phase, Scenario
from tests.integration.office import a_member

ERASE = "POST /v1/me/erasure"


def wishes(world: World) -> None:
    """Member 1 owes nothing any more, and member 2, who wants to be forgotten, has something to come."""
    world.publish()
    world.ids["over"] = world.place(1, 1).json["id"]
    world.cancel(world.ids["over"], 1)
    world.ids["open"] = world.place(2, 1).json["id"]
    world.post("/v1/me/erasure", key="forget", by=a_member(2))


def night(world: World) -> None:
    with answered():
        nightly.handler({"time": world.now.isoformat()}, None)


PHASES = (
    Phase("wishes to be forgotten", wishes, (
        Scenario("be forgotten", lambda w: w.post("/v1/me/erasure", key="forget", by=a_member(1)), ERASE),
        Scenario("end what is in the way", lambda w: w.cancel(w.ids["open"], 2)),
        Scenario("the night", night, "ordering.nightly.handler"),
    )),
)  # fmt: skip

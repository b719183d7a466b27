"""People's rights over their own data, while others order and the night looks after what could not be done at once."""

from lumbung.domain.permission import PURPOSES, REMINDERS
from ordering import nightly
from tests.faults.ordering_world import World, answered
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.office import a_member

ERASE, PERMIT = "POST /v1/me/erasure", "PUT /v1/me/consents/{purpose}"


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


def _permission(granted: bool) -> Act:
    body = {"granted": granted, "text_version": PURPOSES[REMINDERS].text_version}
    path, key = f"/v1/me/consents/{REMINDERS}", f"granted {granted}"
    return lambda w: w.post(path, body, key=key, by=a_member(3), method="PUT")


PHASES = (
    Phase("wishes to be forgotten", wishes, (
        Scenario("be forgotten", lambda w: w.post("/v1/me/erasure", key="forget", by=a_member(1)), ERASE),
        Scenario("end what is in the way", lambda w: w.cancel(w.ids["open"], 2)),
        Scenario("forbid reminders", _permission(False), PERMIT),
        Scenario("allow them", _permission(True), PERMIT),
        Scenario("the night", night, "ordering.nightly.handler"),
    )),
)  # fmt: skip

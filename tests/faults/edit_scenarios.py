"""Orders that are changed: the change itself, and what meets an order whose difference is awaited."""

from datetime import timedelta

from tests.faults.ordering_world import World
from tests.faults.scenario import Act, Phase, Scenario, cash
from tests.integration.office import DURING

EDIT, CANCEL, CLOCK = (
    "PATCH /v1/orders/{order_id}",
    "POST /v1/orders/{order_id}/cancellation",
    "ordering.schedule.handler",
)


def awaited(world: World) -> None:
    """A paid order that was changed to cost more."""
    world.publish(quotas={5: 40, 10: 20}, max_per_member=15)
    world.ids["paid"] = world.place(1, 3, 1).json["id"]
    world.cash(world.ids["paid"])
    edit("paid", 1, 5, 1, key="first")(world)


def lapsed(world: World) -> None:
    awaited(world)
    world.at(DURING + timedelta(hours=2, minutes=1))


def edit(name: str, n: int, *packs: int, key: str = "edit") -> Act:
    """Member *n* changes what a scenario calls *name* to *packs* of the wave's first offers."""
    return lambda w: w.edit(w.ids[name], n, *packs, key=f"{key} {packs}")


CHANGES = (
    Scenario("change what is paid to more", edit("paid", 1, 4, 1), EDIT),
    Scenario("change what is paid to less", edit("paid", 1, 1), EDIT),
    Scenario("change what is not paid", edit("unpaid", 2, 0, 2), EDIT),
)
PHASES = (
    Phase("a difference that is awaited", awaited, (
        Scenario("pay it", cash("paid")),
        Scenario("change it to more", edit("paid", 1, 6, 1), EDIT),
        Scenario("change it back", edit("paid", 1, 3, 1), EDIT),
        Scenario("cancel it", lambda w: w.cancel(w.ids["paid"], 1), CANCEL),
        Scenario("order as somebody else", lambda w: w.place(4, 2)),
    )),
    Phase("a difference that was not paid", lapsed, (
        Scenario("the clock", lambda w: w.tick(), CLOCK),
        Scenario("pay it late", cash("paid")),
        Scenario("change it", edit("paid", 1, 6, 1), EDIT),
        Scenario("cancel it", lambda w: w.cancel(w.ids["paid"], 1), CANCEL),
        Scenario("close it now", lambda w: w.close()),
    )),
)  # fmt: skip

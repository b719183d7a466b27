"""Closing a wave in which members said what else they would accept, and one that stays below its minimum."""

from datetime import timedelta
from typing import Any

from tests.faults.ordering_world import FROZEN, World
from tests.faults.scenario import Phase, Scenario, both, cash, once, step
from tests.integration.office import DURING

LOOKS_AGAIN = FROZEN.replace(minute=10)  # the clock looks for stuck closings every ten minutes


def ordered(world: World, **changes: Any) -> None:
    """Three paid orders at two drop-offs; what two of them would accept is more than will be left over."""
    world.publish(quotas={5: 40, 10: 20}, **changes)
    small = {1: {"instead": [(0, 2)]}}
    orders = (((0, 3), small), ((1, 2), small | {0: {"more": 3}}), ((2,), {}))
    for n, (packs, accepting) in enumerate(orders):
        world.at(DURING + timedelta(minutes=n))
        made = world.place(n, *packs, dropoff=n % 2, accepting=accepting).json["id"]
        world.ids[f"paid {n}"] = made
        world.cash(made)
    world.at(FROZEN)
    world.tick()
    world.at(LOOKS_AGAIN)


def left_over(world: World) -> None:
    """Five were ordered of the large packs and two are brought; three of the small ones, and six."""
    ordered(world)
    world.note_frozen()
    world.drain()
    world.supply(6, 2)
    once("allocate")(world)
    both("tally")(world)
    both("ties")(world)


def wished(world: World) -> None:
    left_over(world)
    both("wishes")(world)


def served(world: World) -> None:
    wished(world)
    both("turns")(world)


def too_little(world: World) -> None:
    ordered(world, minimum_weight_g=1_000_000)


def _each_part(name: str) -> tuple[Scenario, ...]:
    return (
        Scenario("the first drop-off's part", step(name, 0), name),
        Scenario("the last drop-off's part", step(name, 1), name),
        Scenario("resume", once("resume"), "resume"),
    )


PHASES = (
    Phase("packs left over", left_over, _each_part("wishes")),
    Phase("more wishes than packs", wished, _each_part("turns")),
    Phase("wishes decided", served, _each_part("apply")),
    Phase("a wave below its minimum", too_little, (
        *_each_part("aggregate"), Scenario("pay once more", cash("paid 0")),
    )),
)  # fmt: skip

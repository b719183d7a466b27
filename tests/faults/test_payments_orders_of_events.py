"""All orders of what a provider may say, each up to five times, while cash and the order's expiry race with it."""

from itertools import permutations

from tests.faults.modes import RIVAL, Fault
from tests.faults.money_world import MoneyWorld
from tests.faults.seam import seam, stride

EVENTS = ("pending", "settlement", "expire", "deny", "refund")
PAYMENT = "order virtual_account"
CALLS = 7  # that an event's application makes at least


def asked(world: MoneyWorld) -> None:
    """An order that can be paid at a provider, a moment before it is due."""
    world.publish(quotas={5: 3})
    world.ids["order"] = world.place(1, 1, dropoff=0).json["id"]
    world.ask("order")
    world.later(hours=1, minutes=59, seconds=50)


def test_all_orders_of_all_events_agree_while_cash_and_expiry_race(paying: MoneyWorld) -> None:
    world, raced = paying, 0
    asked(world)
    begin = world.keep()

    def take_cash() -> None:
        world.take_cash("order", 55_000)

    def expire() -> None:
        world.later(seconds=30)
        world.tick()

    orders = list(enumerate(permutations(EVENTS)))[:: stride(8)]
    for number, events in orders:
        begin()
        rivals = {number % 5: take_cash, (number // 5) % 5: expire}
        for place, status in enumerate(events):
            world.later(seconds=1)
            world.moves(PAYMENT, status)
            for _ in range(1 + (number + place) % 5):
                world.told(PAYMENT, status)
            fault = Fault(1 + (number + place) % CALLS, RIVAL, rivals[place]) if place in rivals else None
            with seam(fault=fault) as calls:
                world.stream("EVENT")
            raced += calls.struck
        world.settle()

        assert world.broken() == [], events
        held = world.ledger().payments[world.ids[PAYMENT]].held
        assert held == (55_000 if events[-1] == "settlement" else 0), events
    assert raced > len(orders)

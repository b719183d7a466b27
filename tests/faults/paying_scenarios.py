"""Asking how to pay, being paid, and what the providers and the bank that asks us say of it, in time and late."""

from datetime import timedelta
from typing import Any

from tests.faults.money_world import OF_THE_BANK, MoneyWorld
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.bank import Bank

ASK, CASH = "POST /v1/orders/{order_id}/payments", "POST /v1/orders/{order_id}/cash-receipts"
STREAM, CLOCK, MIDTRANS = "payments.stream.handler", "payments.schedule.handler", "payments.webhook.handler"


def waiting(world: MoneyWorld) -> None:
    """Nobody has asked how to pay one order; another can be paid by virtual account, and nothing was heard of it."""
    world.publish(quotas={5: 20})
    world.ids["plain"] = world.place(0, 1, dropoff=0).json["id"]
    world.ids["asked"] = world.place(1, 1, dropoff=0).json["id"]
    world.ask("asked")
    world.later(minutes=6)


def told(world: MoneyWorld) -> None:
    """Midtrans and Xendit have been paid and have said so; nothing of it was applied."""
    waiting(world)
    world.ask("plain", "qris", key="qris")
    for payment in ("asked virtual_account", "plain qris"):
        world.moves(payment, "settlement")
        world.told(payment, "settlement")
    world.later(minutes=3)


def paid(world: MoneyWorld) -> None:
    waiting(world)
    world.happens("asked virtual_account", "settlement")


def too_late(world: MoneyWorld) -> None:
    """The last pack's order has expired; it is paid all the same."""
    world.publish(quotas={5: 1})
    world.ids["asked"] = world.place(1, 1, dropoff=0).json["id"]
    world.ask("asked")
    world.later(hours=2, minutes=1)
    world.tick()
    world.moves("asked virtual_account", "settlement")


def billed(world: MoneyWorld) -> None:
    """An order can be paid at the bank that asks us, which has a token."""
    world.publish(quotas={5: 20})
    world.ids["asked"] = world.place(1, 1, dropoff=0).json["id"]
    payment = world.ask("asked", bank=OF_THE_BANK).json
    world.ids["account"] = payment["instructions"]["va_number"]
    world.ids["token"] = world.bank.token()


def happens(payment: str, status: str) -> Act:
    return lambda w: w.happens(payment, status)


def tells(payment: str, status: str) -> Act:
    """The provider moves it and says so; what follows is left to the stream."""

    def act(world: Any) -> None:
        world.moves(payment, status)
        world.told(payment, status)

    return act


def _is_paid_while_it_can_be(world: Any) -> None:
    if world.truths[world.ids["asked virtual_account"]].status == "pending":
        world.moves("asked virtual_account", "settlement")


def offline(name: str, amount: int, number: str = "R-1", **ago: int) -> Act:
    """Cash that was taken offline, some time ago."""

    def act(world: Any) -> Any:
        took_at = (world.now - timedelta(**ago)).isoformat()
        return world.take_cash(name, amount, key=f"{number} {amount}", receipt_number=number, received_at=took_at)

    return act


def _pays_at_the_bank(world: Any) -> None:
    bank = Bank(world, held=world.ids["token"])
    bank.inquire(world.ids["account"], external="2020040700000000001")
    bank.pay(world.ids["account"], external="2020040700000000002")
    world.stream("EVENT")


def _pays_there_again(world: Any) -> None:
    Bank(world, held=world.ids["token"]).pay(world.ids["account"], request_id="2", external="2020040700000000003")


PHASES = (
    Phase("orders that wait for money", waiting, (
        Scenario("ask for an account", lambda w: w.ask("plain"), ASK),
        Scenario("ask for a code", lambda w: w.ask("plain", "qris", key="qris"), ASK),
        Scenario("ask for the bank's account", lambda w: w.ask("plain", bank=OF_THE_BANK, key="bank"), ASK),
        Scenario("switch to a code", lambda w: w.ask("asked", "qris", key="switch"), ASK),
        Scenario("ask once more", lambda w: w.ask("asked", key="again"), ASK),
        Scenario("it is paid, and Midtrans says so", tells("asked virtual_account", "settlement"), MIDTRANS),
        Scenario("it is paid, and nobody says so", _is_paid_while_it_can_be),
        Scenario("take cash", lambda w: w.take_cash("asked", 55_000), CASH),
        Scenario("cancel it", lambda w: w.cancel(w.ids["asked"], 1)),
        Scenario("change it", lambda w: w.edit(w.ids["asked"], 1, 2)),
        Scenario("the clock", lambda w: w.minute(), CLOCK),
    ), one_by_one=False),
    Phase("news of payments", told, (
        Scenario("apply it", lambda w: w.stream("EVENT"), STREAM),
        Scenario("the clock applies it", lambda w: w.minute(), CLOCK),
        Scenario("Midtrans says it again", tells("asked virtual_account", "settlement"), MIDTRANS),
        Scenario("Midtrans takes it back", tells("asked virtual_account", "deny"), MIDTRANS),
        Scenario("Xendit says it again", tells("plain qris", "settlement"), "payments.xendit_webhook.handler"),
        Scenario("take cash", lambda w: w.take_cash("asked", 55_000), CASH),
        Scenario("cancel it", lambda w: w.cancel(w.ids["asked"], 1)),
    ), one_by_one=False),
    Phase("a paid order", paid, (
        Scenario("it is taken back", happens("asked virtual_account", "deny"), STREAM),
        Scenario("it is given back at the provider", happens("asked virtual_account", "refund"), STREAM),
        Scenario("cash was taken too", offline("asked", 55_000, minutes=1), CASH),
        Scenario("too much cash was taken too", offline("plain", 60_000, "R-2", minutes=1), CASH),
        Scenario("cancel it", lambda w: w.cancel(w.ids["asked"], 1)),
        Scenario("change it to more", lambda w: w.edit(w.ids["asked"], 1, 2)),
    ), one_by_one=False),
    Phase("money that comes late", too_late, (
        Scenario("it is told", happens("asked virtual_account", "settlement"), STREAM),
        Scenario("cash was taken in time", offline("asked", 55_000, minutes=90), CASH),
        Scenario("somebody takes the last pack", lambda w: w.place(2, 1, dropoff=0)),
        Scenario("the clock asks", lambda w: w.minute(), CLOCK),
    ), one_by_one=False),
    Phase("a bank that asks us", billed, (
        Scenario("it asks for a token", lambda w: w.bank.ask_token(), "payments.snap_token_webhook.handler"),
        Scenario("it asks, and is paid", _pays_at_the_bank, "payments.snap_webhook.handler"),
        Scenario("it is paid again", _pays_there_again, "payments.snap_webhook.handler"),
        Scenario("switch to a code", lambda w: w.ask("asked", "qris", key="switch"), ASK),
        Scenario("take cash", lambda w: w.take_cash("asked", 55_000), CASH),
        Scenario("cancel it", lambda w: w.cancel(w.ids["asked"], 1)),
    ), one_by_one=False),
)  # fmt: skip

"""What goes through people's hands: cash and its way to the office, refunds decided, paid and confirmed."""

from typing import Any

from lumbung.domain.people import Caller
from tests.faults.money_world import SECOND, MoneyWorld
from tests.faults.paying_scenarios import CASH, CLOCK, STREAM, happens, offline
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.office import OPERATOR, PIC, a_member

HAND_OVER, ACCEPT = "POST /v1/dropoffs/{dropoff_id}/remittances", "POST /v1/remittances/{remittance_id}/acceptance"
DECIDE, OF = "POST /v1/orders/{order_id}/refunds", "POST /v1/refunds/{refund_id}"
LIMIT = 230_000


def a_till(world: MoneyWorld) -> None:
    """Two orders are paid in cash, a part of it is on its way to the office, a third would just fit."""
    world.publish(quotas={5: 20})
    path = f"/v1/dropoffs/{world.dropoffs[0]}"
    world.post(path, {"cash_limit": LIMIT}, key="limit", method="PATCH")
    for n, packs in enumerate((1, 2, 1, 1)):
        world.ids[f"order {n}"] = world.place(n, packs, dropoff=0).json["id"]
    world.take_cash("order 0", 55_000, key="c0")
    world.take_cash("order 1", 110_000, key="c1")
    world.ids["slip"] = _hand_over(20_000, key="before")(world).json["id"]


def decided(world: MoneyWorld) -> None:
    """Three orders are paid, each another way, and of each a part is promised back."""
    world.publish(quotas={5: 20})
    for n in range(3):
        world.ids[f"order {n}"] = world.place(n, 1, dropoff=0).json["id"]
    world.take_cash("order 0", 55_000)
    world.ask("order 1", key="p1")
    world.happens("order 1 virtual_account", "settlement")
    world.ask("order 2", "qris", key="p2")
    world.happens("order 2 qris", "settlement")
    for n in range(3):
        world.ids[f"refund {n}"] = _decide(f"order {n}", 20_000, key=f"before {n}")(world).json["id"]


def paid_back(world: MoneyWorld) -> None:
    """The two that no provider gives back are paid by hand, and nobody has confirmed it."""
    decided(world)
    world.stream("REFUND")
    _of_refund(0, "cash", by=PIC)(world)
    _transfer(1)(world)


def _hand_over(amount: int, key: str) -> Act:
    body = {"amount": amount, "method": "tunai"}
    return lambda w: w.money(f"/dropoffs/{w.dropoffs[0]}/remittances", body, key=key, by=PIC)


def _accept(counted: int, by: Caller) -> Act:
    body = {"counted": counted}
    return lambda w: w.money(f"/remittances/{w.ids['slip']}/acceptance", body, key="accept", by=by)


def _decide(name: str, amount: int, key: str, by: Caller = OPERATOR) -> Act:
    body = {"amount": amount, "reason": "Rusak", "liable": "programme"}
    return lambda w: w.money(f"/orders/{w.ids[name]}/refunds", body, key=key, by=by)


def _of_refund(n: int, step: str, body: Any = None, *, by: Caller = SECOND) -> Act:
    return lambda w: w.money(f"/refunds/{w.ids[f'refund {n}']}/{step}", body, key=f"{step} {n}", by=by)


def _transfer(n: int, by: Caller = OPERATOR) -> Act:
    return _of_refund(n, "transfer", {"bank_reference": f"BRI-{by.id}"}, by=by)


def _account(path: str, by: Caller) -> Act:
    body = {"bank": "BRI", "account_number": "9988776655", "account_name": by.name or by.id}
    return lambda w: w.money(path.format(w.ids["order 1"]), body, key="account", by=by, method="PUT")


def _gives_back(world: Any) -> None:
    """What was decided is asked of its provider, which tells of it too."""
    world.stream("REFUND")
    world.told("order 2 qris", "settlement")
    world.stream("EVENT")


WRONG = {"reason": "Rekening salah"}

PHASES = (
    Phase("a till", a_till, (
        Scenario("hand over what is free", _hand_over(145_000, "all"), HAND_OVER),
        Scenario("hand over a part", _hand_over(55_000, "part"), HAND_OVER),
        Scenario("count a hand-over", _accept(20_000, OPERATOR), ACCEPT),
        Scenario("count it too, and less", _accept(15_000, SECOND), ACCEPT),
        Scenario("take cash up to the limit", lambda w: w.take_cash("order 2", 55_000, key="c2"), CASH),
        Scenario("take cash over it", lambda w: w.take_cash("order 3", 55_000, key="c3"), CASH),
        Scenario("cash was taken offline", offline("order 2", 55_000, "A-1", minutes=5), CASH),
        Scenario("its receipt says another amount", offline("order 2", 50_000, "A-1", minutes=5), CASH),
        Scenario("cancel what is paid", lambda w: w.cancel(w.ids["order 0"], 0)),
    )),
    Phase("refunds that were decided", decided, (
        Scenario("ask for them", lambda w: w.stream("REFUND"), STREAM),
        Scenario("the provider has heard", _gives_back, STREAM),
        Scenario("the clock asks for them", lambda w: w.minute(), CLOCK),
        Scenario("sixty per cent more", _decide("order 1", 33_000, "one"), DECIDE),
        Scenario("and sixty again", _decide("order 1", 33_000, "two", SECOND), DECIDE),
        Scenario("transfer it", _transfer(1), f"{OF}/transfer"),
        Scenario("transfer it too", _transfer(1, SECOND), f"{OF}/transfer"),
        Scenario("transfer what the provider may give back", _transfer(2), f"{OF}/transfer"),
        Scenario("pay it from the till", _of_refund(0, "cash", by=PIC), f"{OF}/cash"),
        Scenario("my account", _account("/me/refund-account", a_member(1)), "PUT /v1/me/refund-account"),
        Scenario(
            "their account", _account("/orders/{}/refund-account", PIC), "PUT /v1/orders/{order_id}/refund-account"
        ),
        Scenario("the payment is taken back", happens("order 1 virtual_account", "deny"), STREAM),
    )),
    Phase("refunds that were paid by hand", paid_back, (
        Scenario("it has arrived", _of_refund(1, "confirmation"), f"{OF}/confirmation"),
        Scenario("it has not", _of_refund(1, "failure", WRONG), f"{OF}/failure"),
        Scenario("the member has the cash", _of_refund(0, "confirmation", by=a_member(0)), f"{OF}/confirmation"),
        Scenario("the member has not", _of_refund(0, "failure", WRONG), f"{OF}/failure"),
        Scenario("hand over what is left", _hand_over(35_000, "rest"), HAND_OVER),
        Scenario("the payment is taken back", happens("order 1 virtual_account", "deny"), STREAM),
        Scenario("cancel it", lambda w: w.cancel(w.ids["order 1"], 1)),
    )),
)  # fmt: skip

"""Goods that were received, what their cooperative is owed and paid, and what statements say of it."""

from typing import Any

from lumbung.domain.people import Caller
from tests.faults.money_world import SECOND, MoneyWorld
from tests.faults.paying_scenarios import STREAM, happens, waiting
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.office import OPERATOR

RECEIVED, PAYOUT = "payments.deliveries_stream.handler", "POST /v1/settlements/{settlement_id}/payouts"
SEND, RESOLVE = "POST /v1/statements", "POST /v1/reconciliation/worklist/{line_id}/resolution"
HEAD, BANK_HEAD = "Order ID,Transaction status,Amount,Fee,Settlement Time\n", "Tanggal,Keterangan,Jumlah,Ref\n"
PROVIDER = HEAD + "{0},settlement,55000,4440,{1}\npay_x,settlement,1,0,{1}\n"
BANK = BANK_HEAD + "{1},MIDTRANS,50000,\n{1},BUNGA,10,\n"


def received(world: MoneyWorld) -> None:
    """A paid order has its goods, and a first consignment was received; of it a part was promised back before."""
    world.publish(quotas={5: 20})
    world.ids["order"] = world.place(1, 3, dropoff=0).json["id"]
    world.ask("order")
    world.happens("order virtual_account", "settlement")
    _refund(20_000, "before")(world)
    world.arrive("order")
    world.receive(2, n=0, moved_on=False)
    world.stream()
    [settlement] = world.items("SETTLEMENT")
    world.ids["settlement"] = settlement["pk"].partition("#")[2]


def sent(world: MoneyWorld) -> None:
    """Statements of a provider and of the bank were sent in; one line of the bank waits to be explained."""
    waiting(world)
    world.happens("asked virtual_account", "settlement")
    _send("bank_csv", BANK_HEAD + "{1},SETORAN,7000,\n", "before")(world)
    world.import_statements()
    [line] = world.items("LINE")
    world.ids["line"] = line["pk"].partition("#")[2]
    _send("midtrans", PROVIDER, "provider")(world)
    _send("bank_csv", BANK, "bank")(world)


def _refund(amount: int, key: str, liable: str = "cooperative") -> Act:
    body = {"amount": amount, "reason": "Rusak", "liable": liable}
    return lambda w: w.money(f"/orders/{w.ids['order']}/refunds", body, key=key)


def _pay_out(by: Caller) -> Act:
    body = {"reference": f"BRI-{by.id}"}
    return lambda w: w.money(f"/settlements/{w.ids['settlement']}/payouts", body, key="payout", by=by)


def _send(source: str, content: str, key: str) -> Act:
    def act(world: Any) -> Any:
        about = content.format(world.ids["asked virtual_account"], "2020-04-07 10:06:00")
        return world.money("/statements", {"source": source, "content": about}, key=key)

    return act


def _resolve(account: str | None, by: Caller) -> Act:
    body = {"reason": "Setoran"} | ({"account": account} if account else {})
    return lambda w: w.money(f"/reconciliation/worklist/{w.ids['line']}/resolution", body, key="resolve", by=by)


PHASES = (
    Phase("goods that were received", received, (
        Scenario("the rest is received", lambda w: w.receive(1, n=1), RECEIVED),
        Scenario("the first has moved on", lambda w: w.receive(2, n=0), RECEIVED),
        Scenario("a refund at the cooperative's expense", _refund(30_000, "refund")),
        Scenario("a refund at the courier's expense", _refund(5_000, "courier", "courier")),
        Scenario("transfers are counted", lambda w: w.stream("TRANSFER"), STREAM),
        Scenario("pay out", _pay_out(OPERATOR), PAYOUT),
        Scenario("pay out too", _pay_out(SECOND), PAYOUT),
        Scenario("the payment is taken back", happens("order virtual_account", "deny"), STREAM),
    )),
    Phase("statements that were sent in", sent, (
        Scenario("explain them", lambda w: w.import_statements(), "payments.statements_stream.handler"),
        Scenario("send another", _send("midtrans", PROVIDER + "\n", "third"), SEND),
        Scenario("send the first again", _send("midtrans", PROVIDER, "again"), SEND),
        Scenario("say why", _resolve(None, OPERATOR), RESOLVE),
        Scenario("say where it belongs", _resolve("write_off", SECOND), RESOLVE),
        Scenario("the night", lambda w: w.night(), "payments.nightly.handler"),
    )),
)  # fmt: skip

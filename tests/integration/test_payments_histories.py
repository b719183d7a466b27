"""Any history of refunds by hand, goods, payouts and cash adds up. Failing seeds stay in the list."""

import random
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps, deps_payments
from tests.integration.office import OPERATOR, PIC, a_member
from tests.integration.payments_world import World, a_consignment, other, quick_world
from tests.integration.test_payments_refunds import arrived

__all__ = ["quick_world"]

PEOPLE = (OPERATOR, other(OPERATOR, "op-2"))
LIABLE = ("cooperative", "courier", "pic", "member", "programme")


class History:
    """Does one thing after another, whatever it is answered."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.waves = [world.office.wave(name=f"W{n}", quotas={5: 8}, orders_per_member=None) for n in (1, 2)]
        self.orders: list[str] = []
        self.n = 0

    def post(self, path: str, body: Any = None, caller: Caller = OPERATOR) -> Any:
        return self.world.post(path, body, key=f"k{self.n}", caller=caller)

    def act(self) -> None:
        self.n += 1
        acts = [self.order, self.order, self.refund, self.refund, self.by_hand, self.by_hand, self.by_hand, self.goods,
                self.pay_out, self.hand_over, self.reverse, self.wait]  # fmt: skip
        self.dice.choice(acts)()
        self.world.drain()

    def order(self) -> None:
        placed = self.world.office.order(
            self.dice.choice(self.waves), key=f"o{self.n}", member=a_member(self.n % 5), at=clock.now()
        )
        if placed.status != 201:
            return
        order = placed.json["id"]
        self.orders.append(order)
        method = self.dice.choice(["cash", "qris", "virtual_account"])
        if method == "cash":
            self.world.cash(order, 55_000, key=f"c{self.n}")
        elif (asked := self.world.pay(order, key=f"p{self.n}", method=method, caller=PIC)).status == 201:
            self.world.happens(asked.json["id"], "settlement")
        if self.dice.random() < 0.6 and self.world.order(order).status == "confirmed":
            arrived(self.world, order)

    def refund(self) -> None:
        if self.orders:
            body = {
                "amount": self.dice.choice([5_000, 30_000, 55_000]),
                "reason": "x",
                "liable": self.dice.choice(LIABLE),
            }
            self.post(f"/v1/orders/{self.dice.choice(self.orders)}/refunds", body)

    def by_hand(self) -> None:
        refunds = sorted(item["pk"].partition("#")[2] for item in self.world.items("REFUND"))
        if not refunds:
            return
        step, body, callers = self.dice.choice(
            [
                ("transfer", {"bank_reference": f"B{self.n}"}, PEOPLE),
                ("cash", None, (PIC,)),
                ("confirmation", None, PEOPLE),
                ("confirmation", None, PEOPLE),
                ("failure", {"reason": "x"}, PEOPLE),
            ]
        )
        self.post(f"/v1/refunds/{self.dice.choice(refunds)}/{step}", body, self.dice.choice(callers))

    def goods(self) -> None:
        office, moved_on = self.world.office, self.dice.random() < 0.5
        wave = self.dice.choice(self.waves)["id"]
        for n in (self.n, self.n - 1):  # the one before may come again
            item = a_consignment(wave, office.cooperative, office.dropoff, n % 3, n=n, moved_on=moved_on)
            self.world.receive(item, times=self.dice.choice([1, 2]))

    def pay_out(self) -> None:
        if settlements := self.settlements():
            self.post(f"/v1/settlements/{self.dice.choice(settlements)['id']}/payouts")

    def hand_over(self) -> None:
        body = {"amount": self.dice.choice([20_000, 55_000]), "method": "tunai"}
        slip = self.post(f"/v1/dropoffs/{self.world.office.dropoff}/remittances", body, PIC)
        if slip.status == 201 and self.dice.random() < 0.7:
            counted = {"counted": body["amount"] - self.dice.choice([0, 5_000])}
            self.post(f"/v1/remittances/{slip.json['id']}/acceptance", counted)

    def reverse(self) -> None:
        if self.world.midtrans.truths and self.dice.random() < 0.3:
            self.world.happens(self.dice.choice(list(self.world.midtrans.truths)), "deny")

    def wait(self) -> None:
        self.world.midtrans.refuses_refunds = self.dice.random() < 0.3
        self.world.later(minutes=self.dice.choice([0, 5, 60]))
        self.world.minute()

    def settlements(self) -> list[Any]:
        return list(self.world.get(f"/v1/cooperatives/{self.world.office.cooperative}/settlements").json["items"])


@pytest.mark.parametrize("seed", [*range(6), 8, 9])
def test_any_history_of_refunds_goods_payouts_and_cash_adds_up(quick_world: World, seed: int) -> None:
    world = quick_world
    history = History(world, random.Random(seed))
    for _ in range(70):
        history.act()
    world.minute(3)

    for wave in history.waves:
        world.agree_on_books(wave["id"])
    cooperative = deps_payments.settlements().of_cooperative(world.office.cooperative, also="set_none")
    account = deps_payments.accounts().get(f"cooperative:{world.office.cooperative}")
    owed = sum(settlement.outstanding - settlement.overdrawn for settlement in cooperative)
    assert owed == -account.balance
    assert not any(s.overdrawn for s in cooperative) or not any(s.outstanding for s in cooperative)
    for order in map(deps.orders().get, history.orders):
        refunds = list(deps_payments.bookings().refunds_of(order.id))
        assert order.borne == sum(refund.borne for refund in refunds)
        assert order.refund_decided == sum(refund.amount for refund in refunds if not refund.withdrawn)

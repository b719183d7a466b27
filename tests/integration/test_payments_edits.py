"""Orders that are edited while money is awaited, paid or on its way: nothing is lost, nothing is owed twice."""

import random
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.moments import rfc3339
from lumbung.runtime import clock, deps
from ordering import schedule
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import CLOSES, DURING, OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World
from tests.integration.payments_world import quick_world as world  # in memory, where no call is counted
from tests.integration.payments_world import world as moto_world
from tests.integration.test_dispatch_rivals import rival
from tests.integration.test_ordering_closing import drain
from tests.integration.test_ordering_edits import BY_COURIER, FEE, HOME, lines
from tests.people import kept

__all__ = ["moto_world", "office", "world"]

PACK = 55_000
FARTHER = BY_COURIER | {"address": HOME | {"lat": -6.3296, "line": "Jl. Lain 2"}}


class Edited:
    """One order of a wave, which is edited, paid and left alone."""

    def __init__(self, world: World, *, packs: int = 1, **wave: Any) -> None:
        self.world = world
        self.wave = world.office.wave(**{"quotas": {5: 10, 10: 10}, **wave})
        self.placed = world.office.order(self.wave, packs=packs).json
        self.id: str = self.placed["id"]

    @property
    def order(self) -> Any:
        return self.world.order(self.id)

    def read(self) -> dict[str, Any]:
        return self.world.office.get(f"/v1/orders/{self.id}", a_member(), at=clock.now()).json

    def edit(self, *packs: int, **more: Any) -> dict[str, Any]:
        body = (lines(self.wave, *packs) if packs else {}) | more
        reply = self.world.office.edit(self.id, body, key=f"edit {self.order.version}", at=clock.now())
        assert reply.status == 200, reply.text
        self.world.drain()
        return reply.json

    def ask(self, method: str = "virtual_account") -> str:
        reply = self.world.pay(self.id, key=f"pay {clock.now()} {self.order.version}", method=method)
        assert reply.status == 201, reply.text
        return str(reply.json["id"])

    def paid(self, method: str = "virtual_account") -> str:
        payment = self.ask(method)
        self.world.happens(payment, "settlement")
        return payment

    def left(self) -> list[int]:
        return [line["available"] for line in self.world.office.stock(self.wave)]

    def refunds(self) -> list[tuple[int, str]]:
        listed = self.world.get(f"/v1/refunds?wave_id={self.wave['id']}").json["items"]
        return sorted((refund["amount"], refund["liable"]) for refund in listed)

    def agree(self) -> None:
        self.world.drain()
        self.world.agree(self.wave["id"])


# -- not paid yet


def test_a_pending_payment_of_another_amount_is_ended_at_the_provider(world: World) -> None:
    it = Edited(world, packs=2)
    payment = it.ask()

    it.edit(1)
    world.minute(6)

    assert world.midtrans.truths[payment].status == "expire"
    assert world.payment(payment).status == "expired"
    world.happens(it.ask(), "settlement")
    assert (it.order.status, it.order.paid) == ("confirmed", PACK)
    it.agree()


def test_asking_for_the_new_amount_ends_the_old_payment_first(world: World) -> None:
    it = Edited(world)
    first = it.ask()

    it.edit(2)
    second = it.ask()

    assert world.midtrans.truths[first].status == "expire"
    assert world.payment(second).amount == 2 * PACK


def test_money_for_the_lower_amount_pays_a_part(world: World) -> None:
    it = Edited(world)
    payment = it.ask()
    it.edit(3)

    world.happens(payment, "settlement")

    assert (it.order.status, it.order.payment_status, it.order.balance) == ("placed", "partially_paid", 2 * PACK)
    it.paid()
    assert (it.order.status, it.order.balance) == ("confirmed", 0)
    it.agree()


def test_money_for_the_higher_amount_is_kept_as_far_as_it_is_owed(world: World) -> None:
    it = Edited(world, packs=3)
    payment = it.ask()
    it.edit(1)

    world.happens(payment, "settlement")

    assert (it.order.status, it.order.payment_status) == ("confirmed", "refund_due")
    assert world.balances() == {
        "gateway:midtrans": 3 * PACK, f"unearned:{it.wave['id']}": PACK, "refund_payable": 2 * PACK,
    }  # fmt: skip
    it.agree()


# -- paid, and it costs less


def test_what_a_paid_order_costs_less_is_promised_back(world: World) -> None:
    it = Edited(world, packs=3)
    it.paid()

    edited = it.edit(1)

    assert (edited["status"], edited["payment_status"], edited["balance"]) == ("confirmed", "refund_due", -2 * PACK)
    assert it.refunds() == [(2 * PACK, "member")]
    assert it.left() == [9, 10]
    it.agree()


def test_what_was_promised_back_does_not_pay_for_more(world: World) -> None:
    it = Edited(world, packs=2)
    it.paid()
    it.edit(1)

    again = it.edit(2)

    assert (again["status"], again["payment_status"], again["balance"]) == ("placed", "partially_paid", PACK)
    assert world.payment(it.paid()).amount == PACK
    assert (it.order.status, it.order.kept) == ("confirmed", 2 * PACK)
    it.agree()


def test_an_edit_that_costs_the_same_leaves_it_paid(world: World) -> None:
    it = Edited(world, packs=2)
    it.paid()

    edited = it.edit(0, 1)

    assert (edited["status"], edited["payment_status"], edited["paid_for"]) == ("confirmed", "paid", None)
    assert it.left() == [10, 9]
    it.agree()


def test_what_the_office_let_off_is_not_asked_for_by_an_edit(world: World) -> None:
    it = Edited(world, packs=2)
    it.paid()
    body = {"amount": 5_000, "reason": "Kemasan basah", "liable": "programme"}
    world.post(f"/v1/orders/{it.id}/refunds", body, key="goodwill", caller=OPERATOR)

    assert it.edit(note="Pagar hijau")["status"] == "confirmed"
    assert it.edit(0, 1)["status"] == "confirmed"
    it.agree()


# -- paid, and it costs more


def test_a_difference_is_awaited_as_a_new_order_would_be(world: World) -> None:
    it = Edited(world)
    it.paid()
    world.later(minutes=30)

    edited = it.edit(3)

    assert (edited["status"], edited["payment_status"], edited["balance"]) == ("placed", "partially_paid", 2 * PACK)
    assert edited["payment_due_at"] == rfc3339(DURING + timedelta(minutes=30, hours=2))
    assert (edited["paid_for"]["total"], edited["paid_for"]["lines"][0]["quantity"]) == (PACK, 1)
    assert world.payment(it.paid("qris")).amount == 2 * PACK
    paid = it.read()
    assert (paid["status"], paid["payment_status"], paid["paid_for"]) == ("confirmed", "paid", None)
    assert it.left() == [7, 10]
    it.agree()


def test_a_difference_that_is_not_paid_in_time_leaves_what_was_paid_for(world: World) -> None:
    it = Edited(world)
    it.paid()
    it.edit(3)
    world.at(it.order.payment_due_at)

    read = it.read()
    world.minute()

    assert (read["status"], read["total"], read["payment_status"]) == ("confirmed", PACK, "paid")
    assert (it.order.status, it.order.total, it.order.paid_for) == ("confirmed", PACK, None)
    assert [happening.event for happening in it.order.history] == ["placed", "paid", "edited", "edit_lapsed"]
    assert it.left() == [9, 10]
    assert it.refunds() == []
    it.agree()


def test_while_a_difference_is_awaited_nobody_gets_the_packs_that_were_paid_for(world: World) -> None:
    it = Edited(world, quotas={5: 1, 10: 1})
    it.paid()
    it.edit(0, 1)

    assert it.left() == [0, 0]
    rival = world.office.order(it.wave, key="rival", member=a_member(2), at=clock.now())
    assert rival.json["code"] == "sold_out"
    it.agree()
    world.at(it.order.payment_due_at)
    world.minute()
    assert it.left() == [0, 1]
    assert it.order.packs == 1
    it.agree()


def test_once_the_difference_is_paid_the_packs_that_it_replaced_are_sold_again(world: World) -> None:
    it = Edited(world, quotas={5: 1, 10: 1})
    it.paid()
    it.edit(0, 1)
    it.paid()

    assert it.left() == [1, 0]
    world.later(seconds=2)
    assert world.office.order(it.wave, key="next", member=a_member(2), at=clock.now()).status == 201
    it.agree()


def test_what_came_in_of_a_difference_is_promised_back_if_the_rest_does_not(world: World) -> None:
    it = Edited(world)
    it.paid()
    it.edit(3)
    world.cash(it.id, 30_000, received_at=rfc3339(clock.now()), receipt_number="R1")
    assert it.order.balance == 80_000
    world.at(it.order.payment_due_at)

    world.minute()

    assert (it.order.status, it.order.total, it.order.kept) == ("confirmed", PACK, PACK)
    assert it.refunds() == [(30_000, "member")]
    it.agree()


def test_money_that_comes_after_the_edit_has_lapsed_is_promised_back(world: World) -> None:
    it = Edited(world)
    it.paid()
    it.edit(2)
    payment = it.ask()
    world.at(it.order.payment_due_at)
    world.minute()

    world.happens(payment, "settlement")

    assert (it.order.status, it.order.total, it.order.kept) == ("confirmed", PACK, PACK)
    assert it.refunds() == [(PACK, "member")]
    it.agree()


def test_money_that_comes_late_but_before_the_sweep_pays_the_difference(world: World) -> None:
    it = Edited(world)
    it.paid()
    it.edit(2)
    payment = it.ask()
    world.at(it.order.payment_due_at + timedelta(seconds=10))

    world.happens(payment, "settlement")

    assert (it.order.status, it.order.packs) == ("confirmed", 2)
    it.agree()


def test_an_edit_that_awaits_money_can_be_taken_back(world: World) -> None:
    it = Edited(world, packs=2)
    it.paid()
    due = it.edit(5)["payment_due_at"]
    world.later(minutes=10)
    assert it.edit(4)["payment_due_at"] == due, "an edit does not prolong what another has begun"

    back = it.edit(1)

    assert (back["status"], back["paid_for"]) == ("confirmed", None)
    assert it.refunds() == [(PACK, "member")]
    assert it.left() == [9, 10]
    it.agree()


def test_cancelling_while_a_difference_is_awaited_gives_everything_back(world: World) -> None:
    it = Edited(world)
    it.paid()
    it.edit(1, 1)

    cancelled = world.office.cancel(it.id, at=clock.now())

    assert (cancelled.json["status"], cancelled.json["payment_status"]) == ("cancelled", "refund_due")
    assert it.refunds() == [(PACK, "member")]
    assert it.left() == [10, 10]
    it.agree()


@pytest.mark.parametrize("again", [False, True], ids=["for good", "and given again"])
def test_a_payment_that_is_reversed_while_a_difference_is_awaited(world: World, again: bool) -> None:
    it = Edited(world)
    payment = it.paid()
    it.edit(2)
    world.happens(payment, "deny")
    assert (it.order.status, it.order.balance) == ("placed", 2 * PACK)
    if again:
        world.happens(payment, "settlement")

    world.at(it.order.payment_due_at)
    world.minute()

    assert (it.order.status, it.order.kept) == (("confirmed", PACK) if again else ("expired", 0))
    assert it.left() == [9 if again else 10, 10]
    it.agree()


def test_the_address_that_was_paid_for_returns_with_the_order(moto_world: World) -> None:
    world = moto_world
    it = Edited(world)
    it.edit(fulfilment=BY_COURIER)
    it.paid()
    assert it.edit(fulfilment=FARTHER)["fulfilment"]["address"]["line"] == "Jl. Lain 2"
    it.edit(note="Pagar hijau")
    world.at(it.order.payment_due_at)

    world.minute()

    assert (it.read()["fulfilment"]["address"], it.read()["courier_fee"]) == (HOME, FEE)
    it.agree()


def test_once_the_difference_is_paid_the_address_that_it_replaced_is_forgotten(moto_world: World) -> None:
    it = Edited(moto_world)
    it.edit(fulfilment=BY_COURIER)
    it.paid()
    it.edit(fulfilment=FARTHER)
    it.paid()

    said = kept({"pk": f"ORDER#{it.id}", "sk": "PRIVATE"}) or {}
    assert (set(said), said["address"]["line"]) == ({"pk", "sk", "subject", "expires", "address"}, "Jl. Lain 2")


def test_an_address_that_costs_less_again_is_the_one_that_counts(moto_world: World) -> None:
    it = Edited(moto_world)
    it.edit(fulfilment=BY_COURIER)
    it.paid()
    it.edit(fulfilment=FARTHER)

    nearer = BY_COURIER | {"address": HOME | {"lat": -6.2466, "line": "Jl. Dekat 3"}}
    back = it.edit(fulfilment=nearer)

    assert (back["status"], back["fulfilment"]["address"]["line"]) == ("confirmed", "Jl. Dekat 3")
    assert it.refunds() == [(FEE - 10_200, "member")]


@pytest.mark.parametrize("paid", [False, True], ids=["not paid", "paid"])
def test_an_address_that_no_courier_needs_is_not_kept(moto_world: World, paid: bool) -> None:
    world = moto_world
    it = Edited(world)
    it.paid()
    it.edit(fulfilment=BY_COURIER)
    if paid:
        it.paid()
    else:
        world.at(it.order.payment_due_at)
        world.minute()

    said = kept({"pk": f"ORDER#{it.id}", "sk": "PRIVATE"}) or {}
    assert set(said) == {"pk", "sk", "subject", "expires", *(["address"] if paid else [])}
    assert it.order.fulfilment.method == ("courier" if paid else "pickup")


def test_at_the_freeze_what_was_paid_for_counts(world: World) -> None:
    it = Edited(world)
    it.paid()
    world.at(CLOSES - timedelta(minutes=1))
    it.edit(0, 2)
    frozen = CLOSES + timedelta(hours=2, seconds=41)
    world.at(frozen)

    schedule.handler({"time": frozen.isoformat()}, None)
    drain()

    demand = world.office.get(f"/v1/waves/{it.wave['id']}/demand", at=frozen).json
    assert [(line["offer_id"], line["packs"]) for line in demand["items"] if line["packs"]] == [
        (it.wave["offers"][0]["id"], 1)
    ]
    assert (it.order.status, it.order.packs) == ("confirmed", 1)
    it.agree()


def test_money_after_the_freeze_leaves_what_was_paid_for(world: World) -> None:
    """The sweep did not come by before the wave froze, and the difference was paid after its time."""
    it = Edited(world)
    it.paid()
    world.at(CLOSES - timedelta(minutes=1))
    it.edit(2)
    payment = it.ask()
    waves = deps.waves()
    waves.commit(waves.save(waves.get(it.wave["id"]).freeze()))
    world.at(CLOSES + timedelta(hours=3))

    world.happens(payment, "settlement")

    assert (it.order.status, it.order.packs, it.order.kept) == ("confirmed", 1, PACK)
    assert it.refunds() == [(PACK, "member")]
    assert it.left() == [9, 10]
    it.agree()


# -- crashes and histories


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
@pytest.mark.parametrize("paid", [False, True], ids=["it lapses", "it is paid"])
def test_a_crash_at_any_call_that_decides_an_edit_changes_nothing(moto_world: World, paid: bool, after: bool) -> None:
    world = moto_world
    it = Edited(world)
    it.paid()
    it.edit(0, 2)
    payment = it.ask()
    if paid:
        world.midtrans.truths[payment].be("settlement", clock.now())
    due, before, pumped = it.order.payment_due_at, Snapshot(), set(world.pumped)

    def decide() -> None:
        if paid:
            world.told(payment, "settlement")
            world.drain()
        else:
            schedule.handler({"time": due.isoformat()}, None)

    with seam() as counted:
        decide()
    for number in crash_points(len(counted.calls)):
        before.restore()
        world.pumped = set(pumped)
        with seam(crash_at=number, after=after):
            decide()
        world.pumped = set(pumped)
        decide()

        assert (it.order.status, it.order.paid_for, it.order.kept) == ("confirmed", None, it.order.total)
        assert it.left() == ([10, 8] if paid else [9, 10]), number
        it.agree()


@pytest.mark.parametrize(
    ("packs", "inside", "stride"),
    [
        pytest.param(3, "the edit", 1, id="more is wanted, and money comes"),
        pytest.param(1, "the money", 3, id="money comes, and less is wanted"),
    ],
)
def test_money_and_an_edit_at_once_are_one_after_the_other(
    moto_world: World, packs: int, inside: str, stride: int
) -> None:
    world = moto_world
    it = Edited(world, packs=2)
    payment = it.ask()
    world.midtrans.truths[payment].be("settlement", clock.now())
    before, pumped = Snapshot(), set(world.pumped)

    def settle() -> None:
        world.told(payment, "settlement")
        world.drain()

    def edit() -> None:
        assert world.office.edit(it.id, lines(it.wave, packs), key="edit", at=clock.now()).status == 200

    act, other = (edit, settle) if inside == "the edit" else (settle, edit)
    with rival(0, lambda: None) as calls:
        act()
    for number in range(1, len(calls) + 1, stride):
        before.restore()
        world.pumped = set(pumped)
        for offer in it.wave["offers"]:
            deps.shards().forget(offer["id"])
        with rival(number, other) as made:
            act()
        if len(made) < number:  # fewer calls than when everything was cold
            other()
        world.drain()

        assert (it.order.packs, it.order.paid) == (packs, 2 * PACK)
        assert (it.order.status, it.order.kept) == (("confirmed", PACK) if packs == 1 else ("placed", 2 * PACK))
        it.agree()


@pytest.mark.parametrize("seed", range(12))
def test_any_history_of_edits_payments_cash_and_time_adds_up(world: World, seed: int) -> None:
    """… and the wave freezes with what its shards have sold. Failing seeds stay in the list."""
    dice = random.Random(seed)
    wave = world.office.wave(quotas={5: 6, 10: 5}, orders_per_member=None, max_per_member=4)
    orders: dict[str, int] = {}

    def packs() -> dict[str, Any]:
        return lines(wave, *dice.choice([(1, 0), (2, 0), (0, 1), (1, 1), (3, 0), (0, 2), (4, 1)]))

    def place(n: int) -> None:
        member = n % 3
        placed = world.office.order(wave, key=f"o{n}", member=a_member(member), at=clock.now(), **packs())
        if placed.status == 201:
            orders[placed.json["id"]] = member

    def edit(n: int) -> None:
        way = dice.choice([{}, {}, {"fulfilment": BY_COURIER}, {"fulfilment": {"method": "pickup"}}])
        body = dice.choice([packs(), {"note": "x"}]) | way
        world.office.edit(dice.choice(list(orders)), body, key=f"e{n}", caller=PIC, at=clock.now())

    def pay(n: int) -> None:
        world.pay(dice.choice(list(orders)), key=f"p{n}", method=dice.choice(["qris", "virtual_account"]), caller=PIC)

    def happen(n: int) -> None:
        if world.midtrans.truths:
            status = dice.choice(["settlement", "settlement", "settlement", "expire", "deny", "refund", "pending"])
            world.happens(dice.choice(list(world.midtrans.truths)), status, notify=dice.randrange(3))

    def cash(n: int) -> None:
        order = world.order(dice.choice(list(orders)))
        more = dice.choice([{}, {"received_at": rfc3339(clock.now()), "receipt_number": f"R{n}"}])
        world.cash(order.id, max(1, order.balance), key=f"c{n}", **more)

    def cancel(n: int) -> None:
        order_id = dice.choice(list(orders))
        world.office.cancel(order_id, key=f"x{n}", caller=a_member(orders[order_id]), at=clock.now())

    def wait(n: int) -> None:
        world.later(minutes=dice.choice([0, 1, 20, 90]))
        world.minute()

    for n in range(80):
        world.midtrans.down = dice.random() < 0.1
        act = dice.choice([place, edit, edit, edit, pay, pay, happen, happen, cash, cancel, wait])
        (act if orders else place)(n)
        world.drain()
    world.midtrans.down = False
    world.minute(2)
    for payment, truth in world.midtrans.truths.items():  # what was never told is told at last
        world.told(payment, truth.status)
    world.drain()
    world.minute(12)
    world.agree(wave["id"])

    frozen = max(clock.now(), CLOSES + timedelta(hours=2, minutes=1))
    world.at(frozen)
    schedule.handler({"time": frozen.isoformat()}, None)
    drain()
    world.agree(wave["id"])
    assert all(world.order(order_id).paid_for is None for order_id in orders)

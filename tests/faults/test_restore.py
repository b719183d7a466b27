"""A restore to a moment in the middle of work: what was exported is there again, and the work goes on from it.

The moment comes inside a call to AWS: each twentieth of the story, or each with FAULT_STRIDE=1 (`make restore-drill`).
What providers have has moved on meanwhile; who was answered later than the moment is not heard of (see
infra/restore.md).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.local.template import expanded
from payments import webhook
from tests.faults.desk_world import DeskWorld, a_desk
from tests.faults.modes import RIVAL, Fault
from tests.faults.money_world import MoneyWorld
from tests.faults.restored import Export, exported, restore, sums_of, tell_again
from tests.faults.seam import seam, stride
from tests.integration.payments_world import a_notice

ROOT = Path(__file__).parents[2]
CHECKS = ("ledger/trial-balance", "reconciliation")
MADE = {  # entities that must be in the drill, or it shows nothing of them
    "orders": {"ORDER/ORDER", "WAVE/WAVE"},
    "payments": {"PAYMENT/PAYMENT", "TRANSFER/TRANSFER", "EVENT/EVENT", "REFUND/REFUND", "ACCOUNT/ACCOUNT"},
    "deliveries": {"CONSIGNMENT/CONSIGNMENT", "HANDOVER/0001"},
}


@dataclass(frozen=True)
class Moment:
    """What was there at a moment, and what had been answered by then."""

    tables: Export
    known: Callable[[], None]


@pytest.fixture(scope="module")
def transformed() -> dict[str, Any]:
    return expanded(ROOT / "template.yaml", {})


def test_money_and_orders_go_on_from_any_moment(paying: MoneyWorld, transformed: dict[str, Any]) -> None:
    _orders(paying)
    begin, seen = paying.keep(), set[str]()
    with seam() as whole:
        _money(paying)
    for call in _moments(len(whole.calls)):
        begin()
        moment = _moment(paying, _money, call)
        seen |= _kinds(moment.tables, "payments") | _kinds(moment.tables, "orders")

        restore(paying.aws, moment.tables)
        assert sums_of(exported(paying.aws)) == sums_of(moment.tables)
        moment.known()
        tell_again(paying.aws, transformed)
        paying.settle()

        assert paying.broken() == [], f"restored to call {call} of {len(whole.calls)}"
        assert _self_checks(paying) == []
    assert seen >= MADE["payments"] | MADE["orders"]


def test_goods_go_on_from_any_moment(transformed: dict[str, Any]) -> None:
    with a_desk() as desk:
        _allocated(desk)
        begin, seen = desk.keep(), set[str]()
        with seam() as whole:
            _goods(desk)
        for call in _moments(len(whole.calls)):
            begin()
            moment = _moment(desk, _goods, call)
            seen |= _kinds(moment.tables, "deliveries")

            restore(desk.aws, moment.tables)
            assert sums_of(exported(desk.aws)) == sums_of(moment.tables)
            tell_again(desk.aws, transformed)
            desk.settle()

            assert desk.broken() == [], f"restored to call {call} of {len(whole.calls)}"
        assert seen >= MADE["deliveries"]


def test_what_is_not_told_again_is_missing(paying: MoneyWorld, transformed: dict[str, Any]) -> None:
    """The control: without the streams, balances do not follow from what was booked."""
    _orders(paying)
    _money(paying)
    lost = {
        t: [i for i in items if not i["pk"]["S"].startswith(("ACCOUNT#", "PROJECTED#"))]
        for t, items in exported(paying.aws).items()
    }
    restore(paying.aws, lost)
    assert _self_checks(paying) != []

    tell_again(paying.aws, transformed)

    assert _self_checks(paying) == []


def test_a_changed_item_changes_the_sum_of_its_kind_alone(paying: MoneyWorld) -> None:
    paying.publish(quotas={5: 3})
    paying.place(1, 1)
    before = exported(paying.aws)
    [order] = [item for item in before["OrdersTable"] if item["pk"]["S"].startswith("ORDER#")]
    changed = {**before, "OrdersTable": [{**i, "x": {"N": "1"}} if i is order else i for i in before["OrdersTable"]]}

    one, other = sums_of(before)["OrdersTable"], sums_of(changed)["OrdersTable"]

    assert {kind for kind in one if one[kind] != other[kind]} == {"ORDER/ORDER"}


def _orders(world: MoneyWorld) -> None:
    world.publish(quotas={5: 20})
    for n, name in enumerate(("one", "two", "three", "four")):
        world.ids[name] = world.place(n + 1, 1, dropoff=0).json["id"]


def _money(world: MoneyWorld) -> None:
    """Orders are paid, told of, given back in part, paid twice, cancelled; and a stranger's money is told of."""
    world.ask("one")
    world.happens("one virtual_account", "settlement")
    world.take_cash("three", 55_000, key="cash three")
    given = {"amount": 5_000, "reason": "Kemasan rusak", "liable": "programme"}
    world.money(f"/orders/{world.ids['three']}/refunds", given, key="refund")
    world.ask("four", key="four")
    world.happens("four virtual_account", "settlement")
    world.take_cash("four", 55_000, key="cash four", receipt_number="R-4", received_at=world.now.isoformat())
    world.cancel(world.ids["one"], 1)
    world.ask("two", "qris", key="two")
    world.moves("two qris", "settlement")
    world.told("two qris", "settlement")
    of_a_stranger = json.dumps(a_notice("pay_of_nobody", "settlement", 55_000))
    world.webhook(of_a_stranger, at=webhook.handler, path="midtrans", headers={})
    world.stream("EVENT")


def _allocated(world: DeskWorld) -> None:
    world.begin()
    for packs in ({"off_a5": 2, "off_b5": 1}, {"off_a5": 1}, {"off_a5": 2}):
        world.order(packs)
    world.here.lay_out()


def _goods(world: DeskWorld) -> None:
    """Goods of two cooperatives arrive, short and damaged; they are handed over, with and without a network."""
    world.receipt("cop_1", key="r1", off_a5=(4, 1))
    world.receipt("cop_2", key="r2", off_b5=(1, 0))
    world.drain()
    world.tick()
    world.drain()
    world.hand_over(world.here.orders[0].id, key="h0")
    world.upload(world.entry(world.here.orders[1].id, 1))


def _moments(calls: int) -> list[int]:
    """Return the calls to look inside of, and one that never comes: the end."""
    return [*range(1, calls + 1, stride(20)), calls + 100]


def _moment(world: Any, story: Callable[[Any], None], call: int) -> Moment:
    """Let *story* happen to its end, and return what was there inside its call number *call*, or in the end."""
    found: list[Moment] = []

    def look() -> None:
        found.append(Moment(exported(world.aws), _answered(world)))

    with seam(fault=Fault(call, RIVAL, look)):
        story(world)
    if not found:
        look()
    return found[0]


def _answered(world: Any) -> Callable[[], None]:
    """Return how to know again only what is known now; providers keep what they have of it, as it is by then."""
    if not isinstance(world, MoneyWorld):
        return lambda: None
    accepted, promised, ids, wave = dict(world.accepted), set(world.promised), dict(world.ids), dict(world.wave)
    known = {i["pk"] for i in world.items("PAYMENT")}

    def again() -> None:
        world.accepted, world.promised, world.ids, world.wave = accepted, promised, ids, wave
        for provider in (world.midtrans, world.xendit):
            provider.truths = {id_: truth for id_, truth in provider.truths.items() if f"PAYMENT#{id_}" in known}

    return again


def _self_checks(world: MoneyWorld) -> list[Any]:
    """Ask the product itself: the trial balance, what the night's reconciliation has found, the stock."""
    world.night()
    balance, night = (world.money(f"/{path}", key="-", method="GET").json for path in CHECKS)
    stock = world.get(f"/v1/waves/{world.wave['id']}/stock").json["items"]
    wrong = [*night["findings"], *(line for line in stock if line["difference"])]
    return [balance, *wrong] if balance["difference"] else wrong


def _kinds(tables: Export, name: str) -> set[str]:
    [table] = [table for table in tables if table.lower().startswith(name)]
    return set(sums_of(tables)[table])

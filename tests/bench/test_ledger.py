"""What money costs in calls, reads and units: counted, not timed, so that it is the same on any machine."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.units import size_of
from lumbung.runtime import deps
from lumbung.store.accounts import Accounts
from lumbung.store.ledger import Ledger
from lumbung.store.table import Database, from_wire, to_wire
from payments import api, stream
from tests.integration.conftest import aws_env, call, resources
from tests.integration.office import OPERATOR
from tests.integration.payments_world import World, a_consignment, as_record, quick_world

__all__ = ["aws_env", "quick_world", "resources"]

MANY = 1_000_000
ACCOUNTS = ("bank", "gateway:midtrans", "suspense")


class Counted:
    """A DynamoDB client that counts calls, items read and write units (transactional: 2 per KB and item)."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[str] = []
        self.read = self.units = 0

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def counting(**request: Any) -> Any:
            self.calls.append(operation)
            for write in request.get("TransactItems", ()):
                [(_, asked)] = write.items()
                self.units += 2 * -(-size_of(asked.get("Item", asked.get("Key"))) // 1024)
            answer = getattr(self._client, operation)(**request)
            self.read += len(answer.get("Items", ())) + ("Item" in answer)
            return answer

        return counting

    def forget(self) -> None:
        self.calls, self.read, self.units = [], 0, 0


class AMillionTransfers:
    """An index over *MANY* transfers from bank to suspense, one a second, made as they are read."""

    def query(self, *, IndexName: str, ScanIndexForward: bool, Limit: int | None = None, **q: Any) -> dict[str, Any]:
        if IndexName == "by_list":
            return {"Items": [to_wire(self._account(name)) for name in ACCOUNTS]}
        side = IndexName.removeprefix("by_")
        asked = from_wire(q["ExpressionAttributeValues"])[":a"]
        if asked != {"debit": "bank", "credit": "suspense"}[side]:
            return {"Items": []}
        assert not ScanIndexForward and Limit, "a statement reads newest first, a page at a time"
        start = q.get("ExclusiveStartKey")
        last = from_wire(start)["at"] if start else MANY
        numbers = range(last - 1, max(-1, last - 1 - Limit), -1)
        items = [to_wire(self._transfer(n)) for n in numbers]
        return {"Items": items} | ({"LastEvaluatedKey": items[-1]} if numbers and numbers[-1] else {})

    def _transfer(self, n: int) -> dict[str, Any]:
        return {
            "pk": f"TRANSFER#trf_{n}", "sk": "TRANSFER", "debit_key": "bank", "credit_key": "suspense",
            "amount": 1, "at": n, "reason": "uji",
        }  # fmt: skip

    def _account(self, name: str) -> dict[str, Any]:
        return {"pk": f"ACCOUNT#{name}", "sk": "ACCOUNT", "debits": MANY, "credits": 0}


@pytest.fixture
def million() -> Counted:
    return Counted(AMillionTransfers())


@pytest.mark.benchmark(group="ledger of 1,000,000 entries")
def test_a_page_of_a_statement_reads_a_page(million: Counted, benchmark: Any) -> None:
    ledger = Ledger(Database(million), "payments")
    far: dict[str, Any] = {"debit": {"pk": "TRANSFER#trf_500000", "sk": "TRANSFER", "debit_key": "bank", "at": 500_000}}

    def read() -> None:
        million.forget()
        first, more = ledger.page("bank", limit=50, start=None)
        middle, _ = ledger.page("bank", limit=50, start=far | {"credit": False})
        assert [len(first), len(middle), middle[0].id] == [50, 50, "trf_499999"]
        assert more is not None

    benchmark.pedantic(read, rounds=20)

    benchmark.extra_info |= {"calls": len(million.calls), "read": million.read}
    assert (len(million.calls), million.read) == (3, 100)  # two sides, then the one that has more


@pytest.mark.benchmark(group="ledger of 1,000,000 entries")
def test_a_trial_balance_reads_accounts_and_no_entries(million: Counted, benchmark: Any) -> None:
    accounts = Accounts(Database(million), "payments")

    def read() -> None:
        million.forget()
        assert len(list(accounts.all())) == 3

    benchmark.pedantic(read, rounds=20)

    assert (million.calls, million.read) == (["query"], 3)


@pytest.fixture
def counted(quick_world: World, monkeypatch: pytest.MonkeyPatch) -> Counted:
    made = Counted(deps.db()._client)
    monkeypatch.setattr(deps.db(), "_client", made)
    return made


def asked_payment(world: World) -> tuple[str, str]:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    return wave["id"], world.pay(order).json["id"]


@pytest.mark.benchmark(group="money, per event")
def test_a_webhook_is_answered_after_one_write_and_without_the_provider(
    quick_world: World, counted: Counted, benchmark: Any
) -> None:
    world = quick_world
    _, payment = asked_payment(world)
    world.midtrans.calls.clear()
    counted.forget()

    answer = benchmark.pedantic(lambda: world.told(payment, "settlement"), rounds=1)

    benchmark.extra_info |= {"calls": len(counted.calls), "units": counted.units}
    assert (answer.status, world.midtrans.calls) == (200, [])
    assert (counted.calls, counted.units) == (["transact_write_items"], 2)


@pytest.mark.benchmark(group="money, per event")
def test_a_settlement_asks_once_and_books_in_one_transaction(
    quick_world: World, counted: Counted, benchmark: Any
) -> None:
    world = quick_world
    _, payment = asked_payment(world)
    world.midtrans.truths[payment].status = "settlement"
    world.told(payment, "settlement")
    world.midtrans.calls.clear()
    events = world.items("EVENT")
    counted.forget()

    benchmark.pedantic(lambda: stream.handler({"Records": [as_record(e) for e in events]}, None), rounds=1)

    benchmark.extra_info |= {"calls": len(counted.calls), "units": counted.units}
    assert world.midtrans.calls == ["status"]
    assert counted.calls.count("transact_write_items") == 2  # the money, and the event as applied
    assert len(counted.calls) <= 8
    assert counted.units <= 10


@pytest.mark.benchmark(group="money, per event")
def test_a_cooperative_s_consignment_costs_the_same_however_many_came_before(
    quick_world: World, counted: Counted, benchmark: Any
) -> None:
    world = quick_world
    wave, coop, dropoff = world.office.wave()["id"], world.office.cooperative, world.office.dropoff
    costs = []
    for n in range(20):
        item = a_consignment(wave, coop, dropoff, good=1, n=n)
        counted.forget()
        world.receive(item)
        costs.append((len(counted.calls), counted.units))
    counted.forget()

    [settled] = world.get(f"/v1/cooperatives/{coop}/settlements").json["items"]
    path = f"/v1/settlements/{settled['id']}/payouts"
    counted.forget()
    paid = benchmark.pedantic(lambda: call(api.handler, "POST", path, caller=OPERATOR, key="p"), rounds=1)

    benchmark.extra_info |= {"consignment": costs[-1], "payout": (len(counted.calls), counted.units)}
    assert paid.status == 201
    assert len(counted.calls) <= 8
    assert costs[-1][0] <= costs[1][0]

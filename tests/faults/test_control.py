"""The instrument sees what it is there to see: a store without care fails in both matrices."""

from collections import Counter

import pytest
from botocore.exceptions import ClientError

from lumbung.runtime import deps
from tests.faults import limits
from tests.faults.matrix import Matrix, Outcome
from tests.faults.modes import MODES, RIVAL, Fault
from tests.faults.naive import NaiveOrders
from tests.faults.ordering_scenarios import PHASES
from tests.faults.ordering_world import World
from tests.faults.seam import seam

OPEN = next(phase for phase in PHASES if phase.name == "an open wave")


@pytest.fixture
def careless(world: World, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """The matrix over an open wave, with orders placed by somebody who reads, decides and writes."""
    matrix = Matrix(world, OPEN)
    made = NaiveOrders(deps.db(), deps.table("orders"), deps.shards(), deps.people())
    monkeypatch.setattr(deps, "orders", lambda: made)
    return matrix


def test_a_careless_store_fails_when_calls_fail(careless: Matrix) -> None:
    outcome = Outcome()

    careless.crashes(OPEN.scenarios[0], outcome)

    assert any("1: shard" in finding for finding in outcome.wrong), outcome


def test_a_careless_store_fails_when_two_order_at_once(careless: Matrix) -> None:
    outcome = Outcome()

    careless.rivals(OPEN.scenarios[0], OPEN.scenarios[1], outcome)

    assert any("1: shard" in finding for finding in outcome.wrong)


def test_a_crashed_invocation_makes_no_further_call(world: World) -> None:
    world.publish()

    with seam(crash_at=1) as calls:
        try:
            world.place(1, 1)
        finally:
            deps.waves().get(world.wave["id"])  # what a `finally` of ours would still do

    assert calls.crashed and len(calls.calls) == 1
    assert world.accepted == {}


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_strikes_somewhere(world: World, mode: str) -> None:
    matrix = Matrix(world, OPEN)
    struck: Counter[bool] = Counter()
    for scenario in OPEN.scenarios:
        for at in range(1, matrix.calls(scenario) + 1):
            matrix.begin()
            struck[matrix.attempt(scenario, Fault(at, mode)).struck] += 1

    assert struck[True]


def test_a_rival_is_an_invocation_of_its_own(world: World) -> None:
    world.publish()

    with seam(fault=Fault(2, RIVAL, lambda: world.place(2, 1))) as calls:
        world.place(1, 1)

    assert calls.calls.count("TransactWriteItems") == 1
    assert len(world.accepted) == 2


def test_what_dynamodb_would_refuse_as_too_much_is_refused() -> None:
    write = {"Put": {"TableName": "t", "Item": {"pk": {"S": "x"}}}}

    with pytest.raises(ClientError):
        limits.check("TransactWriteItems", {"TransactItems": [write] * 101})
    with pytest.raises(ClientError):
        limits.check("BatchGetItem", {"RequestItems": {"t": {"Keys": [{}] * 101}}})
    limits.check("TransactWriteItems", {"TransactItems": [write] * 100})

"""The instrument sees what it is there to see of money too: bookings without care fail in both matrices."""

from contextlib import suppress

import pytest

from lumbung.runtime import deps, deps_payments
from tests.faults.hand_scenarios import PHASES
from tests.faults.matrix import Matrix, Outcome
from tests.faults.modes import TIMEOUT, Fault
from tests.faults.money_world import MoneyWorld
from tests.faults.naive import NaiveBookings
from tests.faults.ordering_world import Failed
from tests.faults.seam import seam

TILL = next(phase for phase in PHASES if phase.name == "a till")
UP_TO_THE_LIMIT = next(scenario for scenario in TILL.scenarios if scenario.name == "take cash up to the limit")
OFFLINE = next(scenario for scenario in TILL.scenarios if scenario.name == "cash was taken offline")


@pytest.fixture
def careless(paying: MoneyWorld, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """The matrix over a till, with money booked by somebody who reads, decides and writes."""
    matrix = Matrix(paying, TILL, stride=4)
    made = NaiveBookings(deps.db(), deps.table("payments"), deps.orders(), deps.shards(), deps.earlier)
    monkeypatch.setattr(deps_payments, "bookings", lambda: made)
    return matrix


def test_careless_bookings_fail_when_calls_fail(careless: Matrix) -> None:
    outcome = Outcome()

    careless.crashes(UP_TO_THE_LIMIT, outcome)

    assert any("4: " in finding for finding in outcome.wrong), outcome


def test_careless_bookings_fail_when_two_pay_at_once(careless: Matrix) -> None:
    outcome = Outcome()

    careless.rivals(UP_TO_THE_LIMIT, OFFLINE, outcome)

    assert any("4: " in finding for finding in outcome.wrong), outcome


def test_a_provider_that_was_asked_and_whose_answer_is_lost_has_done_it(paying: MoneyWorld) -> None:
    paying.publish(quotas={5: 20})
    paying.ids["order"] = paying.place(1, 1, dropoff=0).json["id"]
    with seam() as calls:
        paying.ask("order", key="counted")
    at = calls.calls.index("outside charge") + 1
    paying.ids["another"] = paying.place(2, 1, dropoff=0).json["id"]

    with seam(fault=Fault(at, TIMEOUT)), suppress(Failed):
        paying.ask("another", key="lost")

    assert len(paying.midtrans.truths) == 2

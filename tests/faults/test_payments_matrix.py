"""Payments: every handler, every call, every way to fail; and every handler inside every call of every other."""

import pytest

from payments import api
from tests.faults import deduction_scenarios, goods_scenarios, hand_scenarios, paying_scenarios
from tests.faults.matrix import Matrix, Outcome
from tests.faults.money_world import MoneyWorld
from tests.faults.scenario import Phase
from tests.faults.seam import stride
from tests.integration.conftest import template

PHASES = (
    *paying_scenarios.PHASES, *hand_scenarios.PHASES, *goods_scenarios.PHASES, *deduction_scenarios.PHASES
)  # fmt: skip
EACH_PHASE = pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)


def handlers() -> set[str]:
    """Return what the template starts of payments, and of its HTTP handler each route that may write."""
    of_template = {
        resource["Properties"]["Handler"]
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    of_payments = {handler for handler in of_template if handler.startswith("payments.")}
    writing = {f"{route.method} {route.path}" for route in api.api.routes if route.method != "GET"}
    return of_payments - {"payments.api.handler"} | writing


def test_every_handler_of_the_template_has_a_scenario() -> None:
    covered = {scenario.covers for phase in PHASES for scenario in phase.scenarios if scenario.covers}

    assert handlers() == covered


@EACH_PHASE
def test_whatever_call_fails_the_money_is_the_same(paying: MoneyWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(paying, phase, stride(80)), Outcome()

    for scenario in phase.scenarios:
        matrix.crashes(scenario, outcome)

    assert outcome.points > 0
    assert outcome.wrong == []


@EACH_PHASE
def test_whoever_comes_between_the_money_is_that_of_one_after_the_other(paying: MoneyWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(paying, phase, stride(140)), Outcome()

    for first in phase.scenarios:
        for second in phase.scenarios:
            matrix.rivals(first, second, outcome)

    assert outcome.points > 0
    assert outcome.wrong == []


@EACH_PHASE
def test_page_by_page_the_money_is_the_same(paying: MoneyWorld, phase: Phase) -> None:
    matrix, outcome = Matrix(paying, phase), Outcome()

    for scenario in phase.scenarios[:: stride(8)]:
        matrix.small_pages(scenario, outcome)

    assert outcome.wrong == []

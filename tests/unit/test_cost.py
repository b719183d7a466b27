"""The cost sheet: prices by units, and everything that is charged in it."""

import pytest

from infra.cost import prices
from infra.cost.__main__ import sheet
from infra.cost.idle import idle_month
from infra.cost.measured import LIFE
from infra.cost.model import Use, rupiah, total

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("use", "charge", "dollars"),
    [
        pytest.param(Use(writes=MILLION), "DynamoDB", prices.MILLION_WRITES, id="a million writes"),
        pytest.param(Use(reads=MILLION), "DynamoDB", prices.MILLION_READS, id="a million reads"),
        pytest.param(Use(requests=MILLION), "API Gateway", prices.MILLION_REQUESTS, id="a million requests"),
        pytest.param(Use(invocations=MILLION), "Lambda", prices.MILLION_INVOCATIONS, id="a million invocations"),
        pytest.param(Use(seconds=4), "Lambda", 3 * prices.GIGABYTE_SECOND, id="four seconds at 0.75 GB"),
        pytest.param(Use(messages=MILLION), "SQS", prices.MILLION_MESSAGES, id="a million messages"),
        pytest.param(Use(logged=1e9), "Log", prices.GIGABYTE_LOGGED, id="a gigabyte of log"),
    ],
)
def test_a_use_costs_what_its_price_says(use, charge, dollars):
    assert rupiah(use)[charge] == pytest.approx(dollars * prices.RUPIAH_PER_DOLLAR)


def test_what_is_used_twice_costs_twice():
    order = sum(LIFE.values(), Use())

    assert total(order.times(2)) == pytest.approx(2 * total(order)) == pytest.approx(total(order + order))


def test_an_idle_month_counts_what_stands_in_the_templates():
    key, secret = {"Type": "AWS::KMS::Key", "Properties": {}}, {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
    alarm = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"Metrics": [{"Id": "t"}, {"MetricStat": {}}, {"MetricStat": {}}]},
    }

    month = idle_month({"A": key, "B": secret, "C": alarm}, {"D": key})

    assert (month["keys"], month["secrets"], month["alarms"]) == (33_000, pytest.approx(6_600), pytest.approx(3_300))
    assert month["polling of queues"] == 0 and month["clocks"] > 0


def test_the_sheet_tells_order_waves_and_idle_month_and_says_that_prices_are_assumed():
    text = "\n".join(sheet())

    assert "to be checked" in text
    for title in ("An order's life", "4.4 t", "a national wave: 5,588,245 orders", "A month in which nobody orders"):
        assert title in text

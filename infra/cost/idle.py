"""What a month costs in which nobody orders: what stands there, what the clock starts, and the polling of queues."""

from collections.abc import Mapping
from typing import Any

from infra.cost import prices
from infra.cost.model import Use, rupiah

MINUTES = 30 * 24 * 60
# Runs a month of what is scheduled, and reads a run: a look at what is due is four, two or one queries, of half a unit.
CLOCKS = {
    "ordering": (MINUTES, 3.0), "payments": (MINUTES, 2.0), "dispatch": (MINUTES / 5, 1.0),
    "notices": (MINUTES / 30, 4.5), "nightly": (3 * 30, 500.0),
}  # fmt: skip
POLLS_A_MINUTE = 15  # of a queue that is empty: five pollers that wait for twenty seconds


def idle_month(template: Mapping[str, Any], edge: Mapping[str, Any]) -> dict[str, float]:
    """Return rupiah a month by what it is for; both templates' resources by name."""
    both = [*template.values(), *edge.values()]
    looked = sum(
        (Use(reads=reads, invocations=1, seconds=0.2, logged=1_000).times(n) for n, reads in CLOCKS.values()), Use()
    )
    queues = sum("RedrivePolicy" in r["Properties"] for r in _of(both, "AWS::SQS::Queue"))
    polled = Use(messages=queues * POLLS_A_MINUTE * MINUTES)
    dollars = {
        "keys": len(_of(both, "AWS::KMS::Key")) * prices.KEY_A_MONTH,
        "secrets": len(_of(both, "AWS::SecretsManager::Secret")) * prices.SECRET_A_MONTH,
        "alarms": sum(_metrics(alarm) for alarm in _of(both, "AWS::CloudWatch::Alarm")) * prices.ALARM_METRIC_A_MONTH,
        "own metrics": len(_of(both, "AWS::Logs::MetricFilter")) * prices.METRIC_A_MONTH,
        "dashboard": prices.DASHBOARD_A_MONTH,
        "firewall": prices.FIREWALL_A_MONTH + prices.FIREWALL_RULE_A_MONTH * len(_rules(both)),
    }
    return {name: amount * prices.RUPIAH_PER_DOLLAR for name, amount in dollars.items()} | {
        "clocks": sum(rupiah(looked).values()),
        "polling of queues": sum(rupiah(polled).values()),
    }


def _of(resources: list[Any], kind: str) -> list[Any]:
    return [resource for resource in resources if resource["Type"] == kind]


def _metrics(alarm: Any) -> int:
    """CloudWatch charges an alarm by the metrics it looks at."""
    return max(1, sum("MetricStat" in metric for metric in alarm["Properties"].get("Metrics", [])))


def _rules(resources: list[Any]) -> list[Any]:
    return [rule for firewall in _of(resources, "AWS::WAFv2::WebACL") for rule in firewall["Properties"]["Rules"]]

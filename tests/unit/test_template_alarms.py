"""Nothing fails unheard: whatever is declared has an alarm that reaches somebody, and what alarms count is said."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.local.template import expanded
from infra.monitoring.alarm import Alarm, Series
from infra.monitoring.counts import COUNTS
from infra.monitoring.write import watched

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/lumbung/lumbung").rglob("*.py")]


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    return dict(expanded(ROOT / "template.yaml", {})["Resources"])


def of(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}


def counted(resources: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """Return which things each metric is watched of, by (namespace, metric)."""
    found: dict[tuple[str, str], set[str]] = {}
    for alarm in of(resources, "AWS::CloudWatch::Alarm").values():
        single = [alarm] if "MetricName" in alarm else []
        for metric in single + [m["MetricStat"]["Metric"] for m in alarm.get("Metrics", []) if "MetricStat" in m]:
            things = found.setdefault((metric["Namespace"], metric["MetricName"]), set())
            things |= {json.dumps(dimension["Value"]) for dimension in metric.get("Dimensions", [])}
    return found


def names(resources: dict[str, Any], kind: str) -> set[str]:
    return {json.dumps({"Ref": name}) for name in of(resources, kind)}


def test_the_template_watches_what_it_declares():
    path = ROOT / "template.yaml"

    assert watched(path, path.read_text()) == path.read_text()  # or: make interface


def test_every_function_s_errors_and_throttles_are_heard(resources):
    functions = names(resources, "AWS::Lambda::Function")

    assert counted(resources)["AWS/Lambda", "Errors"] == functions
    assert counted(resources)["AWS/Lambda", "Throttles"] == functions


def test_every_dead_letter_every_late_message_and_every_late_stream_is_heard(resources):
    queues = of(resources, "AWS::SQS::Queue")
    dead = {json.dumps({"Fn::GetAtt": [n, "QueueName"]}) for n, q in queues.items() if "RedrivePolicy" not in q}
    mappings = of(resources, "AWS::Lambda::EventSourceMapping").values()
    streams = {json.dumps(m["FunctionName"]) for m in mappings if m["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn"}
    heard = counted(resources)

    assert heard["AWS/SQS", "ApproximateNumberOfMessagesVisible"] == dead
    assert len(heard["AWS/SQS", "ApproximateAgeOfOldestMessage"]) == len(queues) - len(dead)
    assert heard["AWS/Lambda", "IteratorAge"] == streams


def test_every_table_s_throttling_is_heard(resources):
    heard = counted(resources)

    assert heard["AWS/DynamoDB", "WriteThrottleEvents"] == names(resources, "AWS::DynamoDB::Table")
    assert heard["AWS/DynamoDB", "ReadThrottleEvents"] == names(resources, "AWS::DynamoDB::Table")


@pytest.mark.parametrize(
    "metric",
    ["EventsParked", "ReconciliationFindings", "Reconciliations", "Incidents", "SyncsHeld", "TripsInTrouble",
     "CourierEventsLost", "EventsNotStored", "RecordsFailed"],
)  # fmt: skip
def test_what_functions_find_out_themselves_is_heard(resources, metric):
    assert ("Lumbung", metric) in counted(resources)


def test_every_alarm_reaches_the_programme_office_and_stands_on_the_dashboard(resources):
    alarms = of(resources, "AWS::CloudWatch::Alarm")
    body = json.loads(of(resources, "AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"])

    assert all(alarm["AlarmActions"] == [{"Ref": "OfficeAlarms"}] for alarm in alarms.values())
    assert body["widgets"][0]["properties"]["alarms"] == sorted(f"${{{name}.Arn}}" for name in alarms)
    assert all(alarm["AlarmName"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"} for name, alarm in alarms.items())


def test_the_dashboard_names_only_what_is_there(resources):
    body = of(resources, "AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    metrics = [metric for widget in json.loads(body)["widgets"][1:] for metric in widget["properties"]["metrics"]]
    ours = {metric[1] for metric in metrics if metric[0] == "Lumbung"}

    assert set(re.findall(r"\$\{(\w+)[.}]", body)) <= resources.keys()
    assert ours <= {count.name for count in COUNTS}
    assert len(metrics) > 40


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.name)
def test_what_is_counted_is_what_functions_say(count):
    said = {text for source in SOURCES for text in re.findall(r'logger\.\w+\(\s*"(.*?)"', source.read_text())}
    routes = {"POST /v1/orders", "POST /v1/orders/{order_id}/handover"}  # said by runtime.http for each route

    assert set(re.findall(r'\$\.message = "(.*?)"', count.pattern)) <= said | routes


def test_an_alarm_of_more_metrics_than_cloudwatch_takes_is_refused():
    with pytest.raises(ValueError, match="Full: an alarm counts 10 metrics at most"):
        list(Alarm("Full", "…", tuple(Series("AWS/Lambda", "Errors") for _ in range(11))).lines())

"""The dashboard that is read aloud: is it well, how many have ordered and paid, what waits, what failed.

Metrics stand in it by the template's own names, which CloudFormation replaces (`Fn::Sub`).
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from infra.monitoring import counts
from infra.monitoring.alarm import OURS, Alarm, Counted
from infra.monitoring.declared import Declared

WIDTH, HEIGHT = 12, 6
Metric = list[Any]


def dashboard(declared: Declared, alarms: Sequence[Alarm], *others: str) -> Iterator[str]:
    """Yield the resource; *others* are alarms that stand in the template by hand."""
    names = sorted([*others, *(alarm.name for alarm in alarms)])
    yield "  Dashboard:"
    yield "    Type: AWS::CloudWatch::Dashboard"
    yield "    Properties:"
    yield '      DashboardName: !Sub "${AWS::StackName}"'
    yield "      DashboardBody:"
    yield "        Fn::Sub: |"
    widgets = [json.dumps(widget, ensure_ascii=False) for widget in (_state(names), *_placed(_graphs(declared)))]
    yield '          {"start": "-PT3H", "widgets": ['
    yield ",\n".join(f"            {widget}" for widget in widgets)
    yield "          ]}"


def _state(names: Sequence[str]) -> dict[str, Any]:
    properties = {"title": "Keadaan: semua hijau berarti baik", "alarms": [f"${{{name}.Arn}}" for name in names]}
    return {"type": "alarm", "x": 0, "y": 0, "width": 24, "height": 8, "properties": properties}


def _graphs(declared: Declared) -> Iterator[tuple[str, str, list[Metric]]]:
    """Yield title, statistic and metrics of each graph, in the order in which one asks."""
    yield "Pesanan per menit", "Sum", [_ours(counts.ORDERS_PLACED, "diterima"), _ours(counts.ORDERS_REFUSED, "ditolak")]
    yield "Pembayaran per menit", "Sum", [
        _ours(counts.PAYMENTS_APPLIED, "dibukukan"), _ours(counts.EVENTS_PARKED, "tanpa tujuan"),
    ]  # fmt: skip
    yield "Serah terima per menit", "Sum", [_ours(counts.HANDED_OVER, "diserahkan")]
    yield "Pemberitahuan per menit", "Sum", [
        _ours(counts.NOTICES_SENT, "terkirim"), _ours(counts.UNREACHABLE, "tak terjangkau"),
    ]  # fmt: skip
    yield "Lama jawaban API (99 dari 100), milidetik", "p99", [["AWS/ApiGateway", "Latency", "ApiId", "${Api}"]]
    yield "API: permintaan dan kesalahan", "Sum", [
        ["AWS/ApiGateway", name, "ApiId", "${Api}"] for name in ("Count", "4xx", "5xx")
    ]  # fmt: skip
    yield "Fungsi yang berjalan bersamaan", "Maximum", [
        ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", f"${{{name}}}"]
        for name in ("OrderingApi", "PaymentsApi", "DispatchApi", *sorted(declared.webhooks()))
    ]  # fmt: skip
    yield "Satuan tulis per menit", "Sum", [
        ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", f"${{{name}}}"] for name in declared.tables()
    ]  # fmt: skip
    yield (
        "Umur pesan tertua, detik",
        "Maximum",
        [_queue(n, "AgeOfOldestMessage") for n, last in declared.queues() if not last],
    )
    yield (
        "Pesan yang tidak terolah",
        "Maximum",
        [_queue(n, "NumberOfMessagesVisible") for n, last in declared.queues() if last],
    )
    yield "Aliran tertinggal, milidetik", "Maximum", [
        ["AWS/Lambda", "IteratorAge", "FunctionName", f"${{{name}}}"]
        for names in declared.streaming().values() for name in names
    ]  # fmt: skip
    yield "Selisih, kejadian, kesalahan program", "Sum", [
        _ours(counts.FINDINGS, "selisih"), _ours(counts.INCIDENTS, "kejadian"),
        _ours(counts.RECORDS_FAILED, "kesalahan"),
    ]  # fmt: skip


def _placed(graphs: Iterator[tuple[str, str, list[Metric]]]) -> Iterator[dict[str, Any]]:
    for number, (title, statistic, metrics) in enumerate(graphs):
        yield {
            "type": "metric",
            "x": number % 2 * WIDTH,
            "y": 8 + number // 2 * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": title, "region": "${AWS::Region}", "stat": statistic, "period": 60, "metrics": metrics,
            },
        }  # fmt: skip


def _ours(counted: Counted, label: str) -> Metric:
    return [OURS, counted.name, {"label": label}]


def _queue(name: str, metric: str) -> Metric:
    return ["AWS/SQS", f"Approximate{metric}", "QueueName", f"${{{name}.QueueName}}", {"label": name}]

"""An alarm: what is counted, from where on somebody is told, and what they are told."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

OURS = "Lumbung"
MOST_METRICS = 10  # of one alarm, as CloudWatch limits it


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one thing; *of* holds its dimensions."""

    namespace: str
    name: str
    of: Mapping[str, Any] = field(default_factory=dict)

    def as_metric(self) -> dict[str, Any]:
        found = {"Namespace": self.namespace, "MetricName": self.name}
        dimensions = [{"Name": name, "Value": value} for name, value in self.of.items()]
        return found | ({"Dimensions": dimensions} if dimensions else {})


@dataclass(frozen=True, slots=True)
class Alarm:
    """Told when the series together reach `at` in every one of `periods` periods of `period_s` seconds.

    statistic   together        at
    Sum         their sum       that many, or more
    Maximum     the largest     that much, or more
    """

    name: str
    says: str
    series: tuple[Series, ...]
    at: float = 1
    statistic: str = "Sum"
    period_s: int = 300
    periods: int = 1
    below: bool = False
    """Told when there is less than `at`, or nothing at all."""

    def lines(self) -> Iterator[str]:
        """Yield the resource as it stands in the template."""
        if len(self.series) > MOST_METRICS:
            raise ValueError(f"{self.name}: an alarm counts {MOST_METRICS} metrics at most")
        yield f"  {self.name}:"
        yield "    Type: AWS::CloudWatch::Alarm"
        yield "    Properties:"
        yield f'      AlarmName: !Sub "${{AWS::StackName}}-{self.name}"'
        yield f"      AlarmDescription: {json.dumps(self.says, ensure_ascii=False)}"
        yield from self._counted()
        yield f"      EvaluationPeriods: {self.periods}"
        yield f"      Threshold: {self.at:g}"
        yield f"      ComparisonOperator: {'LessThanThreshold' if self.below else 'GreaterThanOrEqualToThreshold'}"
        yield f"      TreatMissingData: {'breaching' if self.below else 'notBreaching'}"
        yield "      AlarmActions: [!Ref OfficeAlarms]"

    def _counted(self) -> Iterator[str]:
        if len(self.series) == 1:
            for name, value in self.series[0].as_metric().items():
                yield f"      {name}: {json.dumps(value)}"
            yield f"      Statistic: {self.statistic}"
            yield f"      Period: {self.period_s}"
            return
        together = {"Sum": "SUM", "Maximum": "MAX"}[self.statistic]
        yield "      Metrics:"
        yield f'        - {{Id: together, Expression: "{together}(FILL(METRICS(), 0))"}}'
        for number, series in enumerate(self.series):
            stat = {"Metric": series.as_metric(), "Period": self.period_s, "Stat": self.statistic}
            yield f"        - {json.dumps({'Id': f'm{number}', 'ReturnData': False, 'MetricStat': stat})}"


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted in the log lines of functions: a metric of ours by the name `name`."""

    name: str
    pattern: str
    value: str = "1"

    @property
    def series(self) -> Series:
        return Series(OURS, self.name)

    def lines(self) -> Iterator[str]:
        transformation = {
            "MetricNamespace": OURS, "MetricName": self.name, "MetricValue": self.value, "DefaultValue": 0,
        }  # fmt: skip
        yield f"  {self.name}:"
        yield "    Type: AWS::Logs::MetricFilter"
        yield "    Properties:"
        yield "      LogGroupName: !Ref Logs"
        yield f"      FilterPattern: {json.dumps(self.pattern)}"
        yield f"      MetricTransformations: [{json.dumps(transformation)}]"

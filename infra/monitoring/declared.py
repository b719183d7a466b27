"""What the template declares that is to be watched, in groups that one person looks at together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.interface import WEBHOOKS

Resources = Mapping[str, Any]
INDONESIAN = {
    "ordering": "pemesanan", "payments": "pembayaran", "dispatch": "penyaluran", "catalog": "katalog",
    "notices": "pemberitahuan", "storefront": "etalase",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    resources: Resources

    def of(self, kind: str) -> dict[str, Mapping[str, Any]]:
        return {name: r["Properties"] for name, r in self.resources.items() if r["Type"] == kind}

    def groups(self) -> dict[str, list[str]]:
        """Return the functions of each context, and apart those that providers call: their failing costs money."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        webhooks = self.webhooks()
        for name, function in sorted(self.of("AWS::Lambda::Function").items()):
            found["webhooks" if name in webhooks else function["Handler"].partition(".")[0]].append(name)
        return dict(sorted(found.items()))

    def webhooks(self) -> set[str]:
        body = self.of("AWS::ApiGatewayV2::Api")["Api"]["Body"]
        integrations = body["components"]["x-amazon-apigateway-integrations"]
        uris = (integrations[name]["uri"]["Fn::Sub"] for name in WEBHOOKS.values())
        return {uri.partition("functions/${")[2].partition(".Arn}")[0] for uri in uris}

    def streaming(self) -> dict[str, list[str]]:
        """Return the functions of each context that follow a table's stream."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        functions = self.of("AWS::Lambda::Function")
        for mapping in self.of("AWS::Lambda::EventSourceMapping").values():
            if mapping["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn":
                name = mapping["FunctionName"]["Ref"]
                found[functions[name]["Handler"].partition(".")[0]].append(name)
        return {context: sorted(set(names)) for context, names in sorted(found.items())}

    def queues(self) -> Iterator[tuple[str, bool]]:
        """Yield the name of each queue, and whether it is a last stop."""
        for name, queue in sorted(self.of("AWS::SQS::Queue").items()):
            yield name, "RedrivePolicy" not in queue

    def ticking(self) -> list[str]:
        """Return the functions that a clock starts every few minutes."""
        schedules = self.of("AWS::Scheduler::Schedule").values()
        often = (s for s in schedules if "minute" in s["ScheduleExpression"] and "30 " not in s["ScheduleExpression"])
        return sorted({schedule["Target"]["Arn"]["Fn::GetAtt"][0] for schedule in often})

    def tables(self) -> list[str]:
        return sorted(self.of("AWS::DynamoDB::Table"))

"""What the roles of the template's functions grant, as the template says it after the SAM transform.

Resources are called by the template's names: `OrdersTable`, `OrdersTable/index/by_due`, `ClosingQueue`,
`FilesBucket/catalog/*`, `OrdersTable/stream`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from infra.rights.asked import Ask

Template = Mapping[str, Any]
_ARN = re.compile(r"\$\{(\w+)\.Arn\}")
_PARAMETER = re.compile(r"\$\{(\w+)\}")
LEADING = "dynamodb:LeadingKeys"


class Grant(NamedTuple):
    """One action on one resource; *kind*: of items, where only items of that kind may be named."""

    action: str
    resource: str
    kind: str = ""

    def covers(self, ask: Ask) -> bool:
        return (self.action, self.resource) == (ask.action, ask.resource) and self.kind in ("", ask.kind)


def grants(template: Template) -> dict[str, set[Grant]]:
    """Return what each function's own role allows; a table's `index/*` is each of its indexes."""
    return {name: set(_allowed(template, _role(template, function))) for name, function in _functions(template)}


def by_lambda(template: Template) -> dict[str, set[Grant]]:
    """Return what Lambda itself needs in each function's role, to read its sources and set aside what failed."""
    needed: dict[str, set[Grant]] = {name: set() for name, _ in _functions(template)}
    for mapping in _of(template, "AWS::Lambda::EventSourceMapping"):
        source = _resource(mapping["EventSourceArn"], template)
        if source.endswith("/stream"):
            actions = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"]
            needed[mapping["FunctionName"]["Ref"]].add(Grant("dynamodb:ListStreams", "*"))
        else:
            actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        needed[mapping["FunctionName"]["Ref"]] |= {Grant(action, source) for action in actions}
        if failed := mapping.get("DestinationConfig", {}).get("OnFailure"):
            needed[mapping["FunctionName"]["Ref"]].add(
                Grant("sqs:SendMessage", _resource(failed["Destination"], template))
            )
    return needed


def statements(template: Template, role: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a role's own statements; what it shares with all others (logs, denials) is in managed policies."""
    for policy in role.get("Policies", []):
        yield from policy["PolicyDocument"]["Statement"]


def _allowed(template: Template, role: Mapping[str, Any]) -> Iterator[Grant]:
    for statement in statements(template, role):
        if statement["Effect"] == "Allow":
            leading = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get(LEADING, [])
            kinds = [key.partition("#")[0] for key in _listed(leading)] or [""]
            for named in _listed(statement["Resource"]):
                for resource in _each_index(_resource(named, template), template):
                    for action in _listed(statement["Action"]):
                        yield from (Grant(action, resource, kind) for kind in kinds)


def _each_index(resource: str, template: Template) -> Iterator[str]:
    table, index, every = resource.partition("/index/*")
    if not index or every:
        yield resource
        return
    for declared in template["Resources"][table]["Properties"].get("GlobalSecondaryIndexes", []):
        yield f"{table}/index/{declared['IndexName']}"


def _resource(named: Any, template: Template) -> str:
    match named:
        case {"Fn::GetAtt": [name, "StreamArn"]}:
            return f"{name}/stream"
        case {"Fn::GetAtt": [name, *_]} | {"Ref": name}:
            return str(name)
        case {"Fn::Sub": text}:
            told = _ARN.sub(r"\1", text)
            if told == text:  # an ARN written out: what comes after its account
                told = text.rpartition("}:")[2]
            return _PARAMETER.sub(lambda match: str(template["ParameterValues"][match.group(1)]), told)
    return str(named)


def _role(template: Template, function: Mapping[str, Any]) -> Mapping[str, Any]:
    role: Mapping[str, Any] = template["Resources"][function["Role"]["Fn::GetAtt"][0]]["Properties"]
    return role


def _functions(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            yield name, resource["Properties"]


def _of(template: Template, kind: str) -> Iterator[Mapping[str, Any]]:
    return (r["Properties"] for r in template["Resources"].values() if r["Type"] == kind)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""What runs on this machine, as read from the template: functions, routes, mappings, schedules."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.resources import Resource, Resources
from infra.local.support import NotRunHere
from infra.local.template import code_folder

_FUNCTION = re.compile(r":function:([^:/]+)")


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    arn: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    timeout_s: int
    memory_mb: int
    log_format: str
    environment: Mapping[str, str]
    concurrency: int | None
    """The most that may run at once, where the template reserves that."""
    retries: int
    """How often an event that came without a caller is tried again."""
    on_failure: str | None
    """The queue for events that failed for good, by ARN."""


@dataclass(frozen=True, slots=True)
class EventMapping:
    """An event-source mapping."""

    id: str
    function: str
    source: str
    batch: int
    patterns: tuple[Mapping[str, Any], ...]
    reports_failures: bool
    retries: int
    bisects: bool
    on_failure: str | None
    max_age_s: int
    concurrency: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    id: str
    arn: str
    expression: str
    zone: str
    function: str
    input: str | None
    by_rule: bool
    """Declared as an EventBridge rule, not as an EventBridge Scheduler schedule: the default event differs."""


def function_name(reference: str) -> str:
    """Return the function's name from a name, an ARN or an integration's URI."""
    match = _FUNCTION.search(reference)
    return match.group(1) if match else reference.split(":")[0]


def functions(resources: Resources, root: Path) -> list[Function]:
    layers = {
        str(resources.attribute(layer.id, "Ref")): code_folder(layer.properties["Content"], root)
        for layer in resources.of("AWS::Lambda::LayerVersion")
    }
    invoked = {
        function_name(config.properties["FunctionName"]): config.properties
        for config in resources.of("AWS::Lambda::EventInvokeConfig")
    }
    return [_function(resource, resources, root, layers, invoked) for resource in resources.of("AWS::Lambda::Function")]


def _function(
    resource: Resource,
    resources: Resources,
    root: Path,
    layers: Mapping[str, Path],
    invoked: Mapping[str, Mapping[str, Any]],
) -> Function:
    name, properties = resources.name_of(resource.id), resource.properties
    asynchronous = invoked.get(name, {})
    variables = properties.get("Environment", {}).get("Variables", {})
    return Function(
        name=name,
        arn=resources.attribute(resource.id, "Arn"),
        handler=properties["Handler"],
        code=code_folder(properties["Code"], root),
        layers=tuple(layers[layer] for layer in properties.get("Layers", [])),
        timeout_s=int(properties.get("Timeout", 3)),
        memory_mb=int(properties.get("MemorySize", 128)),
        log_format=properties.get("LoggingConfig", {}).get("LogFormat", "Text"),
        environment={key: _as_variable(value) for key, value in variables.items()},
        concurrency=properties.get("ReservedConcurrentExecutions"),
        retries=int(asynchronous.get("MaximumRetryAttempts", 2)),
        on_failure=_failure_queue(resource.id, asynchronous) or properties.get("DeadLetterConfig", {}).get("TargetArn"),
    )


def _as_variable(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def token_trigger(resources: Resources) -> str | None:
    """Return the function that a user pool asks before it makes a token, where it asks one."""
    for pool in resources.of("AWS::Cognito::UserPool"):
        if arn := pool.properties.get("LambdaConfig", {}).get("PreTokenGeneration"):
            return function_name(arn)
    return None


def mappings(resources: Resources) -> list[EventMapping]:
    return [
        _mapping(resource)
        for resource in resources.of("AWS::Lambda::EventSourceMapping")
        if resource.properties.get("Enabled", True)
    ]


def _mapping(resource: Resource) -> EventMapping:
    properties = resource.properties
    source = properties["EventSourceArn"]
    if not re.match(r"arn:aws:(sqs|dynamodb):", source):
        raise NotRunHere(f"{resource.id}: the local stack cannot pump {source}")
    filters = properties.get("FilterCriteria", {}).get("Filters", [])
    return EventMapping(
        id=resource.id,
        function=function_name(properties["FunctionName"]),
        source=source,
        batch=int(properties.get("BatchSize", 10 if ":sqs:" in source else 100)),
        patterns=tuple(json.loads(entry["Pattern"]) for entry in filters),
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        retries=int(properties.get("MaximumRetryAttempts", -1)),
        bisects=bool(properties.get("BisectBatchOnFunctionError", False)),
        on_failure=_failure_queue(resource.id, properties),
        max_age_s=int(properties.get("MaximumRecordAgeInSeconds", -1)),
        concurrency=properties.get("ScalingConfig", {}).get("MaximumConcurrency"),
    )


def _failure_queue(id_: str, properties: Mapping[str, Any]) -> str | None:
    destinations = properties.get("DestinationConfig", {})
    if "OnSuccess" in destinations:
        raise NotRunHere(f"{id_}: the local stack cannot run OnSuccess")
    destination: str | None = destinations.get("OnFailure", {}).get("Destination")
    if destination and ":sqs:" not in destination:
        raise NotRunHere(f"{id_}: the local stack sends failures to queues only, not to {destination}")
    return destination


def schedules(resources: Resources) -> list[Schedule]:
    return [*_scheduler_schedules(resources), *_rules(resources)]


def _scheduler_schedules(resources: Resources) -> list[Schedule]:
    return [
        Schedule(
            id=resource.id,
            arn=resources.attribute(resource.id, "Arn"),
            expression=resource.properties["ScheduleExpression"],
            zone=resource.properties.get("ScheduleExpressionTimezone", "UTC"),
            function=_target(resource, resource.properties["Target"]),
            input=resource.properties["Target"].get("Input"),
            by_rule=False,
        )
        for resource in resources.of("AWS::Scheduler::Schedule")
        if resource.properties.get("State", "ENABLED") == "ENABLED"
    ]


def _rules(resources: Resources) -> list[Schedule]:
    return [
        Schedule(
            id=f"{resource.id}/{target['Id']}",
            arn=resources.attribute(resource.id, "Arn"),
            expression=resource.properties["ScheduleExpression"],
            zone="UTC",
            function=_target(resource, target),
            input=target.get("Input"),
            by_rule=True,
        )
        for resource in resources.of("AWS::Events::Rule")
        if resource.properties.get("State", "ENABLED") == "ENABLED"
        for target in resource.properties["Targets"]
    ]


_TARGET_RUNS = {"Arn", "Id", "Input", "RoleArn", "RetryPolicy", "DeadLetterConfig"}


def _target(resource: Resource, target: Mapping[str, Any]) -> str:
    if ":function:" not in target["Arn"]:
        raise NotRunHere(f"{resource.id}: the local stack schedules functions only, not {target['Arn']}")
    if unknown := sorted(set(target) - _TARGET_RUNS):
        raise NotRunHere(f"{resource.id}: the local stack cannot run a target's {', '.join(unknown)}")
    return function_name(target["Arn"])

"""Puts the parts of the stack together, as the template says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

from infra.local import blueprint, dead_letters, outbox, routes
from infra.local.blueprint import EventMapping, Function, Schedule
from infra.local.clock import StackClock
from infra.local.dev import Dev
from infra.local.engine import Engine
from infra.local.expiry import Expiry
from infra.local.front import Front
from infra.local.functions import Functions
from infra.local.issuer import Issuer, Trust
from infra.local.pump import Pump, Source
from infra.local.pump_queues import QueueSource
from infra.local.pump_streams import FailureQueue, StreamSource, queue_url
from infra.local.requests import RequestLog
from infra.local.resources import Resources
from infra.local.routes import Api
from infra.local.settings import API_WORKERS, EVENT_WORKERS
from infra.local.simulators import Simulators
from infra.local.walk import Walk

_NOBODY = Trust("https://nobody.invalid", ("nobody",))
"""Where a template has no authorizer, there is nobody to trust."""


@dataclass(frozen=True, slots=True)
class Wired:
    functions: Functions
    pump: Pump
    walk: Walk
    front: Front


def wire(
    resources: Resources,
    root: Path,
    data: Path | None,
    engine: Engine,
    clock: StackClock,
    simulators: Simulators | None,
    log: IO[bytes],
) -> Wired:
    api = routes.api(resources)
    declared = blueprint.functions(resources, root)
    mappings = blueprint.mappings(resources)
    functions = Functions(declared, _limits(api, declared), engine.url, clock.now, log)
    failures = _failure_queues(declared, mappings, engine, clock)
    expiry = Expiry(resources, engine.client)
    pump = Pump(_sources(resources, mappings, engine, functions, clock, expiry, failures))
    functions.on_outcome(pump.heard)
    walk = Walk(
        clock=clock,
        schedules=_known(blueprint.schedules(resources), functions),
        functions=functions,
        pump=pump,
        expiry=expiry,
        failure_queues=failures,
        tell=simulators.tell if simulators else _tell_nobody,
    )
    issuer = Issuer(api.trust or _NOBODY, data and data / "issuer.pem")
    requests = RequestLog()
    dead = [queue_url(engine.url, arn) for arn in dead_letters.failure_queue_arns(resources, failures)]
    dev = Dev(
        issuer=issuer,
        clock=clock,
        walk=walk,
        pump=pump,
        log=requests,
        dead_letters=partial(dead_letters.count, dead, engine.client),
        outbox=partial(outbox.sent, engine.client, clock),
    )
    return Wired(functions, pump, walk, Front(api, functions, issuer, clock, requests, dev.app()))


async def _tell_nobody(now: datetime) -> None:
    """Without simulators nobody else lives by the clock."""


def _limits(api: Api, declared: Sequence[Function]) -> dict[str, int]:
    answering = {route.function for route in api.routes}
    return {function.name: API_WORKERS if function.name in answering else EVENT_WORKERS for function in declared}


def _known(schedules: Sequence[Schedule], functions: Functions) -> Sequence[Schedule]:
    for schedule in schedules:
        if schedule.function not in functions.declared:
            raise LookupError(f"{schedule.id} fires {schedule.function}, which the template does not declare")
    return schedules


def _failure_queues(
    declared: Sequence[Function], mappings: Sequence[EventMapping], engine: Engine, clock: StackClock
) -> dict[str, FailureQueue]:
    named = [*(function.on_failure for function in declared), *(mapping.on_failure for mapping in mappings)]
    return {arn: FailureQueue(queue_url(engine.url, arn), engine.client, clock) for arn in named if arn}


def _sources(
    resources: Resources,
    mappings: Sequence[EventMapping],
    engine: Engine,
    functions: Functions,
    clock: StackClock,
    expiry: Expiry,
    failures: dict[str, FailureQueue],
) -> list[Source]:
    delays: dict[str, Any] = {
        resources.attribute(queue.id, "Arn"): queue.properties.get("DelaySeconds", 0)
        for queue in resources.of("AWS::SQS::Queue")
    }
    sources: list[Source] = []
    for mapping in mappings:
        if ":sqs:" in mapping.source:
            url = queue_url(engine.url, mapping.source)
            delay = int(delays[mapping.source])
            sources.append(QueueSource(mapping, delay, engine.client, functions, clock, url))
        else:
            failure = failures.get(mapping.on_failure or "")
            sources.append(StreamSource(mapping, engine.client, functions, clock, expiry, failure))
    return sources

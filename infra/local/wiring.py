"""Puts the parts of the stack together, as the template says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from infra.local import blueprint, failures, routes
from infra.local.blueprint import EventMapping, Function, Schedule
from infra.local.clock import StackClock
from infra.local.dev import Dev
from infra.local.engine import Engine
from infra.local.expiry import Expiry
from infra.local.failures import FailureQueue
from infra.local.front import Front
from infra.local.functions import Functions
from infra.local.hosted import Hosted
from infra.local.issuer import Issuer, Trust
from infra.local.outbox import Outbox
from infra.local.processes import Processes
from infra.local.pump import Pump, Source
from infra.local.pump_queues import QueueSource
from infra.local.pump_streams import StreamSource
from infra.local.requests import RequestLog
from infra.local.resources import Resources
from infra.local.rights import Rights
from infra.local.routes import Api
from infra.local.settings import API_WORKERS, EVENT_WORKERS
from infra.local.sign_in import SignIn
from infra.local.simulators import Simulators
from infra.local.sqs import Queue
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
    processes: Processes,
    url: str,
) -> Wired:
    api = routes.api(resources)
    declared = blueprint.functions(resources, root)
    mappings = blueprint.mappings(resources)
    functions = Functions(declared, _limits(api, declared), engine.url, clock.now, processes)
    queue = partial(Queue, engine.url, engine=engine.client)
    set_aside = {arn: FailureQueue(queue(arn), clock) for arn in _failure_arns(declared, mappings)}
    expiry = Expiry(resources, engine.client)
    pump = Pump(_sources(resources, mappings, engine, functions, clock, expiry, set_aside))
    functions.on_outcome(pump.heard)
    walk = Walk(
        clock=clock,
        schedules=_known(blueprint.schedules(resources), functions),
        functions=functions,
        pump=pump,
        expiry=expiry,
        failure_queues=set_aside,
        tell=simulators.tell if simulators else _tell_nobody,
    )
    outbox = Outbox(engine.client, clock, simulators.messages if simulators else _no_messages)
    functions.on_outcome(outbox.heard)
    issuer = Issuer(api.trust or _NOBODY, data and data / "issuer.pem")
    requests = RequestLog()
    rights = Rights(resources.ids())
    functions.on_outcome(rights.heard)
    dead = [queue(arn) for arn in failures.failure_queue_arns(resources, set_aside)]
    sign_in = SignIn(blueprint.token_trigger(resources), functions)
    dev = Dev(
        issuer=issuer,
        sign_in=sign_in,
        clock=clock,
        walk=walk,
        pump=pump,
        log=requests,
        dead_letters=partial(failures.count, dead),
        outbox=outbox.sent,
        rights=rights,
        hosted=Hosted(issuer, sign_in, clock, partial(_institutions, url)),
    )
    return Wired(functions, pump, walk, Front(api, functions, issuer, clock, requests, dev.app()))


async def _institutions(url: str) -> list[dict[str, Any]]:
    """Ask the stack itself, as anybody may: its functions keep the register."""
    async with httpx.AsyncClient(base_url=url) as http:
        items: list[dict[str, Any]] = (await http.get("/v1/institutions", params={"limit": "100"})).json()["items"]
        return items


async def _tell_nobody(now: datetime) -> None:
    """Without simulators nobody else lives by the clock."""


async def _no_messages() -> list[dict[str, Any]]:
    """Without simulators nothing is sent but mails."""
    return []


def _limits(api: Api, declared: Sequence[Function]) -> dict[str, int]:
    answering = {route.function for route in api.routes}
    return {function.name: API_WORKERS if function.name in answering else EVENT_WORKERS for function in declared}


def _known(schedules: Sequence[Schedule], functions: Functions) -> Sequence[Schedule]:
    for schedule in schedules:
        if schedule.function not in functions.declared:
            raise LookupError(f"{schedule.id} fires {schedule.function}, which the template does not declare")
    return schedules


def _failure_arns(declared: Sequence[Function], mappings: Sequence[EventMapping]) -> set[str]:
    named = [*(function.on_failure for function in declared), *(mapping.on_failure for mapping in mappings)]
    return {arn for arn in named if arn}


def _sources(
    resources: Resources,
    mappings: Sequence[EventMapping],
    engine: Engine,
    functions: Functions,
    clock: StackClock,
    expiry: Expiry,
    set_aside: dict[str, FailureQueue],
) -> list[Source]:
    delays: dict[str, Any] = {
        resources.attribute(queue.id, "Arn"): queue.properties.get("DelaySeconds", 0)
        for queue in resources.of("AWS::SQS::Queue")
    }
    sources: list[Source] = []
    for mapping in mappings:
        if ":sqs:" in mapping.source:
            queue = Queue(engine.url, mapping.source, engine.client)
            delay = timedelta(seconds=int(delays[mapping.source]))
            sources.append(QueueSource(mapping, queue, delay, functions, clock))
        else:
            failure = set_aside.get(mapping.on_failure or "")
            sources.append(StreamSource(mapping, engine.client, functions, clock, expiry, failure))
    return sources

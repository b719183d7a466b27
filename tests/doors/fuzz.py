"""Cases that Schemathesis makes of the OpenAPI document, brought down to earth: they name things that are there.

Positive cases keep the document, negative ones break it in their body. Without real ids nearly all of them would end
at "not found"; with them they go as far as the state allows.
"""

import json
import random
from collections.abc import Callable
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from jsonschema import Draft202012Validator
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.interface import DOCUMENT, operations
from infra.local.gateway import Response
from infra.openapi import Operation
from tests.doors import things
from tests.doors.world import CALLERS, World

POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REAL = 0.8  # of the ids in a case
RAW = json.loads(DOCUMENT.read_text())
PARTS = {"components": RAW["components"]}
DESCRIBED: Any = schemathesis.openapi.from_dict(RAW)
JSON = "application/json"


def routes() -> list[Operation]:
    """Return the operations that people call; machines prove themselves, and are tried in test_webhooks.py."""
    return [operation for operation in operations() if operation.route is not None]


def run(operation: Operation, mode: GenerationMode, n: int, seed_: int, try_: Callable[[Case], None]) -> None:
    """Have *try_* meet *n* cases of an operation."""
    described = DESCRIBED[operation.path][operation.method]
    strategy = described.as_strategy(
        generation_mode=mode, headers={}, **({} if mode == POSITIVE else {"path_parameters": {}, "query": {}})
    )
    kept = settings(
        max_examples=n, database=None, deadline=None, derandomize=False, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    seed(seed_)(kept(given(case=strategy)(lambda case: try_(case))))()


class Fuzzer:
    """Sends cases of one operation as somebody whom its table lets in, with things of theirs."""

    def __init__(self, world: World, operation: Operation, seed_: int) -> None:
        self._world, self._operation, self._dice, self._keys = world, operation, random.Random(seed_), 0
        self.answers: dict[int, int] = {}
        described = RAW["paths"][operation.path][operation.method.lower()].get("requestBody", {}).get("content", {})
        self._schema = Draft202012Validator(described[JSON]["schema"] | PARTS) if JSON in described else None

    def __call__(self, case: Case) -> None:
        roles = self._operation.route.roles or ("member",)
        role = self._dice.choice(roles)
        case.path_parameters = self._named(role, dict(case.path_parameters or {}))
        if isinstance(case.body, dict | list):
            case.body = self._grounded(case.body)
        self._keys += self._dice.random() < 0.9
        case.headers = {"Idempotency-Key": f"fuzz-{self._keys}"} if self._operation.route.keyed else {}
        answer, request = self._sent(case, role)
        self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
        raised, self._world.gateway.raised[:] = list(self._world.gateway.raised), []
        assert not raised, f"{role} {request.method} {request.url} {case.body!r}\n{raised[-1]}"
        case.validate_response(as_response(answer, request), checks=CHECKS)
        assert answer.status >= 300 or self._is_allowed(case), f"accepted: {case.body!r}"

    def _is_allowed(self, case: Case) -> bool:
        if self._schema is None or case.media_type != JSON:
            return True
        return isinstance(case.body, dict | list) and self._schema.is_valid(case.body)

    def _named(self, role: str, parameters: dict[str, Any]) -> dict[str, Any]:
        route = f"{self._operation.method} {self._operation.path}"
        known = dict(things.ids_of(route, list(parameters), role, self._world.ids)) if parameters else {}
        own = known.get(things.OWN, {})
        return {
            name: own[name] if name in own and self._dice.random() < REAL else value
            for name, value in parameters.items()
        }

    def _grounded(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._grounded(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self._grounded(part, name.removesuffix("s")) for part in value]
        known = self._world.ids.get(f"{name.removesuffix('_id')} own")
        real = isinstance(value, str) and name.endswith("_id") and known and self._dice.random() < REAL
        return known if real else value

    def _sent(self, case: Case, role: str) -> tuple[Response, requests.PreparedRequest]:
        request = requests.Request(**case.as_transport_kwargs(base_url="http://api.example")).prepare()
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        path = str(request.path_url)
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        answer = self._world.gateway.send(case.method, path, body, caller=CALLERS[role], headers=headers)
        return answer, request


def as_response(answer: Response, request: requests.PreparedRequest) -> schemathesis.Response:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    return schemathesis.Response(
        status_code=answer.status, headers=headers, content=answer.body, request=request, elapsed=0.0, verify=False
    )

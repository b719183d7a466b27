"""Schemathesis at every operation, through the gateway: nothing falls over, nothing unsaid is answered or accepted.

Every day some cases of some operations; `make fuzz` tries CASES of each, by SEED.
"""

import json
import os

import pytest
from schemathesis.generation import GenerationMode

from infra.openapi import Operation
from tests.doors.fuzz import NEGATIVE, POSITIVE, Fuzzer, routes, run
from tests.doors.world import OPERATOR, World

CASES, SEED = int(os.environ.get("CASES", "12")), int(os.environ.get("SEED", "1"))
EVERY = 1 if "CASES" in os.environ else 8
TRIED = [
    pytest.param(operation, mode, id=f"{operation.method} {operation.path} {mode.value}")
    for operation in routes()
    for mode in (POSITIVE, NEGATIVE)
    if mode == POSITIVE or operation.route.body is not None
]


@pytest.mark.parametrize(("operation", "mode"), TRIED[::EVERY])
def test_it_answers_as_it_says(world: World, operation: Operation, mode: GenerationMode) -> None:
    fuzzer = Fuzzer(world, operation, SEED)

    run(operation, mode, CASES, SEED, fuzzer)

    if "CASES" in os.environ:
        print(f"\n{operation.method} {operation.path} {mode.value}: {dict(sorted(fuzzer.answers.items()))}")  # noqa: T201 - the long run tells
    assert fuzzer.answers


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+01:01", "9999-12-31T23:59:59-12:00", "1999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_refused(world: World, moment: str) -> None:
    path = f"/v1/waves/{world.ids['wave own']}/extension"

    answer = world.gateway.send("POST", path, {"closes_at": moment}, caller=OPERATOR, key="far")

    assert (answer.status, json.loads(answer.body)["errors"][0]["pointer"]) == (422, "/closes_at")

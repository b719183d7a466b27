"""A plain runtime client, where the real one has no wheel."""

import http.client
import importlib
import json
import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.meter import Meter
from infra.local.worker_clock import WorkerClock

_PATH = "/2018-06-01/runtime/"


@dataclass(frozen=True, slots=True)
class Context:
    """As much of Lambda's context object as handlers and their libraries read."""

    aws_request_id: str
    invoked_function_arn: str
    function_name: str
    memory_limit_in_mb: str
    deadline_ms: int
    function_version: str = "$LATEST"
    client_context: None = None
    identity: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self.deadline_ms - int(time.time() * 1000))  # noqa: TID251  a machine's deadline


def run(handler: str, address: str, clock: WorkerClock, meter: Meter) -> None:
    """Serve invocations until the stack is gone."""
    connection = http.client.HTTPConnection(address)
    try:
        function = _load(handler)
    except Exception as error:
        _post(connection, "init/error", _described(error))
        raise SystemExit(1) from error
    while True:
        connection.request("GET", _PATH + "invocation/next")
        response = connection.getresponse()
        event = json.loads(response.read())
        clock.tell(json.loads(response.headers["Lambda-Runtime-Client-Context"])["custom"]["now"])
        meter.reset()
        verdict, answer = _invoke(function, event, _context(response.headers))
        invocation = response.headers["Lambda-Runtime-Aws-Request-Id"]
        _post(connection, f"invocation/{invocation}/{verdict}", meter.line() + answer)


def _load(handler: str) -> Callable[[Any, Context], Any]:
    module, _, name = handler.rpartition(".")
    function: Callable[[Any, Context], Any] = getattr(importlib.import_module(module.replace("/", ".")), name)
    return function


def _invoke(function: Callable[[Any, Context], Any], event: Any, context: Context) -> tuple[str, bytes]:
    try:
        return "response", json.dumps(function(event, context)).encode()
    except Exception as error:  # noqa: BLE001  whatever a handler raises is reported, as Lambda does
        traceback.print_exc()
        return "error", _described(error)


def _described(error: Exception) -> bytes:
    return json.dumps(
        {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
    ).encode()


def _context(headers: http.client.HTTPMessage) -> Context:

    return Context(
        aws_request_id=headers["Lambda-Runtime-Aws-Request-Id"],
        invoked_function_arn=headers["Lambda-Runtime-Invoked-Function-Arn"],
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        deadline_ms=int(headers["Lambda-Runtime-Deadline-Ms"]),
    )


def _post(connection: http.client.HTTPConnection, path: str, body: bytes) -> None:
    connection.request("POST", _PATH + path, body)
    connection.getresponse().read()

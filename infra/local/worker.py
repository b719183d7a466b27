"""The program of a worker process: the Lambda runtime client around one function's handler.

python -m infra.local.worker        (the environment says what to run, as in Lambda)
"""

import importlib.util
import json
import os
import sys
from typing import Any

from infra.local import plain_runtime
from infra.local.meter import Meter
from infra.local.wire import Wire
from infra.local.worker_clock import WorkerClock


def main() -> None:
    """Run one function until the stack is gone; the environment says which."""
    stack = os.environ.pop("LUMBUNG_STACK_PATH")
    sys.path[:] = [folder for folder in sys.path if folder not in ("", stack)]  # the product's path is its own
    os.chdir(os.environ["LAMBDA_TASK_ROOT"])
    clock = WorkerClock()
    meter = Meter(clock, Wire(os.environ["AWS_ENDPOINT_URL"]))
    meter.install()
    clock.tell(os.environ.pop("LUMBUNG_STACK_NOW"))
    if importlib.util.find_spec("lumbung"):
        from lumbung.runtime import clock as product_clock

        product_clock.use(clock.now)
    handler, address = os.environ["_HANDLER"], os.environ["AWS_LAMBDA_RUNTIME_API"]
    if importlib.util.find_spec("awslambdaric"):
        _run_lambda_client(handler, address, clock, meter)
    else:
        plain_runtime.run(handler, address, clock, meter)  # wheels of the real client are for Linux only


def _run_lambda_client(handler: str, address: str, clock: WorkerClock, meter: Meter) -> None:
    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    class Client(LambdaRuntimeClient):  # type: ignore[misc]  # the package is not typed
        """The real client; only the stack's notes go in and out beside the product's data."""

        def wait_next_invocation(self) -> Any:
            request = super().wait_next_invocation()
            clock.tell(json.loads(request.client_context)["custom"]["now"])
            request.client_context = None
            meter.reset()
            return request

        def post_invocation_result(
            self, invoke_id: str, result: str | bytes, content_type: str = "application/json", *more: Any
        ) -> None:
            body = result if isinstance(result, bytes) else result.encode()
            super().post_invocation_result(invoke_id, meter.line() + body, content_type, *more)

        def post_invocation_error(self, invoke_id: str, error: str, xray: str, *more: Any) -> None:
            super().post_invocation_error(invoke_id, meter.line().decode() + error, xray, *more)

    bootstrap.run(handler, Client(address))


if __name__ == "__main__":
    main()

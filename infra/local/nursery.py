"""The program that worker processes are forked from: it has loaded what nearly all of them need.

    python -m infra.local.nursery

Reads one JSON environment a line, forks a worker with it, and answers with lines of `{"started": pid}` and
`{"ended": pid, "code": …}`. Its workers end with it, and it ends with the stack.
"""

import gc
import importlib
import importlib.util
import json
import os
import selectors
import signal
import sys
from typing import Any

import botocore.loaders
import botocore.session

from infra.local import worker
from infra.local.settings import REGION

_PACKAGES = (
    "aws_lambda_powertools.event_handler.api_gateway",
    "aws_lambda_powertools.logging",
    "pydantic",
)
"""Packages only, never the product's own modules: what a function imports itself stays its own affair."""

_SERVICES = ("dynamodb", "sqs", "secretsmanager")


class Nursery:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, int] = {}
        self._unread = b""

    def run(self) -> None:
        """Fork workers as asked, until nobody asks any more."""
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fd != sys.stdin.fileno():
                    self._bury(key.fd)
                elif not self._read():
                    return self._end()

    def _read(self) -> bool:
        chunk = os.read(sys.stdin.fileno(), 1 << 16)
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        for line in lines:
            self._fork(json.loads(line))
        return bool(chunk)

    def _fork(self, environment: dict[str, str]) -> None:
        pid = os.fork()
        if pid == 0:
            self._become(environment)
        handle = os.pidfd_open(pid)
        self._children[handle] = pid
        self._selector.register(handle, selectors.EVENT_READ)
        _say({"started": pid})

    def _become(self, environment: dict[str, str]) -> None:
        """Be a worker from here on: none of the nursery's files, a worker's environment and path."""
        self._selector.close()
        for handle in self._children:
            os.close(handle)
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123  descriptors are meant
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:0] = environment["PYTHONPATH"].split(":")
        sys.argv = ["worker"]
        worker.main()
        os._exit(0)

    def _bury(self, handle: int) -> None:
        pid = self._children.pop(handle)
        self._selector.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(pid, 0)
        _say({"ended": pid, "code": os.waitstatus_to_exitcode(status)})

    def _end(self) -> None:
        for pid in self._children.values():
            os.kill(pid, signal.SIGKILL)


def _say(message: dict[str, Any]) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


def _share_service_descriptions() -> None:
    """Read what botocore knows of these services once: every client of every worker would take 80 ms for it."""
    loader = botocore.loaders.create_loader()
    botocore.session.create_loader = lambda *_: loader
    for service in _SERVICES:
        botocore.session.get_session().create_client(
            service, region_name=REGION, aws_access_key_id="nobody", aws_secret_access_key="nobody"
        )


def main() -> None:
    _share_service_descriptions()
    for package in _PACKAGES:
        if importlib.util.find_spec(package.split(".")[0]):
            importlib.import_module(package)
    gc.freeze()  # what is loaded is shared with the workers, and not written to by the collector
    Nursery().run()


if __name__ == "__main__":
    main()

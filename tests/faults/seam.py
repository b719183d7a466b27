"""One seam over botocore: every call of every client is counted, metered, held to DynamoDB's limits, and may fail.

    with seam() as calls:                        # how many calls does it make, and what do they cost?
        act()
    with seam(fault=Fault(3, TIMEOUT)):          # … and what if the answer to the third is lost?
        act()

Calls are made one at a time. A crash ends the block quietly, and every further call of that invocation
crashes too; what a rival does inside a call is an invocation of its own, and is neither counted nor disturbed.
What asks somebody else than AWS (a payment provider, a courier) passes it by `outside`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, TypeVar

from botocore.client import BaseClient

from infra.local.units import READS, WRITES, spent
from tests.faults import limits
from tests.faults.modes import (
    CRASH_AFTER,
    CRASH_BEFORE,
    OUTSIDE,
    Crash,
    Fault,
    can_happen,
    conflicting,
    halved,
    throttled,
    timed_out,
)

Params = dict[str, Any]
Real = Callable[[Any, str, Params], Any]
T = TypeVar("T")
_ONE_AT_A_TIME = RLock()


class Seam:
    """What one invocation asks of AWS. `calls` are the operations, `requests` the same with their parameters."""

    def __init__(self, real: Real, fault: Fault | None, page_size: int | None) -> None:
        self.calls: list[str] = []
        self.requests: list[tuple[str, Params]] = []
        self.read_units = self.write_units = 0.0
        self.crashed = self.struck = False
        self._real, self._fault, self._page_size = real, fault, page_size
        self._paused = False

    def call(self, client: Any, operation: str, params: Params) -> Any:
        with _ONE_AT_A_TIME:
            if self._paused:
                return self._apply(client, operation, params)
            if self.crashed:
                raise Crash(operation)
            self.calls.append(operation)
            self.requests.append((operation, params))
            if self._fault and len(self.calls) == self._fault.at and can_happen(self._fault.mode, operation, params):
                self.struck = True
                return self._fail(self._fault, client, operation, params)
            return self._make(client, operation, params)

    def _make(self, client: Any, operation: str, params: Params) -> Any:
        limits.check(operation, params)
        if self._page_size and operation in ("Query", "Scan"):
            params = {**params, "Limit": min(self._page_size, params.get("Limit", self._page_size))}
        if operation not in READS | WRITES:
            return self._apply(client, operation, params)
        answer = self._real(client, operation, {**params, "ReturnConsumedCapacity": "INDEXES"})
        read, write = spent(operation, params, answer)
        self.read_units += read
        self.write_units += write
        return answer

    def _apply(self, client: Any, operation: str, params: Params) -> Any:
        return client() if operation.startswith(OUTSIDE) else self._real(client, operation, params)

    def _fail(self, fault: Fault, client: Any, operation: str, params: Params) -> Any:
        match fault.mode:
            case "crash before":
                self._crash(operation)
            case "crash after":
                self._make(client, operation, params)
                self._crash(operation)
            case "throttle":
                raise throttled(operation)
            case "time-out":
                self._make(client, operation, params)
                raise timed_out(operation)
            case "error":
                raise timed_out(operation)
            case "re-send":
                return self._twice(client, operation, params)
            case "conflict":
                raise conflicting(operation, params)
            case "partial batch":
                first, left = halved(params)
                return {**self._make(client, operation, first), "UnprocessedKeys": left}
            case "rival":
                self._let_happen(fault)
        return self._make(client, operation, params)

    def _crash(self, operation: str) -> None:
        self.crashed = True
        raise Crash(operation)

    def _twice(self, client: Any, operation: str, params: Params) -> Any:
        """A transaction carries botocore's token, so that DynamoDB answers its re-sending without applying it."""
        answer = self._make(client, operation, params)
        return answer if operation == "TransactWriteItems" else self._make(client, operation, params)

    def _let_happen(self, fault: Fault) -> None:
        self._paused, environment = True, dict(os.environ)
        try:
            if fault.rival:
                fault.rival()
        finally:
            self._paused = False
            os.environ.update(environment)  # the rival may have been another function


_IN_USE: list[Seam] = []


def outside(what: str, act: Callable[[], T]) -> T:
    """Do *act*, which asks somebody outside AWS: under a seam it is numbered and may fail as any other call."""
    return _IN_USE[-1].call(act, OUTSIDE + what, {}) if _IN_USE else act()


@contextmanager
def seam(
    crash_at: int | None = None, *, after: bool = False, fault: Fault | None = None, page_size: int | None = None
) -> Iterator[Seam]:
    """Put a `Seam` under every AWS client while the block runs; a crash ends the block quietly.

    *crash_at* and *after* are short for a *fault* of that kind; *page_size* cuts every query and scan into pages.
    """
    if crash_at is not None:
        fault = Fault(crash_at, CRASH_AFTER if after else CRASH_BEFORE)
    real = BaseClient._make_api_call
    made = Seam(real, fault, page_size)

    def call(client: Any, operation: str, params: Params) -> Any:
        return made.call(client, operation, params)

    BaseClient._make_api_call = call  # type: ignore[method-assign]  # the one seam that all clients share
    _IN_USE.append(made)
    try:
        yield made
    except Crash:
        pass
    finally:
        _IN_USE.remove(made)
        BaseClient._make_api_call = real  # type: ignore[method-assign]  # as it was


def stride(otherwise: int) -> int:
    """Return which points are tried: each of so many, or every one with FAULT_STRIDE=1 (`make faults`)."""
    return int(os.environ.get("FAULT_STRIDE", str(otherwise)))


def crash_points(calls: int) -> range:
    """Return the calls to crash at: each twentieth, unless `stride` says otherwise."""
    return range(1, calls + 1, stride(20))

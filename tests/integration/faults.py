"""One seam over botocore: count a handler's calls, let it crash around any one of them, or let a rival come first."""

import copy
import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient
from moto.dynamodb.models import dynamodb_backends


def crash_points(calls: int) -> range:
    """Return the calls to crash at: each fifth, or every one with FAULT_STRIDE=1 (`make faults`)."""
    return range(1, calls + 1, int(os.environ.get("FAULT_STRIDE", "5")))


def single_bytes(raw: bytes, seed: int) -> Iterator[bytes]:
    """Yield *raw* with one byte changed: two hundred times, or ten thousand times with FAULT_STRIDE=1."""
    dice = random.Random(seed)
    for _ in range(10_000 if os.environ.get("FAULT_STRIDE") == "1" else 200):
        place = dice.randrange(len(raw))
        yield raw[:place] + bytes([raw[place] ^ dice.randrange(1, 256)]) + raw[place + 1 :]


def rival_points(calls: Sequence[str]) -> list[int]:
    """Return the calls to let a rival come before: each write, or every one with FAULT_STRIDE=1 (`make faults`)."""
    every = os.environ.get("FAULT_STRIDE") == "1"
    return [number for number, call in enumerate(calls, 1) if every or call == "TransactWriteItems"]


class Crash(BaseException):
    """The function's process is gone: nothing after this point runs."""


class Seam:
    """Counts AWS calls; at call number `crash_at` it crashes, before or after the call took effect."""

    def __init__(self, crash_at: int | None = None, *, after: bool = False) -> None:
        self.calls: list[str] = []
        self.crashed = False
        self._crash_at, self._after = crash_at, after

    def call(self, real: Callable[..., Any], client: Any, operation: str, params: Any) -> Any:
        if self.crashed:
            raise Crash(operation)
        self.calls.append(operation)
        at = len(self.calls) == self._crash_at
        if at and not self._after:
            self.crashed = True
            raise Crash(operation)
        answer = real(client, operation, params)
        if at:
            self.crashed = True
            raise Crash(operation)
        return answer


@contextmanager
def seam(crash_at: int | None = None, *, after: bool = False) -> Iterator[Seam]:
    """Put a `Seam` under every AWS client while the block runs; a crash ends the block quietly."""
    made, real = Seam(crash_at, after=after), BaseClient._make_api_call

    def call(client: Any, operation: str, params: Any) -> Any:
        return made.call(real, client, operation, params)

    BaseClient._make_api_call = call  # type: ignore[method-assign]  # the one seam that all clients share
    try:
        yield made
    except Crash:
        pass
    finally:
        BaseClient._make_api_call = real  # type: ignore[method-assign]  # as it was


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """Let threads take turns at every AWS call while the block runs: moto's transactions are none under threads."""
    turn, real = threading.Lock(), BaseClient._make_api_call

    def call(client: Any, operation: str, params: Any) -> Any:
        with turn:
            return real(client, operation, params)

    BaseClient._make_api_call = call  # type: ignore[method-assign]  # the one seam that all clients share
    try:
        yield
    finally:
        BaseClient._make_api_call = real  # type: ignore[method-assign]  # as it was


@contextmanager
def rival(at: int, act: Callable[[], Any]) -> Iterator[list[str]]:
    """Let *act* happen, whole, just before the block's AWS call number *at*."""
    calls: list[str] = []
    real = BaseClient._make_api_call

    def call(client: Any, operation: str, params: Any) -> Any:
        calls.append(operation)
        if len(calls) == at:
            BaseClient._make_api_call = real
            act()
            BaseClient._make_api_call = call
        return real(client, operation, params)

    BaseClient._make_api_call = call  # type: ignore[method-assign]  # the one seam that all clients share
    try:
        yield calls
    finally:
        BaseClient._make_api_call = real


class Snapshot:
    """moto's tables as they are now; `restore` brings them back, as often as wanted."""

    def __init__(self) -> None:
        self._tables = copy.deepcopy(_backend().tables)

    def restore(self) -> None:
        _backend().tables = copy.deepcopy(self._tables)


def _backend() -> Any:
    return dynamodb_backends["123456789012"]["ap-southeast-3"]

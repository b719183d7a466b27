"""Tables for crash tests: as they were, as often as wanted. The faults themselves: `tests.faults.seam`."""

import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient

from tests.faults.modes import RIVAL, Fault
from tests.faults.seam import crash_points, seam
from tests.integration.engines import engine

__all__ = ["Snapshot", "crash_points", "rival", "seam"]


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
    """Let *act* happen, whole, just before the block's AWS call number *at*; yield the calls that are made."""
    with seam(fault=Fault(at, RIVAL, act)) as made:
        yield made.calls


class Snapshot:
    """The tables as they are now; `restore` brings them back, as often as wanted."""

    def __init__(self) -> None:
        self._tables = engine().kept()

    def restore(self) -> None:
        engine().put_back(self._tables)

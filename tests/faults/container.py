"""Lambda's containers in one process: what an invocation remembers, another one does not know."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

import lumbung.runtime as runtime
from lumbung.runtime import deps
from lumbung.store.table import Database

# The same whoever asks; slow to make again.
_KEPT = ("session", "aws", "secret", "id_secret", "queue", "holiday", "rings")


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stores try again at once: nothing here gets better by waiting."""
    database = cache(lambda: Database(deps.aws("dynamodb"), sleep=lambda _: None))
    monkeypatch.setattr(deps, "db", database)


def fresh(*entries: ModuleType) -> None:
    """Begin in a container that has served nobody: stores, and what *entries* keep of them, are made anew."""
    for name, thing in _kept(entries):
        if name not in _KEPT and name != "db":
            thing()


def _kept(entries: tuple[ModuleType, ...]) -> Iterator[tuple[str, Callable[[], Any]]]:
    for module in (*_wiring(), *entries):
        for name, thing in vars(module).items():
            if hasattr(thing, "cache_clear"):
                yield name, thing.cache_clear


@cache
def _wiring() -> tuple[ModuleType, ...]:
    found = (m.name for m in pkgutil.iter_modules(runtime.__path__) if m.name.startswith("deps"))
    return tuple(importlib.import_module(f"lumbung.runtime.{name}") for name in found)

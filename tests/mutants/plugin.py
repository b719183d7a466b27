"""pytest plugins: which tests reach which mutants, and whether any of them notices one.

Every mutant runs in a fork of the process that has collected the tests: what a test leaves behind is gone with it.
"""

import io
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from itertools import zip_longest
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.catalogue import Catalogue, Reach
from tests.mutants.sites import Mutant, watched, weakened

ENDLESS = "(its tests come to no end)"
PATIENCE_S = 60.0  # beyond what its tests take: who takes longer goes round in circles, and is noticed


class Map:
    """Runs the tests as they are, and notes what each that passes reaches, and how long it takes."""

    def __init__(self) -> None:
        self.reach: dict[str, Reach] = {}
        self._failed: set[str] = set()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.reach = {test: reach for test, reach in self.reach.items() if test not in self._failed}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        seen: set[Mutant] = set()
        begun = time.perf_counter()
        with watched(seen.add):
            result = yield
        self.reach[item.nodeid] = Reach(time.perf_counter() - begun, frozenset(seen))
        return result


class Run:
    """Runs each of *mutants* until a test fails, and tells which did: None for a mutant that no test noticed."""

    def __init__(self, catalogue: Catalogue, mutants: Sequence[Mutant], *, tell: Any, most_s: float) -> None:
        self._catalogue, self._mutants, self._tell, self._most_s = catalogue, mutants, tell, most_s
        self._sound: dict[str, bool] = {}  # by test, whether it passes without a mutant

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from tests.integration.conftest import CREDENTIALS, moto

        os.environ.update(CREDENTIALS)
        moto()  # every fork has it then
        items = {item.nodeid: item for item in session.items}
        for mutant in self._mutants:
            tests, takes = self._catalogue.tests_of(mutant, items, most_s=self._most_s)
            noticed = self._noticed(mutant, [items[test] for test in tests], takes * 2 + PATIENCE_S)
            self._tell(mutant, noticed)
        return True

    def _noticed(self, mutant: Mutant, items: list[pytest.Item], patience_s: float) -> str | None:
        """Return the first test that fails under *mutant* alone: those that fail here without it are left out."""
        while True:
            items = [item for item in items if self._sound.get(item.nodeid, True)]
            noticed = _tested(mutant, items, patience_s)
            if noticed is None or noticed == ENDLESS or self._sound.get(noticed):
                return noticed
            alone = [item for item in items if item.nodeid == noticed]
            self._sound[noticed] = _tested(None, alone, patience_s) is None


def _tested(mutant: Mutant | None, items: Sequence[pytest.Item], patience_s: float) -> str | None:
    """Return which of *items* fails under *mutant*, the first that does; without one, none may."""

    def first() -> str | None:
        with weakened(mutant) if mutant else nullcontext():
            for item, following in zip_longest(items, items[1:]):
                if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                    return item.nodeid
        return None

    return forked(first, patience_s)


def forked(act: Callable[[], str | None], patience_s: float | None) -> str | None:
    """Do *act* in a fork of this process, and return what it says; who takes longer than *patience_s* is ended."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        os.close(reading)
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            os.write(writing, (act() or "").encode()[:4000])
        os._exit(0)
    os.close(writing)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, patience_s or 0)
    with os.fdopen(reading, errors="replace") as told:
        said = told.read()
    _, status = os.waitpid(pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return said or (ENDLESS if os.WIFSIGNALED(status) else None)

"""pytest plugins: which tests reach which mutants, and whether any of them notices one.

Every mutant runs in a fork of the process that has collected the tests: what a test leaves behind is gone with it.
"""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, redirect_stderr, redirect_stdout
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
        self._sound: set[str] = set()  # tests that do not fail by themselves

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from tests.integration.conftest import CREDENTIALS, moto

        os.environ.update(CREDENTIALS)
        moto()  # every fork has it then
        items = {item.nodeid: item for item in session.items}
        for mutant in self._mutants:
            tests, takes = self._catalogue.tests_of(mutant, items, most_s=self._most_s)
            noticed = _forked(mutant, [items[test] for test in tests], takes * 2 + PATIENCE_S)
            if noticed and noticed not in self._sound | {ENDLESS}:
                assert _forked(None, [items[noticed]], PATIENCE_S * 5) is None, f"{noticed} fails without a mutant"
                self._sound.add(noticed)
            self._tell(mutant, noticed, len(tests))
        return True


def _forked(mutant: Mutant | None, items: Sequence[pytest.Item], patience_s: float) -> str | None:
    """Return which of *items* fails under *mutant*, the first that does; without one, none may."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        os.close(reading)
        _try(mutant, items, writing)
    os.close(writing)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, patience_s)
    with os.fdopen(reading) as told:
        said = told.read()
    _, status = os.waitpid(pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return said or (ENDLESS if os.WIFSIGNALED(status) else None)


def _try(mutant: Mutant | None, items: Sequence[pytest.Item], writing: int) -> None:
    """In the fork: say which test fails, and be gone."""
    with weakened(mutant) if mutant else nullcontext(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for n, item in enumerate(items):
            following = items[n + 1] if n + 1 < len(items) else None
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                os.write(writing, item.nodeid.encode())
                break
    sys.stdout.flush()
    os._exit(0)

"""Every condition as it is made: seen, or weakened, at the one place that all stores share (`store.table`).

A site is where a condition is written down: module, function and line. Nothing in a file is changed.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from lumbung.domain.errors import Stale
from lumbung.store import table
from lumbung.store.table import Check, Database, Delete, Put, Update
from tests.mutants.expressions import ALL, as_written, values_of, weakenings

WRITES: tuple[Any, ...] = (Put, Update, Delete, Check)
WHEN, OTHERWISE, WHERE, ONLY = "when", "otherwise", "where", "only"
STALE = "read as a change by somebody else"
_NOT_THERE = (table.__name__, "dataclasses", __name__)
Look = Callable[["Site", str], str | None]


@dataclass(frozen=True, order=True)
class Site:
    """*role*: what is written there: a write's `when`, its refusal (`otherwise`), a query's `where` or `only`."""

    module: str
    function: str
    line: int
    role: str


@dataclass(frozen=True, order=True)
class Mutant:
    site: Site
    how: str

    def is_at(self, site: Site) -> bool:
        """Say whether this is *site*'s; a mutant without a line is its whole function's."""
        return replace(site, line=self.site.line and site.line) == self.site

    @property
    def name(self) -> str:
        place = f"{self.site.module.removeprefix('lumbung.')}.{self.site.function}"
        return f"{place} | {self.site.role} | {self.how}"


def mutants_of(site: Site, text: str) -> Iterator[Mutant]:
    """Yield how *text* at *site* can be weakened. A query keeps the key of its partition: no query can do without."""
    if site.role == OTHERWISE:
        yield Mutant(site, STALE)
        return
    partition = text.split(" AND ")[0]
    kept = {ALL, f"without {text}", f"without {partition}"} if site.role == WHERE else set()
    for weakening in weakenings(text):
        if weakening.how not in kept:
            yield Mutant(site, as_written(weakening.how))


@contextmanager
def watched(seen: Callable[[Mutant], None]) -> Iterator[None]:
    """Tell *seen* of each way in which a condition that is made while the block runs could be weaker."""

    def look(site: Site, text: str) -> str | None:
        for mutant in mutants_of(site, text):
            seen(mutant)
        return text

    with _in_place(look, None):
        yield


@contextmanager
def weakened(mutant: Mutant) -> Iterator[None]:
    """Let every condition that is made at the mutant's site be weaker while the block runs."""

    def look(site: Site, text: str) -> str | None:
        if not mutant.is_at(site):
            return text
        return next((w.to for w in weakenings(text) if as_written(w.how) == mutant.how), text)

    with _in_place(look, mutant if mutant.how == STALE else None):
        yield


@contextmanager
def careless() -> Iterator[None]:
    """Let no write have a condition while the block runs; queries are left alone."""
    with _in_place(lambda site, text: None if site.role == WHEN else text, None):
        yield


@contextmanager
def _in_place(look: Look, refusal: Mutant | None) -> Iterator[None]:
    before = [(kind, kind.__init__) for kind in WRITES]
    query_page = Database.query_page
    for kind, init in before:
        kind.__init__ = _write(init, look, refusal)
    Database.query_page = _query(query_page, look)  # type: ignore[method-assign]  # put back below
    try:
        yield
    finally:
        Database.query_page = query_page  # type: ignore[method-assign]  # as it was
        for kind, init in before:
            kind.__init__ = init


def _write(init: Any, look: Look, refusal: Mutant | None) -> Any:
    def made(self: Any, *args: Any, **more: Any) -> None:
        init(self, *args, **more)
        if (when := self.when) is None:
            return
        place = _place()
        weaker = look(Site(*place, WHEN), when)
        if weaker != when:
            used = values_of(weaker, getattr(self, "change", None))
            object.__setattr__(self, "when", weaker)
            object.__setattr__(self, "values", {name: v for name, v in self.values.items() if name in used})
        if not isinstance(self.otherwise, Stale):
            look(site := Site(*place, OTHERWISE), when)
            if refusal and refusal.is_at(site):
                object.__setattr__(self, "otherwise", Stale())

    return made


def _query(query_page: Any, look: Look) -> Any:
    def asked(
        self: Any, name: str, where: str, values: Mapping[str, Any], *, only: str | None = None, **more: Any
    ) -> Any:
        place = _place()
        weaker = look(Site(*place, WHERE), where)
        rest = look(Site(*place, ONLY), only) if only else None
        if (weaker, rest) != (where, only):
            used = values_of(weaker, rest)
            values = {name: v for name, v in values.items() if name in used}
        return query_page(self, name, weaker, values, only=rest, **more)

    return asked


def _place() -> tuple[str, str, int]:
    """Return the module, function and line that asked, outside of what only passes it on."""
    frame: FrameType | None = sys._getframe(2)
    while frame and (frame.f_globals["__name__"] in _NOT_THERE or frame.f_code.co_name == "<genexpr>"):
        frame = frame.f_back
    assert frame
    return frame.f_globals["__name__"], frame.f_code.co_qualname, frame.f_lineno

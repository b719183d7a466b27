"""Start a sync run: one at a time per source."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog.ports import Queue, Syncs
from lumbung.domain.errors import InvalidState
from lumbung.domain.sync import Run


def start_sync(
    source: str, *, run_id: str, at: datetime, by: str, syncs: Syncs, queue: Queue, first: Sequence[Any] = ()
) -> Run:
    """Return the run that was started. InvalidState while another one of the source is running.

    *first* are writes that go before (the record of the request's key). A run that died unnoticed is failed
    and replaced.
    """
    run = Run(run_id, source, started_at=at, started_by=by, moved_at=at)
    before = _run_of(source, syncs)
    if before and before.id == run_id:  # started before, by an event that came twice: its message may be lost
        queue.send(run=run_id)
        return before
    dead = before if before and before.is_dead(at) else None
    if before and not dead:
        raise InvalidState(f"Sumber {source} sedang disinkronkan oleh {before.id}.")
    syncs.write(*first, syncs.add(run), syncs.occupy(run, instead_of=dead.id if dead else None))
    if dead:
        syncs.commit(dead.fail("Terhenti tanpa kabar.", at=at))
    queue.send(run=run.id)
    return run


def _run_of(source: str, syncs: Syncs) -> Run | None:
    """Return the run that has the source to itself, if there is one."""
    known = syncs.source(source)
    return syncs.get(known.running) if known and known.running else None

"""Start a sync run: one at a time per source. A file that was put in the bucket waits for its turn."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from catalog.ports import Queue, Syncs
from lumbung.domain.errors import InvalidState, Stale
from lumbung.domain.feed import StoredFile
from lumbung.domain.sync import Run

LOOK_AGAIN_S = 60  # how long a file waits before it asks again whether its source is free


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
    dead = _dead(before, at)
    syncs.write(*first, syncs.add(run), syncs.occupy(run, instead_of=dead.id if dead else None))
    _bury(dead, at=at, syncs=syncs)
    queue.send(run=run.id)
    return run


def line_up(file: StoredFile, *, source: str, run_id: str, at: datetime, syncs: Syncs, queue: Queue) -> None:
    """Let a run of *file* wait for its turn; told twice, it is one run. *at*: when the file was put there."""
    run = Run(run_id, source, started_at=at, started_by="file", moved_at=at, status="waiting", file=file)
    with suppress(Stale):  # told before: its message may be lost
        syncs.write(syncs.add(run))
    queue.send(run=run.id)


def take_turn(run: Run, *, at: datetime, syncs: Syncs, queue: Queue) -> Run:
    """Begin the file that has waited longest for *run*'s source; return *run*, waiting on or begun.

    Files of one source are read in the order in which they came: an older list never overwrites a newer one.
    Stale when somebody else moved it meanwhile.
    """
    oldest = next(iter(syncs.waiting(run.source, limit=1)), run)
    begun = oldest.begin(at)
    try:
        dead = _dead(_run_of(run.source, syncs), at)
        begun = syncs.commit(begun, syncs.occupy(begun, instead_of=dead.id if dead else None))
    except InvalidState:
        queue.send(run=run.id, delay_s=LOOK_AGAIN_S)
        return run
    _bury(dead, at=at, syncs=syncs)
    if begun.id == run.id:
        return begun
    queue.send(run=begun.id)
    queue.send(run=run.id, delay_s=LOOK_AGAIN_S)
    return run


def _run_of(source: str, syncs: Syncs) -> Run | None:
    """Return the run that has the source to itself, if there is one."""
    known = syncs.source(source)
    return syncs.get(known.running) if known and known.running else None


def _dead(before: Run | None, at: datetime) -> Run | None:
    """Return the run *before* if it will never move again, None if there is none; InvalidState while it may."""
    if before and not before.is_dead(at):
        raise InvalidState(f"Sumber {before.source} sedang disinkronkan oleh {before.id}.")
    return before


def _bury(dead: Run | None, *, at: datetime, syncs: Syncs) -> None:
    if dead:
        syncs.commit(dead.fail("Terhenti tanpa kabar.", at=at))

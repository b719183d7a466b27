"""Release a held run, or reject it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog.ports import Queue, Syncs
from lumbung.domain.sync import Run


def approve_sync(run: Run, *, approve: bool, at: datetime, syncs: Syncs, queue: Queue, first: Sequence[Any]) -> Run:
    """Return the run, going on or failed. InvalidState when it is not held, or its source moved on since.

    *first* are writes that go before (the record of the request's key).
    """
    if not approve:
        return syncs.commit(run.reject(at=at), first=first)
    run = syncs.commit(run.approve().moving(at), syncs.resume(run), first=first)
    queue.send(run=run.id)
    return run

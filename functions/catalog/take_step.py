"""Move a sync run on: the next page, the next shelf, the next rows that were approved."""

from collections.abc import Callable
from datetime import datetime

from catalog.finish_sync import release_rows, weigh_shelf, withdraw_shelf
from catalog.ports import Feed, Products, Queue, Syncs
from catalog.read_page import read_page
from catalog.start_sync import take_turn
from lumbung.domain.errors import ProviderUnavailable, Stale
from lumbung.domain.feed import NotChanged, SourceBusy, SourceRefuses
from lumbung.domain.sync import READING, RELEASING, WEIGHING, Run

STEPS = 2_000  # in one invocation, while it has time: a million rows
WAITS_S = (15, 60, 300, 900)  # before a source that does not answer is asked again; longer if it asks for that
LONGEST_WAIT_S = 900  # a queue holds a message back no longer


def take_steps(
    run_id: str,
    *,
    attempt: int,
    feed: Callable[[Run], Feed],
    products: Products,
    syncs: Syncs,
    queue: Queue,
    product_ids: Callable[[Run], Callable[[str], str]],
    now: Callable[[], datetime],
    has_time: Callable[[], bool] = lambda: True,
) -> Run:
    """Return the run after as many steps as there is time for. If it is not over, a message to go on has been sent."""
    run = syncs.get(run_id)
    for _ in range(STEPS):
        if run.status == "waiting":
            run = _turn(run, syncs=syncs, queue=queue, now=now())
        if run.status != "running":
            return run
        if not has_time():
            break
        try:
            run = _step(run.moving(now()), feed=feed, products=products, syncs=syncs, product_ids=product_ids)
            attempt = 0
        except Stale:  # another message moved it, or somebody edited a product: look again
            run = syncs.get(run_id)
        except ProviderUnavailable as silent:
            return _later(run, silent, attempt=attempt, syncs=syncs, queue=queue, now=now())
        except NotChanged as same:
            run = _commit_end(run.unchanged(same.tag), syncs=syncs)
        except SourceRefuses as refused:
            return _give_up(run, refused.detail, syncs=syncs, now=now())
    if run.status == "running":
        queue.send(run=run.id)
    return run


def _turn(run: Run, *, syncs: Syncs, queue: Queue, now: datetime) -> Run:
    try:
        return take_turn(run, at=now, syncs=syncs, queue=queue)
    except Stale:  # another message began one of the files
        queue.send(run=run.id)
        return run


def _step(
    run: Run,
    *,
    feed: Callable[[Run], Feed],
    products: Products,
    syncs: Syncs,
    product_ids: Callable[[Run], Callable[[str], str]],
) -> Run:
    if run.phase == READING:
        return read_page(run, feed=feed(run), products=products, syncs=syncs, product_id=product_ids(run))
    if run.phase == WEIGHING:
        return weigh_shelf(run, products=products, syncs=syncs)
    if run.phase == RELEASING:
        return release_rows(run, products=products, syncs=syncs, product_id=product_ids(run))
    return withdraw_shelf(run, products=products, syncs=syncs)


def _later(run: Run, silent: ProviderUnavailable, *, attempt: int, syncs: Syncs, queue: Queue, now: datetime) -> Run:
    if attempt >= len(WAITS_S):
        return _give_up(run, silent.detail, syncs=syncs, now=now)
    asked = silent.wait_s if isinstance(silent, SourceBusy) else None
    queue.send(run=run.id, attempt=attempt + 1, delay_s=min(max(asked or 0, WAITS_S[attempt]), LONGEST_WAIT_S))
    return run


def _give_up(run: Run, reason: str, *, syncs: Syncs, now: datetime) -> Run:
    return _commit_end(run.fail(reason, at=now), syncs=syncs)


def _commit_end(run: Run, *, syncs: Syncs) -> Run:
    return syncs.commit(run, *syncs.leave(run))

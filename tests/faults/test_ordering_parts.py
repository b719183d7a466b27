"""A step of closing is owed by every drop-off, in groups: none is lost, none is counted twice."""

import pytest

from lumbung.domain.errors import Stale
from lumbung.runtime import deps
from lumbung.store.closing import Run
from tests.faults.ordering_world import World

DROPOFFS = [f"drp_{n:03d}" for n in range(250)]  # three groups


def begun() -> Run:
    deps.waves().commit(*deps.closings().start("wav_1", "aggregate", DROPOFFS))
    return now()


def now() -> Run:
    run = deps.closings().find("wav_1")
    assert run is not None
    return run


def take(run: Run, dropoff_id: str) -> Run:
    deps.closings().finish_part(run, dropoff_id, {"packs": {}})
    return deps.closings().tick_off(run, dropoff_id)


def test_a_step_is_owed_until_the_last_drop_off_has_taken_it(world: World) -> None:
    run = begun()
    assert deps.closings().pending(run) == set(DROPOFFS)

    owing = [bool(take(run, dropoff_id).owing) for dropoff_id in DROPOFFS]

    assert owing == [True] * 249 + [False]
    assert len(list(deps.closings().parts("wav_1", "aggregate"))) == 250


def test_a_part_is_finished_once(world: World) -> None:
    run = begun()
    take(run, DROPOFFS[7])

    with pytest.raises(Stale):
        deps.closings().finish_part(run, DROPOFFS[7], {"packs": {}})

    assert not deps.closings().owes(now(), DROPOFFS[7])
    assert len(deps.closings().pending(now())) == 249


def test_no_step_begins_while_a_drop_off_owes_the_one_before(world: World) -> None:
    run = begun()
    for dropoff_id in DROPOFFS[1:]:
        run = take(run, dropoff_id)

    with pytest.raises(Stale):
        deps.closings().advance(run, "supply")


def test_a_group_that_a_crash_left_ticked_by_nobody_is_ticked_off_later(world: World) -> None:
    run = begun()
    for dropoff_id in DROPOFFS:
        deps.closings().finish_part(run, dropoff_id, {"packs": {}})
    assert len(now().owing) == 3

    assert not deps.closings().tick_off(now()).owing


def test_a_part_of_a_run_that_was_turned_to_calling_off_comes_too_late(world: World) -> None:
    run = begun()
    late, other = DROPOFFS[:2]
    deps.closings().finish_part(run, other, {"packs": {}})
    deps.waves().commit(*deps.closings().cancel("wav_1", DROPOFFS))

    with pytest.raises(Stale):
        deps.closings().finish_part(run, late, {"packs": {}})

    assert deps.closings().tick_off(run, other).step == "cancel"
    assert deps.closings().pending(now()) == set(DROPOFFS)

"""A cooperative's truck leaves, and is seen to arrive."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from dispatch.ports import Consignments, Decide, Remember, Waves, Write
from lumbung.domain.consignment import Consignment, Departure
from lumbung.domain.once import Once


def depart(
    consignment_id: str, departure: Departure, *, at: datetime, once: Once, remember: Remember, decide: Decide,
    consignments: Consignments, waves: Waves,
) -> Consignment:  # fmt: skip
    """Set the consignment on its way; the first of a wave moves the wave on. InvalidState, AlreadyDone."""
    change = partial(Consignment.depart, departure=departure, at=at)
    return _move(consignment_id, change, once, remember, decide, consignments, waves)


def arrive(
    consignment_id: str, *, at: datetime, once: Once, remember: Remember, decide: Decide, consignments: Consignments,
    waves: Waves,
) -> Consignment:  # fmt: skip
    """Note that its truck is at the drop-off, and is to be unloaded. InvalidState, AlreadyDone."""
    return _move(consignment_id, partial(Consignment.arrive, at=at), once, remember, decide, consignments, waves)


def delivering(wave_id: str, waves: Waves) -> list[Write]:
    """Return the write by which the wave is delivering; none when it is already. InvalidState before allocation."""
    wave = waves.get(wave_id)
    return [] if wave.status in ("delivering", "completed") else [waves.save(wave.deliver())]


def _move(
    consignment_id: str, change: Callable[[Consignment], Consignment], once: Once, remember: Remember, decide: Decide,
    consignments: Consignments, waves: Waves,
) -> Consignment:  # fmt: skip
    def step() -> tuple[Consignment, Sequence[Write]]:
        after = change(consignments.get(consignment_id))
        writes = [remember(once, consignment_id), consignments.save(after)]
        return after, writes + delivering(after.wave_id, waves)

    return decide(step, once)

"""The programme office closes a wave before its time: from then on the clock does what it does with every wave."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lumbung.domain.once import Once
from lumbung.domain.wave import Wave
from ordering.ports import Decide, Memory, Shards, Waves, Write


def close_early(
    wave_id: str, *, at: datetime, grace: timedelta, once: Once, remember: Memory, decide: Decide,
    waves: Waves, shards: Shards,
) -> Wave:  # fmt: skip
    """Return the wave closed at *at*; InvalidState when it is closed already, AlreadyDone.

    The gates come first, so that no order is taken after *at*. If somebody extended the wave meanwhile, it is
    closed again, as extended.
    """

    def step() -> tuple[Wave, Sequence[Write]]:
        wave = waves.get(wave_id)
        closed = wave.close_at(at)
        waves.move_gates(shards.close_gates(wave, closed.closes_at))
        return closed, [remember(once, wave_id), waves.save(closed, look_at=closed.freezes_at(grace))]

    return decide(step, once)

"""A wave is called off, by the programme office or by a rule: everybody is refunded.

The wave is changed first, in one transaction with the run that calls its orders off: its version decides against
a departure, a freeze, an extension. Its gates follow at once, then the queue's worker takes over. What a crash
leaves undone, the clock finds: see `CallOff.resume`.
"""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.once import Once
from lumbung.domain.wave import Wave
from ordering.closing_ports import Closings
from ordering.ports import Decide, Memory, Messages, Shards, Waves, Write


def cancel_wave(
    wave_id: str, reason: str, *, by: str, at: datetime, once: Once | None = None, remember: Memory, decide: Decide,
    waves: Waves, shards: Shards, closings: Closings, queue: Messages,
) -> Wave:  # fmt: skip
    """Return the cancelled wave; InvalidState from its first departure on, AlreadyDone."""

    def step() -> tuple[Wave, Sequence[Write]]:
        wave = waves.get(wave_id)
        after = wave.cancel(reason, at=at, by=by)
        first = [remember(once, wave_id)] if once else []
        if not after.is_public:
            return after, [*first, waves.save(after)]
        run = closings.cancel(wave_id, wave.dropoff_ids)
        return after, [*first, waves.save(after, look_at=at), *run]

    cancelled = decide(step, once)
    if cancelled.is_public:
        waves.move_gates(shards.shut_gates(cancelled))
        queue.send(step="resume", wave=wave_id)
    return cancelled

"""A wave is over: nothing about its orders can change any more, and its drop-offs are asked what they sold.

The freeze begins only when nothing that began in time can still be under way. The wave's version decides against
an extension or a cancellation at the same moment; then every shard's gate is shut, before anything is counted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lumbung.domain.errors import Stale
from ordering.closing_ports import Closings
from ordering.ports import Messages, Shards, Waves


def freeze_wave(
    wave_id: str, *, now: datetime, grace: timedelta, waves: Waves, shards: Shards, closings: Closings, queue: Messages
) -> bool:
    """Freeze the wave and send its drop-offs to be aggregated; False when it is not time yet, or was done."""
    wave = waves.get(wave_id)
    if wave.status != "published" or now < wave.freezes_at(grace):
        return False
    begin = closings.start(wave.id, "aggregate", wave.dropoff_ids)
    try:
        # still found by the clock, until it is allocated: see `Closing.resume`
        waves.commit(waves.save(wave.freeze(), look_at=wave.freezes_at(grace)), *begin)
    except Stale:
        return False  # extended or cancelled in the meantime
    waves.move_gates(shards.shut_gates(wave))
    send_parts("aggregate", wave_id, wave.dropoff_ids, queue)
    return True


def send_parts(step: str, wave_id: str, dropoff_ids: Iterable[str], queue: Messages, *, delay_s: int = 0) -> None:
    for dropoff_id in sorted(dropoff_ids):
        queue.send(delay_s=delay_s, step=step, wave=wave_id, dropoff=dropoff_id)

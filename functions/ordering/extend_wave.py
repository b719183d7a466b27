"""The programme office lets a wave close later."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lumbung.domain.extension import Extension, extend
from lumbung.domain.once import Once
from lumbung.domain.wave import Wave
from ordering.ports import Decide, Memory, Shards, Waves, Write


def extend_wave(
    wave_id: str, wish: Extension, *, at: datetime, grace: timedelta, once: Once, remember: Memory, decide: Decide,
    waves: Waves, shards: Shards,
) -> Wave:  # fmt: skip
    """Return the wave with its new times, and let it freeze later as well; Invalid, InvalidState, AlreadyDone.

    The gates come first: they refuse where somebody closes the wave at the same time. A gate that a crash leaves
    open for too long does no harm, since the wave itself refuses first; so the step may be repeated.
    """

    def step() -> tuple[Wave, Sequence[Write]]:
        wave = waves.get(wave_id)
        after = extend(wave, wish, at=at, ordered_g=_ordered_g(wave, at, shards))
        waves.move_gates(shards.extend_gates(wave, after.closes_at))
        return after, [remember(once, wave_id), waves.save(after, look_at=after.freezes_at(grace))]

    return decide(step, once)


def _ordered_g(wave: Wave, at: datetime, shards: Shards) -> int:
    """Return the grams that were ordered, where that decides: of a closed wave that had a minimum to reach."""
    if wave.minimum_weight_g is None or wave.state(at) != "closed":
        return 0
    return wave.weight_of({offer.id: shards.sold(offer) for offer in wave.offers})

"""A cooperative's truck leaves."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.ports import Consignments, Decide, Remember, Waves, Write
from lumbung.domain.consignment import Consignment
from lumbung.domain.once import Once


def depart(
    consignment_id: str, *, vehicle: str | None, lot: str | None, at: datetime, once: Once,
    remember: Remember, decide: Decide, consignments: Consignments, waves: Waves,
) -> Consignment:  # fmt: skip
    """Set the consignment on its way; the first of a wave moves the wave on. InvalidState, AlreadyDone."""

    def step() -> tuple[Consignment, Sequence[Write]]:
        after = consignments.get(consignment_id).depart(vehicle=vehicle, lot=lot, at=at)
        writes = [remember(once, consignment_id), consignments.save(after)]
        return after, writes + delivering(after.wave_id, waves)

    return decide(step, once)


def delivering(wave_id: str, waves: Waves) -> list[Write]:
    """Return the write by which the wave is delivering; none when it is already. InvalidState before allocation."""
    wave = waves.get(wave_id)
    return [] if wave.status in ("delivering", "completed") else [waves.save(wave.deliver())]

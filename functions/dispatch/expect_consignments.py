"""Once a drop-off is allocated, it expects one consignment from each cooperative."""

from collections.abc import Mapping

from dispatch.ports import Consignments, Waves
from lumbung.domain.consignment import consignments_for


def expect_consignments(
    wave_id: str, dropoff_id: str, packs: Mapping[str, int], *, waves: Waves, consignments: Consignments
) -> int:
    """Write the consignments for *packs* (by offer) and return how many are new; a repeat writes none.

    Nor are any expected of a wave that was cancelled since.
    """
    wave = waves.get(wave_id)
    if wave.status == "cancelled":
        return 0
    expected = consignments_for(wave, dropoff_id, packs)
    return sum(consignments.expect(consignment) for consignment in expected)

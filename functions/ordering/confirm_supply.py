"""A cooperative says how many packs it will really bring."""

from collections import Counter
from collections.abc import Sequence

from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.once import Once
from lumbung.domain.wave import Wave
from ordering.closing_ports import Closings
from ordering.ports import Memory, Messages
from ordering.share_out import cooperatives_asked, total


def confirm_supply(
    wave: Wave, cooperative_ids: Sequence[str], lines: Sequence[tuple[str, int]], *,
    once: Once, remember: Memory, closings: Closings, queue: Messages,
) -> None:  # fmt: skip
    """Store what *cooperative_ids* (the caller's) will bring; the last one to confirm starts allocation.

    Every offer of theirs with demand must be named, so that nothing is left out by mistake. InvalidState
    before demand is known and after allocation has begun.
    """
    run = closings.find(wave.id)
    if run is None or run.step != "supply":
        raise InvalidState(f"Gelombang ini berstatus {wave.status}; pasokan belum atau tidak lagi dinanti.")
    demand = total(part["packs"] for part in closings.parts(wave.id, "aggregate"))
    theirs = {offer.id: offer.cooperative_id for offer in wave.offers if offer.cooperative_id in cooperative_ids}
    faults = [
        Fault(f"/lines/{n}/offer_id", "Bukan penawaran koperasi Anda, atau disebut dua kali.")
        for n, (offer_id, _) in enumerate(lines)
        if offer_id not in theirs or offer_id in [earlier for earlier, _ in lines[:n]]
    ]
    missing = [o for o in theirs if demand[o] and o not in {offer_id for offer_id, _ in lines}]
    faults += [Fault("/lines", f"Penawaran {offer_id} belum disebut.") for offer_id in missing]
    if faults:
        raise Invalid("Pasokan tidak lengkap.", faults)
    by_cooperative: dict[str, Counter[str]] = {}
    for offer_id, wanted in lines:
        by_cooperative.setdefault(theirs[offer_id], Counter())[offer_id] = wanted
    remembered = [remember(once, wave.id)]
    for cooperative_id, packs in sorted(by_cooperative.items()):
        closings.confirm_supply(run, cooperative_id, packs, *remembered)
        remembered = []
    if cooperatives_asked(wave, demand) <= closings.supplies(wave.id).keys():
        queue.send(step="allocate", wave=wave.id)

"""HTTP: anybody reads what a wave's purchases came to, as open contracting data."""

import os
from typing import Any

from lumbung.domain.correction import Correction
from lumbung.domain.errors import InvalidState, NotFound
from lumbung.domain.purchase_order import Place
from lumbung.runtime import deps
from lumbung.runtime.http import Api, Call
from ordering.ocds_release import called_off, package, release

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
ALLOCATED = ("allocated", "delivering", "completed")


@routes.get("/v1/feeds/ocds/waves/{wave_id}", returns=dict, cache_s=60, refuses=(409,))
def get_releases(call: Call, wave_id: str) -> dict[str, Any]:
    """Return the release of an allocated wave's purchases, and one for each change since, oldest first."""
    wave = deps.waves().get(wave_id)
    if not wave.is_public:
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    if not (wave.status in ALLOCATED or (wave.cancellation and wave.cancellation.was in ALLOCATED)):
        raise InvalidState("Gelombang ini belum selesai dibagikan.")
    heads = [head for id_ in sorted(wave.cooperative_ids) if (head := deps.purchase_orders().find(wave_id, id_))]
    places = [
        Place(part["dropoff"], part["name"], part["address"], part["packs"])
        for part in deps.closings().parts(wave_id, "apply")
    ]
    corrections = sorted(deps.corrections().of_wave(wave_id), key=lambda c: (c.at, c.id))

    def after(some: list[Correction]) -> dict[str, Any]:
        orders = [head.ordering(wave, places, some) for head in heads]
        at = some[-1].at if some else max(head.at for head in heads)
        return release(wave, orders, prefix=os.environ["OCDS_PREFIX"], revision=len(some), at=at)

    releases = [after(corrections[:n]) for n in range(len(corrections) + 1)]
    if wave.cancellation:
        releases.append(called_off(releases[-1], at=wave.cancellation.at))
    return package(releases)

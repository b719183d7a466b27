"""How many packs of an offer are left, for display: looked up at most every two seconds, never decided on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from lumbung.domain.wave import Offer, Wave
from lumbung.store.shards import Shards

SHOWN = timedelta(seconds=2)


class Remaining:
    def __init__(self, shards: Shards, now: Callable[[], datetime]) -> None:
        self._shards, self._now = shards, now
        self._shown: dict[str, tuple[datetime, int]] = {}

    def of(self, wave: Wave) -> dict[str, int | None]:
        """Return the packs left by offer, at most two seconds old; None where there is no quota."""
        if wave.status == "draft":
            return {offer.id: offer.quota for offer in wave.offers}
        return {offer.id: None if offer.quota is None else self._left(offer) for offer in wave.offers}

    def _left(self, offer: Offer) -> int:
        at, left = self._shown.get(offer.id, (None, 0))
        if at is None or self._now() - at >= SHOWN:
            left = sum(self._shards.look(offer).values())
            self._shown[offer.id] = (self._now(), left)
        return left

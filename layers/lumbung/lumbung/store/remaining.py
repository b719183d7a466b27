"""How much of an offer is left, and of a wave ordered, for display: at most two seconds old, never decided on."""

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
        return {offer.id: None if offer.quota is None else self._seen(offer) for offer in wave.offers}

    def ordered_weight_g(self, wave: Wave) -> int | None:
        """Return the grams that live orders ask for, paid or not; None for a wave that has no minimum to reach."""
        if wave.minimum_weight_g is None or wave.status == "draft":
            return None
        return wave.weight_of({offer.id: self._sold(offer) for offer in wave.offers})

    def _sold(self, offer: Offer) -> int:
        seen = self._seen(offer)
        return seen if offer.quota is None else offer.quota - seen

    def _seen(self, offer: Offer) -> int:
        """Return what is left of the quota; of an offer without one, what was sold."""
        at, seen = self._shown.get(offer.id, (None, 0))
        if at is None or self._now() - at >= SHOWN:
            seen = self._shards.sold(offer) if offer.quota is None else sum(self._shards.look(offer).values())
            self._shown[offer.id] = (self._now(), seen)
        return seen

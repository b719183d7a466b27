"""What members order from a published wave, held against what the catalogue says of the same goods by now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lumbung.domain.product import Product
from lumbung.domain.wave import Offer, Wave
from ordering.publish_wave import as_it_is_now

FROZEN = ("name", "cooperative_id", "weight_g", "price")


@dataclass(frozen=True, slots=True)
class Divergence:
    """The offer stays as it was published; the catalogue has moved on. `state` is of the pack."""

    offer: Offer
    field: str
    in_wave: Any
    in_catalog: Any


def divergences(wave: Wave, products: Mapping[str, Product]) -> Iterator[Divergence]:
    """Yield what differs; a price that was given for this wave is not the catalogue's, and differs from nothing."""
    for offer in wave.offers:
        now = as_it_is_now(offer, products.get(offer.product_id))
        if now is None:
            yield Divergence(offer, "state", "active", "withdrawn")
            continue
        for field in FROZEN:
            if (was := getattr(offer, field)) != (is_ := getattr(now, field)):
                yield Divergence(offer, field, was, is_)

"""The programme office publishes a wave: from then on the clock opens and closes it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.once import Once
from lumbung.domain.product import Product
from lumbung.domain.registry import Dropoff
from lumbung.domain.wave import Offer, Wave
from ordering.plan_wave import places
from ordering.ports import Memory, Shards, Waves


def publish_wave(
    draft: Wave, *, products: Mapping[str, Product], dropoffs: Mapping[str, Dropoff], at: datetime,
    freezes_at: datetime, once: Once, remember: Memory, waves: Waves, shards: Shards,
) -> Wave:  # fmt: skip
    """Freeze names, weights and prices into the offers, and lay out their quota.

    A wave whose opening has passed opens at once. Invalid, with everything that has come to forbid it since it
    was drafted: goods that were withdrawn, a drop-off without anybody in charge, a closing that has passed.
    """
    published = draft.publish()
    offers = [as_it_is_now(offer, products.get(offer.product_id)) for offer in draft.offers]
    faults = [*_gone(offers), *places(draft.dropoff_ids, dropoffs)]
    if draft.closes_at <= at:
        faults.append(Fault("/closes_at", "Penutupan sudah lewat."))
    if faults:
        raise Invalid("Gelombang ini tidak dapat diterbitkan seperti dirancang.", faults)
    published = replace(published, offers=tuple(offer for offer in offers if offer))
    layout = [write for offer in published.offers for write in shards.open(offer, published)]
    waves.lay_out(draft, layout)
    waves.commit(remember(once, draft.id), waves.save(published, look_at=freezes_at))
    return published


def _gone(offers: list[Offer | None]) -> Iterator[Fault]:
    for n, offer in enumerate(offers):
        if offer is None:
            yield Fault(f"/offers/{n}/product_id", "Produk atau kemasan ini sudah ditarik.")
        elif offer.price < 1:
            yield Fault(f"/offers/{n}/price", "Kemasan ini belum mempunyai harga.")


def as_it_is_now(offer: Offer, product: Product | None) -> Offer | None:
    """Return *offer* as its product is now, which is what members order; None where it can be had no more."""
    pack = next((p for p in product.packs if p.active and p.sku == offer.sku), None) if product else None
    if product is None or pack is None or not product.cooperative_id:
        return None
    return replace(
        offer,
        name=f"{product.name} {pack.weight_g / 1000:g} kg",
        cooperative_id=product.cooperative_id,
        weight_g=pack.weight_g,
        price=offer.price if offer.price_given else pack.price,
    )

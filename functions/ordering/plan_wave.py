"""The programme office prepares a wave and publishes it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lumbung.domain.allocation import POLICIES
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.ids import within
from lumbung.domain.once import Once
from lumbung.domain.product import Product
from lumbung.domain.registry import Dropoff
from lumbung.domain.wave import Offer, Wave, shards_for
from ordering.ports import Memory, Shards, Waves

TIME_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """What an operator asks to be offered; no price: the product's."""

    product_id: str
    sku: str
    quota: int | None
    max_per_member: int | None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What an operator asks for; every rule is checked here, and all faults are told at once."""

    name: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    payment_due_at: datetime
    delivery_date: date
    dropoff_ids: tuple[str, ...]
    offers: tuple[OfferPlan, ...]
    allocation_policy: str
    payment_window_s: int | None = None
    minimum_weight_g: int | None = None
    orders_per_member: int | None = 1
    eligible_institution_ids: frozenset[str] | None = None


def draft_wave(
    wave_id: str,
    plan: WavePlan,
    *,
    products: Mapping[str, Product],
    dropoffs: Mapping[str, Dropoff],
    version: int = 1,
) -> Wave:
    """Return the draft that *plan* describes; Invalid with every contradiction in it."""
    faults = [*_times(plan), *_places(plan, dropoffs), *_goods(plan, products)]
    if plan.allocation_policy not in POLICIES:
        faults.append(Fault("/allocation_policy", f"Pilihan: {', '.join(POLICIES)}."))
    if faults:
        raise Invalid("Rencana gelombang bertentangan.", faults)
    return Wave(
        id=wave_id,
        name=plan.name,
        time_zone=plan.time_zone,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        payment_due_at=plan.payment_due_at,
        delivery_date=plan.delivery_date,
        dropoff_ids=plan.dropoff_ids,
        offers=tuple(_offer(wave_id, offer, products[offer.product_id]) for offer in plan.offers),
        allocation_policy=plan.allocation_policy,
        payment_window_s=plan.payment_window_s,
        minimum_weight_g=plan.minimum_weight_g,
        orders_per_member=plan.orders_per_member,
        eligible_institution_ids=plan.eligible_institution_ids,
        version=version,
    )


def publish_wave(
    draft: Wave, *, products: Mapping[str, Product], once: Once, remember: Memory, waves: Waves, shards: Shards,
    freezes_at: datetime,
) -> Wave:  # fmt: skip
    """Freeze names, weights and prices into the offers, lay out their quota, and let the clock open the wave."""
    published = replace(draft.publish(), offers=tuple(_frozen(offer, products) for offer in draft.offers))
    layout = [write for offer in published.offers for write in shards.open(offer, published)]
    waves.lay_out(draft, layout)
    waves.commit(remember(once, draft.id), waves.save(published, freezes_at=freezes_at))
    return published


def _times(plan: WavePlan) -> Iterator[Fault]:
    if plan.time_zone not in TIME_ZONES:
        yield Fault("/time_zone", f"Pilihan: {', '.join(TIME_ZONES)}.")
    if plan.closes_at <= plan.opens_at:
        yield Fault("/closes_at", "Penutupan harus setelah pembukaan.")
    if plan.payment_due_at < plan.closes_at:
        yield Fault("/payment_due_at", "Batas bayar tidak boleh sebelum penutupan.")
    if plan.time_zone in TIME_ZONES:
        zone = ZoneInfo(plan.time_zone)
        if plan.delivery_date < plan.closes_at.astimezone(zone).date():
            yield Fault("/delivery_date", "Pengantaran tidak boleh sebelum penutupan.")


def _places(plan: WavePlan, dropoffs: Mapping[str, Dropoff]) -> Iterator[Fault]:
    for n, dropoff_id in enumerate(plan.dropoff_ids):
        if dropoff_id not in dropoffs:
            yield Fault(f"/dropoff_ids/{n}", "Titik ambil tidak dikenal.")
        elif not dropoffs[dropoff_id].pic_ids:
            yield Fault(f"/dropoff_ids/{n}", "Titik ambil ini belum mempunyai penanggung jawab.")
    if len(set(plan.dropoff_ids)) < len(plan.dropoff_ids):
        yield Fault("/dropoff_ids", "Titik ambil disebut dua kali.")


def _goods(plan: WavePlan, products: Mapping[str, Product]) -> Iterator[Fault]:
    seen = Counter((offer.product_id, offer.sku) for offer in plan.offers)
    for n, offer in enumerate(plan.offers):
        product = products.get(offer.product_id)
        if product is None or product.state != "active":
            yield Fault(f"/offers/{n}/product_id", "Produk tidak dikenal atau sudah ditarik.")
            continue
        if product.cooperative_id is None:
            yield Fault(f"/offers/{n}/product_id", "Produk ini belum mempunyai koperasi.")
        if offer.sku not in {pack.sku for pack in product.packs if pack.active}:
            yield Fault(f"/offers/{n}/sku", "Kemasan tidak ada pada produk ini.")
        if seen[offer.product_id, offer.sku] > 1:
            yield Fault(f"/offers/{n}", "Penawaran disebut dua kali.")


def _offer(wave_id: str, plan: OfferPlan, product: Product) -> Offer:
    pack = next(pack for pack in product.packs if pack.sku == plan.sku)
    return Offer(
        id=within(wave_id, "off_", plan.product_id, plan.sku),
        product_id=product.id,
        sku=plan.sku,
        name=f"{product.name} {pack.weight_g / 1000:g} kg",
        cooperative_id=product.cooperative_id or "",
        weight_g=pack.weight_g,
        price=pack.price if plan.price is None else plan.price,
        quota=plan.quota,
        max_per_member=plan.max_per_member,
        shards=shards_for(plan.quota),
        price_given=plan.price is not None,
    )


def _frozen(offer: Offer, products: Mapping[str, Product]) -> Offer:
    """Return *offer* as its product is now: what it says from here on is what members order."""
    product = products.get(offer.product_id)
    pack = next((p for p in product.packs if p.active and p.sku == offer.sku), None) if product else None
    if product is None or pack is None or product.state != "active" or not product.cooperative_id:
        raise Invalid("Produk sudah tidak dapat ditawarkan.", [Fault("/offers", f"{offer.name} sudah ditarik.")])
    return replace(
        offer,
        name=f"{product.name} {pack.weight_g / 1000:g} kg",
        cooperative_id=product.cooperative_id,
        weight_g=pack.weight_g,
        price=offer.price if offer.price_given else pack.price,
    )
